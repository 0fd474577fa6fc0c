export { attribute, type OpenInferenceKind } from "./attributes.ts";
export { type Tracing, startTracing, type StartTracingOptions } from "./start.ts";
export { type TracingConfig, tracingConfig } from "./config.ts";
export { duration, parseDuration } from "./duration.ts";
export {
  type AttributeValues,
  contextOf,
  defaultMaxValueBytes,
  openSpan,
  type OpenSpan,
  type SpanOptions,
} from "./span.ts";
export * from "./query/index.ts";
export * from "./store/index.ts";
