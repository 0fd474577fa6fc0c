import { type Evaluation, type Evaluator, judgeAliasOf } from "../../evaluators/index.ts";

/** An evaluation that has ended. */
export interface EvaluationRecord extends Pick<Evaluation, "evaluator" | "outcome" | "costUsd" | "latencyMs"> {
  /** Whether it held a reply back, watched, or was asked for at `/v1/evaluations`. */
  readonly mode: "hold" | "window" | "observe" | "request";
  /** The alias of its judge; undefined for one that is code. */
  readonly judge: string | undefined;
}

/** What is counted of an evaluation. */
export function recordOfEvaluation(
  evaluated: Evaluator,
  { evaluator, outcome, costUsd, latencyMs }: Evaluation,
  mode: EvaluationRecord["mode"],
): EvaluationRecord {
  return { evaluator, outcome, costUsd, latencyMs, mode, judge: judgeAliasOf(evaluated) };
}
