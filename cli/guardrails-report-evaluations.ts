import { type Outcome, outcomes } from "../evaluators/index.ts";
import { attribute, type OtlpSpan, plainAttributes } from "../tracing/index.ts";
import type { Trace } from "./guardrails-report-ask.ts";
import type { Slice } from "./guardrails-report-slices.ts";

/** One evaluation by a guardrail, read from its EVALUATOR span, the GUARDRAIL span above it and the root of its exchange. */
export interface GuardrailEvaluation {
  readonly evaluator: string;
  readonly stage: "input" | "output";
  /** `hold`, `window` or `observe`, as it was then. */
  readonly mode: string;
  /** Empty when the span does not say. */
  readonly version: string;
  /** The model name that the client asked for; empty when the span does not say. */
  readonly model: string;
  readonly outcome: Outcome;
  /** The code of what kept it from a verdict, such as `judge_failed` or `budget`; null where nothing did. */
  readonly error: string | null;
  /** The verdict was kept from before. */
  readonly isCached: boolean;
  readonly latencyMs: number;
  /** What its judge cost; 0 where none was paid, null where one was asked and the span does not say what it cost. */
  readonly judgeUsd: number | null;
  /** What was examined: the same for all evaluations of one answer, or of one request. */
  readonly subject: string;
  /** When it began. */
  readonly at: Date;
  readonly traceId: string;
  readonly spanId: string;
  /** First line of the explanation; null when none is kept. */
  readonly reason: string | null;
  /** The verdict of the exchange; null when its root span is not there. */
  readonly verdict: string | null;
}

/**
 * Why an evaluation is not counted: asked for by itself (`/v1/evaluations`), of an answer that went to nobody, or a guardrail's
 * of which the span above, that says its stage, or the outcome is not there.
 */
export type LeftOut = "requested" | "shadow" | "withoutGuardrail" | "withoutOutcome";

/** An evaluation, or why there is none. */
export type Reading = GuardrailEvaluation | LeftOut;

/** True for an evaluation that was stopped, because another guardrail had decided or the client had left. */
export function wasCancelled({ error }: GuardrailEvaluation): boolean {
  return error === "cancelled";
}

/** Reads the evaluations of a trace that began in the slice and whose span has all of the attributes. */
export function evaluationsIn(
  trace: Trace,
  { from, to }: Slice,
  attributes: Readonly<Record<string, string>>,
): readonly Reading[] {
  // Jaeger may hold the same span twice.
  const spans = new Map(trace.map((span) => [span.spanId, knownSpan(span)]));
  return [...spans.values()]
    .filter(
      ({ at, known }) =>
        at.getTime() >= from &&
        at.getTime() < to &&
        Object.entries(attributes).every(([key, text]) => known[key] === text),
    )
    .map((span) => readEvaluation(span, spans));
}

interface KnownSpan {
  readonly span: OtlpSpan;
  readonly known: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

type KnownSpans = ReadonlyMap<string, KnownSpan>;

function knownSpan(span: OtlpSpan): KnownSpan {
  const at = new Date(Number(BigInt(span.startTimeUnixNano) / 1_000_000n));
  return { span, known: plainAttributes(span.attributes), at };
}

function readEvaluation({ span, known, at }: KnownSpan, spans: KnownSpans): Reading {
  const mode = textIn(known, attribute.evalMode);
  if (mode === null || mode === "request") return "requested";
  if (known[attribute.shadow] === true) return "shadow";
  const guardrail = guardrailAbove(span, spans);
  if (!guardrail) return "withoutGuardrail";
  const outcome = outcomes.find((word) => word === known[attribute.evalOutcome]);
  const evaluator = textIn(known, attribute.evalName);
  if (!outcome || evaluator === null) return "withoutOutcome";
  const { above, stage } = guardrail;
  const { traceId, spanId } = span;
  return {
    evaluator,
    stage,
    mode,
    outcome,
    at,
    traceId,
    spanId,
    version: textIn(known, attribute.evalVersion) ?? "",
    model: textIn(known, attribute.alias) ?? "",
    error: textIn(known, attribute.errorType),
    isCached: known[attribute.evalCached] === true,
    latencyMs: Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6,
    judgeUsd: judgeUsdOf(known),
    subject: `${traceId} ${above.span.parentSpanId || above.span.spanId}`,
    reason: reasonIn(known),
    verdict: verdictOf(above, spans),
  };
}

function guardrailAbove(
  { parentSpanId = "" }: OtlpSpan,
  spans: KnownSpans,
): { readonly above: KnownSpan; readonly stage: "input" | "output" } | undefined {
  const above = spans.get(parentSpanId);
  const stage = above?.known[attribute.guardrailStage];
  const isGuardrail = above?.known[attribute.spanKind] === "GUARDRAIL" && (stage === "input" || stage === "output");
  return isGuardrail ? { above, stage } : undefined;
}

function reasonIn(known: KnownSpan["known"]): string | null {
  return textIn(known, attribute.evaluationExplanation)?.split("\n", 1)[0] ?? null;
}

/** A judge whose price nobody knows, or that failed, says no cost: that is not the same as none. */
function judgeUsdOf(known: KnownSpan["known"]): number | null {
  const usd = known[attribute.evalCost];
  if (typeof usd === "number") return usd;
  if (known[attribute.evalEngine] === "local" || known[attribute.evalOutcome] === "skipped") return 0;
  const stages = stagesIn(textIn(known, attribute.evaluationMetadata));
  const isBought = stages.some(({ stage, cached }) => stage === "judge" && cached !== true);
  return stages.length === 0 || isBought ? null : 0;
}

/** The stages on the way to the verdict; none where the span does not say, or there was no verdict. */
function stagesIn(metadata: string | null): readonly { readonly stage?: unknown; readonly cached?: unknown }[] {
  try {
    const { path } = JSON.parse(metadata ?? "{}") as { path?: unknown };
    return Array.isArray(path) ? (path as readonly object[]) : [];
  } catch {
    return [];
  }
}

/** Climbs to the root of the exchange: a trace may hold several exchanges. */
function verdictOf(from: KnownSpan, spans: KnownSpans): string | null {
  const seen = new Set<KnownSpan>();
  for (
    let span: KnownSpan | undefined = from;
    span && !seen.has(span);
    span = spans.get(span.span.parentSpanId ?? "")
  ) {
    const verdict = textIn(span.known, attribute.verdict);
    if (verdict !== null) return verdict;
    seen.add(span);
  }
  return null;
}

function textIn(known: KnownSpan["known"], key: string): string | null {
  const value = known[key];
  return typeof value === "string" ? value : null;
}
