import type { Evaluation } from "../../evaluators/index.ts";
import { recordOfEvaluation } from "../metrics/evaluation-record.ts";
import type { Runtime } from "../runtime.ts";

/** Counts evaluations that a request asked for by name. */
export function countEvaluations({ evaluators, metrics }: Runtime, evaluations: readonly Evaluation[]): void {
  for (const evaluation of evaluations) {
    metrics.evaluationEnded(recordOfEvaluation(evaluators.get(evaluation.evaluator), evaluation, "request"));
  }
}
