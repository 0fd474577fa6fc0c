import type { Finding } from "../guardrails/decide.ts";
import type { Exchange } from "./exchange.ts";

/** What was found in the request and in the last answer. */
export function findingsOf({ inputExamination, examination }: Exchange): readonly Finding[] {
  return [...(inputExamination?.findings ?? []), ...(examination?.findings ?? [])];
}

/** The evaluator that the verdict comes from. */
export function decidingEvaluator({ inputExamination, examination }: Exchange): string | undefined {
  return (examination?.decidedBy ?? inputExamination?.decidedBy)?.evaluation.evaluator;
}

/** The evaluators that were failed and only mark the answer. */
export function flaggedIn(exchange: Exchange): string[] {
  return findingsOf(exchange)
    .filter(({ effect }) => effect === "flag")
    .map(({ evaluation }) => evaluation.evaluator);
}
