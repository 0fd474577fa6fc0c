import { ROOT_CONTEXT } from "@opentelemetry/api";
import { EvaluatorError } from "../../evaluators/index.ts";
import type { Guardrail } from "./guardrail.ts";

/** Says little, and something of every kind that evaluators look at. */
const sample = {
  input: "When does the order 12 of 3 May arrive?",
  output: "The order 12 arrives on 5 May at 10:00.",
  context: ["The order 12 arrives on 5 May at 10:00."],
};

/** Runs each evaluator that is code once, unrecorded, so that the first request does not wait while patterns are compiled. */
export async function warmUp(guardrails: readonly Guardrail[]): Promise<void> {
  const evaluators = new Set(guardrails.map(({ evaluator }) => evaluator));
  for (const evaluator of evaluators) {
    if (evaluator.options.engine === "local") await evaluator.examine(sample, tools).catch(() => {});
  }
}

const tools = {
  get judge(): never {
    throw new EvaluatorError("judge_failed", "Nobody is asked before the first request.");
  },
  signal: new AbortController().signal,
  parent: ROOT_CONTEXT,
};
