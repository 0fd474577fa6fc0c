export { hasAttribute, plainAttributes } from "./attribute-text.ts";
export { SpanStoreError } from "./errors.ts";
export {
  type OtlpAttributes,
  type OtlpOrigin,
  type OtlpSpan,
  otlpTraceRequest,
  type OtlpTraceRequest,
  type OtlpValue,
} from "./otlp.ts";
export type { SpanCriteria } from "./span-criteria.ts";
export type { SpanCounters } from "./span-fate.ts";
export type { SpanOutline, SpanReader, StoredSpans } from "./span-reader.ts";
export { openSpanStore, type SpanStore, type SpanStoreOptions, type SpanStoreStats } from "./span-store.ts";
