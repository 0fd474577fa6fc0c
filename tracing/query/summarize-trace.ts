import type { SpanOutline } from "../store/index.ts";

/** One line about a trace, as `/api/v3/trace-summaries` answers it; counts of zero are left out. */
export interface TraceSummary {
  readonly traceId: string;
  readonly rootServiceName?: string;
  readonly rootOperationName?: string;
  readonly minStartTimeUnixNano: string;
  readonly maxEndTimeUnixNano: string;
  readonly spanCount: number;
  readonly errorSpanCount?: number;
  /** Spans whose parent is not in the trace. */
  readonly orphanSpanCount?: number;
  readonly services: readonly {
    readonly name?: string;
    readonly spanCount: number;
    readonly errorSpanCount?: number;
  }[];
}

/** Sums up a trace. Its root is the span without a parent that began first. */
export function summarizeTrace(traceId: string, sent: readonly SpanOutline[]): TraceSummary {
  const spans = withoutRepeats(sent);
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const root = spans
    .filter(({ parentSpanId }) => parentSpanId === "")
    .reduce<SpanOutline | undefined>(
      (first, span) => (first && first.startNanoseconds <= span.startNanoseconds ? first : span),
      undefined,
    );
  return {
    traceId,
    ...named("rootServiceName", root?.service),
    ...named("rootOperationName", root?.name),
    minStartTimeUnixNano: String(spans.reduce((min, { startNanoseconds: at }) => (at < min ? at : min), 2n ** 63n)),
    maxEndTimeUnixNano: String(spans.reduce((max, { endNanoseconds: at }) => (at > max ? at : max), 0n)),
    ...counts(spans),
    ...positive(
      "orphanSpanCount",
      spans.filter(({ parentSpanId: parent }) => parent !== "" && !ids.has(parent)).length,
    ),
    services: perService(spans),
  };
}

function perService(spans: readonly SpanOutline[]): TraceSummary["services"] {
  const services = Map.groupBy(spans, ({ service }) => service);
  return [...services.keys()]
    .toSorted()
    .map((name) => ({ ...named("name", name), ...counts(services.get(name) ?? []) }));
}

function counts(spans: readonly SpanOutline[]): { spanCount: number; errorSpanCount?: number } {
  return {
    spanCount: spans.length,
    ...positive("errorSpanCount", spans.filter(({ status }) => status === errorStatus).length),
  };
}

const errorStatus = 2;

function withoutRepeats(spans: readonly SpanOutline[]): readonly SpanOutline[] {
  return [...new Map(spans.map((span) => [Object.values(span).join("\u0000"), span])).values()];
}

function named<Name extends string>(name: Name, value: string | undefined): { [Key in Name]?: string } {
  return (value ? { [name]: value } : {}) as { [Key in Name]?: string };
}

function positive<Name extends string>(name: Name, count: number): { [Key in Name]?: number } {
  return (count > 0 ? { [name]: count } : {}) as { [Key in Name]?: number };
}
