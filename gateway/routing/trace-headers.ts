import type { SpanContext } from "@opentelemetry/api";

/** The headers that make a callee's spans children of a span (W3C Trace Context). Baggage is the caller's own and stays here. */
export function traceHeaders({ traceId, spanId, traceFlags, traceState }: SpanContext): Record<string, string> {
  const flags = traceFlags.toString(16).padStart(2, "0");
  const state = traceState?.serialize() ?? "";
  return { traceparent: `00-${traceId}-${spanId}-${flags}`, ...(state === "" ? {} : { tracestate: state }) };
}
