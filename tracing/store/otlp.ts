import { z } from "zod";

/** A 64-bit integer: OTLP/JSON writes strings, JavaScript producers write numbers. */
const integer = z.union([z.string().regex(/^-?\d{1,20}$/), z.number()]);
const nanoseconds = z
  .union([z.string().regex(/^\d{1,19}$/), z.int().nonnegative()])
  .refine((value) => BigInt(value) < 2n ** 63n, "must be nanoseconds since 1970, below 2^63");
const count = z.int().nonnegative().optional();
const hexId = (digits: number) =>
  z
    .string()
    .regex(new RegExp(`^[0-9a-fA-F]{${digits}}$`))
    .transform((id) => id.toLowerCase());

const value = z.object({
  stringValue: z.string().optional(),
  boolValue: z.boolean().optional(),
  intValue: integer.nullish(),
  doubleValue: z.union([z.number(), z.string()]).nullish(),
  bytesValue: z.string().optional(),
  get arrayValue() {
    return z.object({ values: z.array(value).optional() }).optional();
  },
  get kvlistValue() {
    return z.object({ values: z.array(z.object({ key: z.string(), value: value.optional() })).optional() }).optional();
  },
});
const attributes = z.array(z.object({ key: z.string(), value: value.optional() })).optional();

const event = z.object({
  timeUnixNano: nanoseconds.optional(),
  name: z.string().optional(),
  attributes,
  droppedAttributesCount: count,
});
const link = z.object({
  traceId: hexId(32),
  spanId: hexId(16),
  traceState: z.string().optional(),
  attributes,
  droppedAttributesCount: count,
  flags: count,
});
const span = z.object({
  traceId: hexId(32),
  spanId: hexId(16),
  traceState: z.string().optional(),
  parentSpanId: z.union([z.literal(""), hexId(16)]).optional(),
  flags: count,
  name: z.string().default(""),
  kind: z.int().min(0).max(5).default(0),
  startTimeUnixNano: nanoseconds.default("0"),
  endTimeUnixNano: nanoseconds.default("0"),
  attributes,
  droppedAttributesCount: count,
  events: z.array(event).optional(),
  droppedEventsCount: count,
  links: z.array(link).optional(),
  droppedLinksCount: count,
  status: z.object({ code: z.int().min(0).max(2).optional(), message: z.string().optional() }).optional(),
});
const resource = z.object({ attributes, droppedAttributesCount: count });
const scope = z.object({
  name: z.string().optional(),
  version: z.string().optional(),
  attributes,
  droppedAttributesCount: count,
});

/** The schema of an OTLP/JSON `ExportTraceServiceRequest`, which is also what a trace query answers. */
export const otlpTraceRequest = z.object({
  resourceSpans: z
    .array(
      z.object({
        resource: resource.optional(),
        scopeSpans: z
          .array(
            z.object({ scope: scope.optional(), spans: z.array(span).default([]), schemaUrl: z.string().optional() }),
          )
          .default([]),
        schemaUrl: z.string().optional(),
      }),
    )
    .default([]),
});

/** Spans as OTLP/JSON has them: hexadecimal ids, nanoseconds as strings, enumerations as numbers. */
export type OtlpTraceRequest = z.input<typeof otlpTraceRequest>;
export type OtlpSpan = z.output<typeof span>;
export type OtlpValue = z.output<typeof value>;
export type OtlpAttributes = NonNullable<z.output<typeof attributes>>;

/** Where a span comes from: its resource and its instrumentation scope. */
export interface OtlpOrigin {
  readonly resource?: z.output<typeof resource> | undefined;
  readonly resourceSchemaUrl?: string | undefined;
  readonly scope?: z.output<typeof scope> | undefined;
  readonly scopeSchemaUrl?: string | undefined;
}
