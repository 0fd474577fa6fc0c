import type { OtlpAttributes, OtlpOrigin, OtlpSpan, OtlpValue, StoredSpans } from "../store/index.ts";

/** A group of spans in the JSON that Jaeger answers: protocol buffers' own form, in which zeros and empty lists are left out. */
export function toResourceSpans({ origin, spans }: StoredSpans): object {
  const { resource, resourceSchemaUrl, scope, scopeSchemaUrl } = origin;
  return present({
    resource: present({ ...resource, attributes: attributesJson(resource?.attributes) }),
    scopeSpans: [
      present({
        scope: present({ ...scope, attributes: attributesJson(scope?.attributes) }),
        spans: spans.map(spanJson),
        schemaUrl: scopeSchemaUrl,
      }),
    ],
    schemaUrl: resourceSchemaUrl,
  } satisfies Record<keyof OtlpResourceSpans, unknown>);
}

interface OtlpResourceSpans {
  readonly resource: OtlpOrigin["resource"];
  readonly scopeSpans: unknown;
  readonly schemaUrl: string | undefined;
}

function spanJson(span: OtlpSpan): object {
  return present({
    ...span,
    startTimeUnixNano: String(span.startTimeUnixNano),
    endTimeUnixNano: String(span.endTimeUnixNano),
    attributes: attributesJson(span.attributes),
    events: span.events?.map((event) =>
      present({
        ...event,
        timeUnixNano: String(event.timeUnixNano ?? 0),
        attributes: attributesJson(event.attributes),
      }),
    ),
    links: span.links?.map((link) => present({ ...link, attributes: attributesJson(link.attributes) })),
    status: present({ ...span.status }),
  });
}

function attributesJson(attributes: OtlpAttributes | undefined): unknown {
  return attributes?.map(({ key, value }) => ({ key, value: valueJson(value) }));
}

function valueJson(value: OtlpValue | undefined): object {
  if (value === undefined) return {};
  if (value.intValue !== undefined && value.intValue !== null) return { intValue: String(value.intValue) };
  if (value.arrayValue) return { arrayValue: present({ values: value.arrayValue.values?.map(valueJson) }) };
  if (value.kvlistValue) return { kvlistValue: present({ values: attributesJson(value.kvlistValue.values) }) };
  return value;
}

function present(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isZero(value)));
}

function isZero(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === null || value === 0 || value === "" || value === "0";
}
