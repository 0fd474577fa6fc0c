import { ROOT_CONTEXT } from "@opentelemetry/api";
import type { EvaluateBatchOptions, Evaluator } from "../evaluators/index.ts";
import { openSpan } from "../tracing/index.ts";
import type { EvaluateJob } from "./evaluate-job.ts";

/**
 * A trace for every row where judges are asked, or where --trace says so. Code alone is not traced by itself: a million rows
 * would fill the store with what the result file says anyway.
 */
export function rowPlaces(
  { options, setup }: EvaluateJob,
  evaluators: readonly Evaluator[],
): EvaluateBatchOptions["place"] {
  const asksJudge = evaluators.some(({ options: { engine } }) => engine !== "local");
  if (!options.trace && !asksJudge) return undefined;
  const { tracer, maxValueBytes } = setup.tracing;
  return () => {
    const root = openSpan(tracer, "evaluate row", { kind: "CHAIN", parent: ROOT_CONTEXT }, maxValueBytes);
    return {
      tracing: { tracer, parent: root.context, mode: "batch", maxValueBytes },
      traceId: root.span.spanContext().traceId,
      close: () => root.end(),
    };
  };
}
