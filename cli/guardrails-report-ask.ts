import { askTraces, type OtlpSpan, type SpanSource } from "../tracing/index.ts";

/** The spans of one trace. */
export type Trace = readonly OtlpSpan[];

/** Asks `/api/v3/traces` once, for whole traces. Resolves with none when nothing matches; rejects with `SpanQueryError`. */
export type AskForTraces = (parameters: URLSearchParams) => Promise<readonly Trace[]>;

/** Asks a server, or a store in this process, in the words of the same contract. */
export function askForTraces(source: SpanSource, signal: AbortSignal): AskForTraces {
  const ask = askTraces(source, signal);
  return async (parameters) => {
    const { resourceSpans } = await ask(parameters);
    const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scopeSpan) => scopeSpan.spans));
    return [...Map.groupBy(spans, ({ traceId }) => traceId).values()];
  };
}
