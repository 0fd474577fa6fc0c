import type { OtlpTraceRequest } from "../../tracing/index.ts";

export type AttributeInput = string | number | boolean | readonly string[];

/** A span as a test writes it. Times are milliseconds after `epoch`. */
export interface SpanInput {
  readonly trace: string;
  readonly span: string;
  readonly parent?: string;
  readonly name?: string;
  readonly kind?: number;
  readonly status?: number;
  readonly start?: number;
  readonly ms?: number;
  readonly attributes?: Readonly<Record<string, AttributeInput>>;
  readonly eventAttributes?: Readonly<Record<string, AttributeInput>>;
  readonly linkAttributes?: Readonly<Record<string, AttributeInput>>;
}

export interface RequestInput {
  readonly service?: string;
  readonly resource?: Readonly<Record<string, AttributeInput>>;
  readonly scope?: { readonly name: string; readonly version?: string };
  readonly spans: readonly SpanInput[];
}

/** Time zero of the spans that tests write. */
export const epoch = Date.UTC(2026, 9, 1, 12);

/** An OTLP/JSON request. */
export function otlpRequest({
  service = "shop",
  resource,
  scope = { name: "tests" },
  spans,
}: RequestInput): OtlpTraceRequest {
  return {
    resourceSpans: [
      {
        resource: { attributes: toAttributes({ "service.name": service, ...resource }) },
        scopeSpans: [{ scope, spans: spans.map((span) => otlpSpan(span)) }],
      },
    ],
  };
}

/** `2f` as a trace id of 32 digits. */
export function traceIdOf(short: string): string {
  return short.padStart(32, "0");
}

function otlpSpan(input: SpanInput) {
  const { trace, span, parent, name = "work", kind = 1, status = 0, start = 0, ms = 10 } = input;
  const traceId = traceIdOf(trace);
  return {
    traceId,
    spanId: span.padStart(16, "0"),
    ...(parent !== undefined && { parentSpanId: parent.padStart(16, "0") }),
    name,
    kind,
    startTimeUnixNano: nanoseconds(start),
    endTimeUnixNano: nanoseconds(start + ms),
    attributes: toAttributes(input.attributes ?? {}),
    events: input.eventAttributes
      ? [{ name: "event", timeUnixNano: nanoseconds(start), attributes: toAttributes(input.eventAttributes) }]
      : [],
    links: input.linkAttributes
      ? [{ traceId, spanId: "00000000000000ff", attributes: toAttributes(input.linkAttributes) }]
      : [],
    status: status === 0 ? {} : { code: status },
  };
}

function nanoseconds(ms: number): string {
  return `${BigInt(Math.round((epoch + ms) * 1000)) * 1000n}`;
}

function toAttributes(attributes: Readonly<Record<string, AttributeInput>>) {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: toValue(value) }));
}

function toValue(value: AttributeInput) {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { arrayValue: { values: value.map((item) => ({ stringValue: item })) } };
}
