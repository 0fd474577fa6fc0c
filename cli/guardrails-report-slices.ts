import { plainAttributes, SpanQueryError } from "../tracing/index.ts";
import type { AskForTraces, Trace } from "./guardrails-report-ask.ts";

/** A stretch of time: from inclusive, to exclusive, in milliseconds since 1970. */
export interface Slice {
  readonly from: number;
  readonly to: number;
}

/** Which traces to read: those with a span that has the attributes and began in the slice. */
export interface SliceSearch extends Slice {
  readonly attributes: Readonly<Record<string, string>>;
  /** Traces to ask for at a time; 100. */
  readonly depth?: number | undefined;
  /** Traces to ask for where a slice cannot be halved any more; 10,000. */
  readonly deepest?: number | undefined;
}

/**
 * Hands every slice of the time to `take`, with its traces. A server lists only its newest traces and has no pages, so a slice
 * that comes back full is halved, down to a millisecond. Resolves with the milliseconds of which even the deepest list was full:
 * of those `take` saw a part. Rejects with `SpanQueryError`.
 */
export async function readSlices(
  ask: AskForTraces,
  { from, to, attributes, depth = 100, deepest = 10_000 }: SliceSearch,
  take: (traces: readonly Trace[], slice: Slice) => void,
): Promise<readonly Slice[]> {
  const incomplete: Slice[] = [];
  const waiting: Slice[] = [{ from, to }];
  for (let slice = waiting.pop(); slice; slice = waiting.pop()) {
    const traces = await askSlice(ask, slice, attributes, depth);
    if (traces.length < depth) take(traces, slice);
    else if (slice.to - slice.from > 1) waiting.push(...halves(slice));
    else {
      const all = await askDeepest(ask, slice, attributes, deepest);
      // A server that lists no more however many it is asked for has a limit of its own.
      if (!all || all.length >= deepest || all.length <= traces.length) incomplete.push(slice);
      take(all ?? traces, slice);
    }
  }
  return incomplete;
}

function halves({ from, to }: Slice): readonly [Slice, Slice] {
  const middle = Math.floor((from + to) / 2);
  return [
    { from, to: middle },
    { from: middle, to },
  ];
}

/** Undefined when the server does not list so many. */
async function askDeepest(
  ask: AskForTraces,
  slice: Slice,
  attributes: SliceSearch["attributes"],
  deepest: number,
): Promise<readonly Trace[] | undefined> {
  try {
    return await askSlice(ask, slice, attributes, deepest);
  } catch (error) {
    if (error instanceof SpanQueryError && error.code === "refused") return undefined;
    throw error;
  }
}

async function askSlice(
  ask: AskForTraces,
  { from, to }: Slice,
  attributes: SliceSearch["attributes"],
  depth: number,
): Promise<readonly Trace[]> {
  const traces = await ask(
    new URLSearchParams({
      "query.startTimeMin": new Date(from).toISOString(),
      "query.startTimeMax": lastMoment({ from, to }),
      "query.attributes": JSON.stringify(attributes),
      "query.searchDepth": String(depth),
      // As they were sent: Jaeger may otherwise move a span to where another machine's clock would put it, out of the slice.
      "query.rawTraces": "true",
    }),
  );
  if (traces.every((trace) => hasAll(trace, attributes))) return traces;
  throw new SpanQueryError(
    "unsupported",
    "The server returned traces that do not have the attributes asked for: it ignores query.attributes. This needs Jaeger 2.19 or newer.",
  );
}

/**
 * Servers take the end for a part of the stretch. Of one millisecond it is the last nanosecond, so that the next one's spans do not
 * make its list full.
 */
function lastMoment({ from, to }: Slice): string {
  return to - from > 1 ? new Date(to).toISOString() : new Date(from).toISOString().replace("Z", "999999Z");
}

/**
 * Some storages match attributes over a whole trace, so they need not meet on one span here; others take a value for a regular
 * expression, so only values that mean themselves can tell.
 */
function hasAll(trace: Trace, attributes: SliceSearch["attributes"]): boolean {
  const spans = trace.map((span) => plainAttributes(span.attributes));
  return Object.entries(attributes).every(
    ([key, text]) => !/^[\w:@ -]+$/.test(text) || spans.some((known) => known[key] === text),
  );
}
