import { type Context, type SpanContext, trace, type Tracer } from "@opentelemetry/api";
import { attribute, type AttributeValues, openSpan, type OpenSpan } from "../tracing/index.ts";
import type { Evaluator } from "./define-evaluator.ts";
import type { Evaluation } from "./evaluation.ts";
import type { Sample } from "./sample.ts";

/** Where the EVALUATOR span of an evaluation goes and what it carries. */
export interface EvaluationTracing {
  readonly tracer: Tracer;
  readonly parent?: Context | undefined;
  /** The generation that is judged: becomes the span's one link. */
  readonly target?: SpanContext | undefined;
  /** `hold`, `observe`, `request`: how the evaluation was asked for. */
  readonly mode?: string | undefined;
  readonly attributes?: AttributeValues | undefined;
  readonly maxValueBytes?: number | undefined;
}

/** Opens `evaluate <name>`, linked to the generation it judges and to nothing else. Without tracing the span records nothing. */
export function openEvaluatorSpan(evaluator: Evaluator, tracing: EvaluationTracing | undefined): OpenSpan {
  const { tracer = trace.getTracer("proctor"), parent, target, mode, attributes, maxValueBytes } = tracing ?? {};
  const link = target && { context: target, attributes: { [attribute.linkRole]: "eval_target" } };
  return openSpan(
    tracer,
    `evaluate ${evaluator.name}`,
    {
      kind: "EVALUATOR",
      parent,
      links: link ? [link] : [],
      attributes: {
        ...attributes,
        [attribute.evalName]: evaluator.name,
        [attribute.evalVersion]: evaluator.version,
        [attribute.evalThreshold]: evaluator.options.threshold,
        [attribute.evalEngine]: evaluator.options.engine,
        [attribute.evalMode]: mode,
        [attribute.targetTraceId]: target?.traceId,
        [attribute.targetSpanId]: target?.spanId,
      },
    },
    maxValueBytes,
  );
}

/** Writes the result on its span: verdict first, bodies last. Only an evaluation that broke is an ERROR. */
export function recordEvaluation(span: OpenSpan, evaluation: Evaluation, sample: Sample): void {
  if (!span.span.isRecording()) return;
  const { evaluator, outcome, score, version, threshold, engine, error } = evaluation;
  span.set({
    [attribute.evalOutcome]: outcome,
    [attribute.evalResult]: `${evaluator}:${outcome}`,
    [attribute.evalCached]: evaluation.path.some((step) => step.cached),
    [attribute.evalSuspected]: evaluation.suspected && [...evaluation.suspected],
    [attribute.evaluationName]: evaluator,
    [attribute.evaluationScore]: score ?? undefined,
    [attribute.evaluationLabel]: outcome,
    [attribute.evaluationAnnotatorKind]: decidedBy(evaluation) === "judge" ? "LLM" : "CODE",
    [attribute.evaluationIdentifier]: `${evaluator}@${version}`,
    [attribute.evaluationMetadata]: JSON.stringify({ threshold, engine, path: evaluation.path }),
    [attribute.genAiEvaluationName]: evaluator,
    [attribute.genAiEvaluationScore]: score ?? undefined,
    [attribute.genAiEvaluationLabel]: outcome,
    [attribute.evalCost]: evaluation.costUsd ?? undefined,
  });
  if (error) span.fail(error.code, error.message);
  span.setBody(attribute.evaluationExplanation, explain(evaluation));
  span.set({ [attribute.inputMimeType]: "application/json", [attribute.outputMimeType]: "application/json" });
  // The answer first: a long context must not push it over the limit.
  const { output, ...rest } = sample;
  span.setBody(attribute.inputValue, JSON.stringify({ output, ...rest }));
  span.setBody(attribute.outputValue, JSON.stringify(evaluation));
}

/** The reason with the passages behind it: for people who may read the examined text. */
export function explain({ reason, claims = [], criteria = [] }: Evaluation): string {
  const passages = claims
    .filter((claim) => claim.verdict !== "supported")
    .map((claim) => `- ${claim.verdict}${claim.kind ? ` (${claim.kind})` : ""}: ${claim.text}`);
  const unmet = criteria
    .filter((criterion) => criterion.verdict === "no" || criterion.verdict === "unsure")
    .map(
      (criterion) => `- ${criterion.id}: ${criterion.verdict}${criterion.evidence ? ` — ${criterion.evidence}` : ""}`,
    );
  return [reason, ...passages, ...unmet].join("\n");
}

function decidedBy(evaluation: Evaluation): "local" | "judge" {
  const last = evaluation.path.at(-1)?.stage;
  return last ?? (evaluation.engine === "local" ? "local" : "judge");
}
