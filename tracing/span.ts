import { createHash } from "node:crypto";
import {
  type Context,
  context as otelContext,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer,
} from "@opentelemetry/api";
import { attribute, type OpenInferenceKind } from "./attributes.ts";

/** What Jaeger can search: no maps, and arrays of strings only. */
export type AttributeValue = string | number | boolean | string[];

/** Attribute values as callers have them: what is `undefined` is left out. */
export type AttributeValues = Readonly<Record<string, AttributeValue | undefined>>;

/** What a span needs to begin. `parent` is explicit, because a streamed reply outlives the handler that began it. */
export interface SpanOptions {
  readonly kind: OpenInferenceKind;
  /** The OpenTelemetry kind; `INTERNAL` unless the span is a call in (`SERVER`) or out (`CLIENT`). */
  readonly otelKind?: SpanKind;
  /** Where the span hangs; the active context when absent. */
  readonly parent?: Context | undefined;
  readonly attributes?: AttributeValues;
  readonly links?: readonly Link[];
}

/** A span under way: the four things that Proctor does with one. */
export interface OpenSpan {
  readonly span: Span;
  /** False where nothing keeps spans: then whatever is set on it need not be made. */
  readonly isRecording: boolean;
  /** Give this to children as their `parent`. */
  readonly context: Context;
  set(attributes: AttributeValues): void;
  /** Sets a text that may be long: cut to the limit, with `proctor.truncated`, its sha256 and its length beside it. */
  setBody(name: string, value: string): void;
  /** Marks the span as broken (status ERROR). A failed evaluation or a block is not broken. */
  fail(type: string, message: string): void;
  end(): void;
}

/** Longest body that a span keeps, in UTF-8 bytes, unless the configuration says otherwise. */
export const defaultMaxValueBytes = 16_384;

/** Opens a span of the given OpenInference kind. The caller ends it. */
export function openSpan(
  tracer: Tracer,
  name: string,
  { kind, otelKind = SpanKind.INTERNAL, parent, attributes = {}, links = [] }: SpanOptions,
  maxValueBytes = defaultMaxValueBytes,
): OpenSpan {
  const parentContext = parent ?? otelContext.active();
  const above = trace.getSpan(parentContext);
  // Under a span of ours that nobody keeps nothing is kept either, so nothing more need be made. One that has ended is kept.
  if (above && !isKept(above) && above.spanContext().isRemote !== true) {
    return silent(above, parentContext);
  }
  const span = tracer.startSpan(name, { kind: otelKind, links: [...links] }, parentContext);
  const context = trace.setSpan(parentContext, span);
  if (!span.isRecording()) return silent(span, context);
  span.setAttributes({ [attribute.spanKind]: kind, ...defined(attributes) });
  return {
    span,
    isRecording: true,
    context,
    set: (values) => void span.setAttributes(defined(values)),
    setBody: (bodyName, value) => void span.setAttributes(bodyAttributes(bodyName, value, maxValueBytes)),
    fail: (type, message) =>
      void span
        .setAttribute(attribute.errorType, type)
        .setStatus({ code: SpanStatusCode.ERROR, message: cut(message, 1024) }),
    end: () => span.end(),
  };
}

function isKept(span: Span): boolean {
  return (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
}

/** A span that nobody keeps, whatever is said of it. */
function silent(span: Span, context: Context): OpenSpan {
  return { span, isRecording: false, context, set: ignore, setBody: ignore, fail: ignore, end: ignore };
}

function ignore(): void {}

/** A context that holds nothing but a remote parent, for spans that join a trace that began elsewhere. */
export function contextOf(traceId: string, spanId: string): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: 1, isRemote: true });
}

function defined(attributes: AttributeValues): Record<string, AttributeValue> {
  const known: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) known[name] = value;
  }
  return known;
}

function bodyAttributes(name: string, value: string, maxBytes: number): Record<string, AttributeValue> {
  const bytes = Buffer.byteLength(value);
  if (bytes <= maxBytes) return { [name]: value };
  return {
    [name]: cut(value, maxBytes),
    [attribute.truncated]: true,
    [attribute.sha256(name)]: createHash("sha256").update(value).digest("hex"),
    [attribute.bytes(name)]: bytes,
  };
}

/** Cuts at a character border, so that the result is valid UTF-8 of at most `maxBytes`. */
function cut(value: string, maxBytes: number): string {
  const bytes = Buffer.from(value);
  if (bytes.length <= maxBytes) return value;
  let end = maxBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end).toString();
}
