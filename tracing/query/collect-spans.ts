import { type OtlpSpan, plainAttributes } from "../store/index.ts";
import { attributeText } from "../store/attribute-text.ts";
import type { AskTraces, TraceAnswer } from "./ask-traces.ts";
import { SpanQueryError } from "./errors.ts";

/** Which spans to collect. */
export interface SpanSearch {
  /** All of these on one span. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The span began at this time or later, */
  readonly since: Date;
  /** and before this one. */
  readonly until: Date;
  /** Most spans to return, the newest; all by default. */
  readonly limit?: number | undefined;
  /** Traces to ask for at a time; 100. */
  readonly depth?: number | undefined;
}

/** A span that was found. */
export interface FoundSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly startNanoseconds: bigint;
  readonly startedAt: Date;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/**
 * Collects spans, newest first and in the same order from every server. A server lists only its newest traces and has no
 * pages, so a stretch of time in which it fills its list is asked again in two parts: nothing is lost. Rejects with
 * `SpanQueryError`.
 */
export async function collectSpans(ask: AskTraces, search: SpanSearch): Promise<readonly FoundSpan[]> {
  const { attributes, since, until, limit = Infinity, depth = 100 } = search;
  const collected = new Map<string, FoundSpan>();
  // The newest stretch is last and asked first.
  const stretches: Stretch[] = [{ from: since.getTime(), to: until.getTime() }];
  while (collected.size < limit) {
    const stretch = stretches.pop();
    if (!stretch) break;
    if (stretch.from >= stretch.to) continue;
    const traces = await askStretch(ask, attributes, stretch, depth);
    const spans = matching(traces, attributes, stretch);
    if (traces.length < depth) keep(collected, spans);
    else if (stretch.to - stretch.from > 1) stretches.push(...parts(stretch, spans));
    else keep(collected, matching(await askMillisecond(ask, attributes, stretch), attributes, stretch));
  }
  return [...collected.values()].slice(0, limit);
}

/** From inclusive, to exclusive, in milliseconds since 1970. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

type Trace = readonly OtlpSpan[];

const deepest = 10_000;

/** Cuts at the middle of the spans that were listed, where another answer is likely to be short enough. */
function parts({ from, to }: Stretch, spans: readonly FoundSpan[]): readonly [Stretch, Stretch] {
  const median = spans[Math.floor(spans.length / 2)]?.startedAt.getTime() ?? Math.floor((from + to) / 2);
  const middle = Math.min(to - 1, Math.max(from + 1, median));
  return [
    { from, to: middle },
    { from: middle, to },
  ];
}

function keep(collected: Map<string, FoundSpan>, spans: readonly FoundSpan[]): void {
  for (const span of spans) collected.set(`${span.traceId} ${span.spanId}`, span);
}

/** A millisecond cannot be cut: its traces are asked for once more, as many as a server gives. */
async function askMillisecond(
  ask: AskTraces,
  attributes: SpanSearch["attributes"],
  stretch: Stretch,
): Promise<readonly Trace[]> {
  const traces = await askStretch(ask, attributes, stretch, deepest);
  if (traces.length < deepest) return traces;
  const time = new Date(stretch.from).toISOString();
  throw new SpanQueryError(
    "too_many",
    `More than ${deepest} traces match within the millisecond ${time}. Narrow the question.`,
  );
}

async function askStretch(
  ask: AskTraces,
  attributes: SpanSearch["attributes"],
  { from, to }: Stretch,
  depth: number,
): Promise<readonly Trace[]> {
  const parameters = new URLSearchParams({
    "query.startTimeMin": new Date(from).toISOString(),
    "query.startTimeMax": new Date(to).toISOString(),
    "query.attributes": JSON.stringify(attributes),
    "query.searchDepth": String(depth),
    // As they were sent: Jaeger may otherwise move a span to where another machine's clock would put it, out of the stretch.
    "query.rawTraces": "true",
  });
  const traces = byTrace(await ask(parameters));
  if (traces.some((trace) => isUnfiltered(trace, attributes))) {
    throw new SpanQueryError(
      "unsupported",
      "The server returned traces that do not have the attributes asked for: it ignores query.attributes. This needs Jaeger 2.19 or newer.",
    );
  }
  return traces;
}

function byTrace({ resourceSpans }: TraceAnswer): readonly Trace[] {
  const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scopeSpan) => scopeSpan.spans));
  return [...Map.groupBy(spans, ({ traceId }) => traceId).values()];
}

/**
 * Whether an attribute asked for is nowhere in a trace. Some storages match attributes over a whole trace, so they need not meet
 * on one span here; others take a value for a regular expression, so only values that mean themselves can tell.
 */
function isUnfiltered(trace: Trace, attributes: SpanSearch["attributes"]): boolean {
  return Object.entries(attributes).some(
    ([key, text]) =>
      /^[\w:@ -]+$/.test(text) && !trace.some((span) => holds(plainAttributes(span.attributes), { [key]: text })),
  );
}

function matching(
  traces: readonly Trace[],
  attributes: SpanSearch["attributes"],
  { from, to }: Stretch,
): readonly FoundSpan[] {
  return traces
    .flat()
    .map(toFoundSpan)
    .filter(
      (span) => holds(span.attributes, attributes) && span.startedAt.getTime() >= from && span.startedAt.getTime() < to,
    )
    .toSorted(newestFirst);
}

/** Of spans that began together the id decides: the order in which a server lists traces is not the same twice. */
function newestFirst(a: FoundSpan, b: FoundSpan): number {
  if (a.startNanoseconds !== b.startNanoseconds) return a.startNanoseconds > b.startNanoseconds ? -1 : 1;
  return `${a.traceId} ${a.spanId}` < `${b.traceId} ${b.spanId}` ? -1 : 1;
}

function toFoundSpan({ traceId, spanId, startTimeUnixNano, attributes }: OtlpSpan): FoundSpan {
  const startNanoseconds = BigInt(startTimeUnixNano);
  const startedAt = new Date(Number(startNanoseconds / 1_000_000n));
  return { traceId, spanId, startNanoseconds, startedAt, attributes: plainAttributes(attributes) };
}

function holds(attributes: Readonly<Record<string, unknown>>, wanted: SpanSearch["attributes"]): boolean {
  return Object.entries(wanted).every(
    ([key, text]) => Object.hasOwn(attributes, key) && attributeText(attributes[key]) === text,
  );
}
