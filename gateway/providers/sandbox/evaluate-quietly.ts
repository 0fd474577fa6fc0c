import { ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import { evaluate, type Evaluation, type Sample } from "../../../evaluators/index.ts";

/** Runs a local evaluator without a span: what the sandbox does inside is no evaluation of the exchange. */
export function evaluateQuietly(evaluator: string, sample: Sample): Promise<Evaluation> {
  return evaluate(evaluator, sample, {
    tracing: { tracer: trace.getTracer("sandbox"), parent: suppressTracing(ROOT_CONTEXT) },
  });
}
