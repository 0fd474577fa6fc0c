import { JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import { emptyResource } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { plainAttributes } from "./attribute-text.ts";
import { bearerOf, fingerprintsOf } from "./fingerprint.ts";
import { type OtlpOrigin, type OtlpSpan, otlpTraceRequest, type OtlpTraceRequest } from "./otlp.ts";

/** A span ready to be written. */
export interface EncodedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a root. */
  readonly parentSpanId: string;
  readonly name: string;
  /** As OTLP counts: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly status: number;
  readonly startNanoseconds: bigint;
  readonly endNanoseconds: bigint;
  readonly origin: EncodedOrigin;
  readonly fingerprints: ReadonlySet<number>;
  /** UTF-8 JSON: an OTLP request that holds this one span, without its resource. */
  readonly body: Uint8Array;
}

/** The resource and scope that many spans share. */
export interface EncodedOrigin {
  /** Value of `service.name`; empty without one. */
  readonly service: string;
  /** JSON of an `OtlpOrigin`. */
  readonly text: string;
}

/** Encodes spans of the SDK with OpenTelemetry's own serializer. The function returned remembers the origins it has seen. */
export function createSpanEncoder(): (span: ReadableSpan) => EncodedSpan {
  const origins = new WeakMap<ReadableSpan["resource"], Map<ReadableSpan["instrumentationScope"], EncodedOrigin>>();
  const originFor = (span: ReadableSpan): EncodedOrigin => {
    const known = origins.get(span.resource)?.get(span.instrumentationScope);
    if (known) return known;
    const origin = originOfSpan(span);
    // A resource that still waits for attributes is read again the next time.
    if (span.resource.asyncAttributesPending) return origin;
    const scopes = origins.get(span.resource) ?? new Map<ReadableSpan["instrumentationScope"], EncodedOrigin>();
    origins.set(span.resource, scopes.set(span.instrumentationScope, origin));
    return origin;
  };
  return (span) => encodeSdkSpan(span, originFor(span));
}

/** Encodes every span of an OTLP request. Throws `z.ZodError` when it is none. */
export function encodeRequest(request: OtlpTraceRequest): readonly EncodedSpan[] {
  return otlpTraceRequest.parse(request).resourceSpans.flatMap(({ resource, scopeSpans, schemaUrl }) =>
    scopeSpans.flatMap((scopeSpan) => {
      const origin = encodeOrigin({
        resource,
        resourceSchemaUrl: schemaUrl,
        scope: scopeSpan.scope,
        scopeSchemaUrl: scopeSpan.schemaUrl,
      });
      return scopeSpan.spans.map((span) => encodeOtlpSpan(span, origin));
    }),
  );
}

/** The span that the column `body.request` holds. */
export function decodeBody(request: unknown): OtlpSpan {
  if (!(request instanceof Uint8Array)) throw new TypeError("The body of a stored span is not a BLOB.");
  // Written by this file alone, so the shape is known.
  const stored = JSON.parse(decoder.decode(request)) as StoredBody;
  return stored.resourceSpans[0].scopeSpans[0].spans[0];
}

interface StoredBody {
  readonly resourceSpans: readonly [{ readonly scopeSpans: readonly [{ readonly spans: readonly [OtlpSpan] }] }];
}

const decoder = new TextDecoder();
const withoutResource = { resource: { value: emptyResource() } };

function encodeSdkSpan(span: ReadableSpan, origin: EncodedOrigin): EncodedSpan {
  const { traceId, spanId } = span.spanContext();
  return {
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId ?? "",
    name: span.name,
    kind: span.kind + 1,
    status: span.status.code,
    startNanoseconds: toNanoseconds(span.startTime),
    endNanoseconds: toNanoseconds(span.endTime),
    origin,
    fingerprints: fingerprintsOf(span),
    body: serialize(Object.create(span, withoutResource) as ReadableSpan),
  };
}

function encodeOtlpSpan(span: OtlpSpan, origin: EncodedOrigin): EncodedSpan {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? "",
    name: span.name,
    kind: span.kind,
    status: span.status?.code ?? 0,
    startNanoseconds: BigInt(span.startTimeUnixNano),
    endNanoseconds: BigInt(span.endTimeUnixNano),
    origin,
    fingerprints: fingerprintsOf(bearerOf(span)),
    body: Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })),
  };
}

function originOfSpan(span: ReadableSpan): EncodedOrigin {
  const { resourceSpans } = otlpTraceRequest.parse(JSON.parse(decoder.decode(serialize(span))));
  const [resourceSpan] = resourceSpans;
  const [scopeSpan] = resourceSpan?.scopeSpans ?? [];
  return encodeOrigin({
    resource: resourceSpan?.resource,
    resourceSchemaUrl: resourceSpan?.schemaUrl,
    scope: scopeSpan?.scope,
    scopeSchemaUrl: scopeSpan?.schemaUrl,
  });
}

function encodeOrigin(origin: OtlpOrigin): EncodedOrigin {
  const service = plainAttributes(origin.resource?.attributes)["service.name"];
  return { service: typeof service === "string" ? service : "", text: JSON.stringify(origin) };
}

function serialize(span: ReadableSpan): Uint8Array {
  const bytes = JsonTraceSerializer.serializeRequest([span]);
  if (!bytes) throw new Error("The serializer gave nothing for a span.");
  return bytes;
}

function toNanoseconds([seconds, nanoseconds]: readonly [number, number]): bigint {
  const time = BigInt(Math.trunc(seconds)) * 1_000_000_000n + BigInt(Math.trunc(nanoseconds));
  if (time >= 0n && time < 2n ** 63n) return time;
  throw new RangeError(`a time of ${seconds} seconds since 1970 is outside what a span can have`);
}
