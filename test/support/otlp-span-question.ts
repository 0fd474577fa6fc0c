import { setTimeout as sleep } from "node:timers/promises";
import { answerSpanQuery, type OtlpTraceRequest, type SpanReader } from "../../tracing/index.ts";

/** One question to `/api/v3` with the answer that is expected. */
export interface SpanQuestion {
  readonly name: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly status: number;
  readonly content_type: string;
  readonly body: unknown;
}

export interface SpanAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: unknown;
}

/** Whatever answers `/api/v3`: a store in this process, or a server. */
export type AskSpans = (path: string, parameters: URLSearchParams) => Promise<SpanAnswer>;

/** Asks a store without a server between. What it answers goes through JSON, as it would over HTTP. */
export function askStore(store: SpanReader): AskSpans {
  return async (path, parameters) => {
    const { status, contentType, body } = answerSpanQuery(store, path, parameters);
    return { status, contentType, body: JSON.parse(JSON.stringify(body)) };
  };
}

/** Asks a server, such as a real Jaeger. */
export function askServer(baseUrl: string): AskSpans {
  return async (path, parameters) => {
    const response = await fetch(new URL(`${path}?${parameters.toString()}`, baseUrl));
    const text = await response.text();
    return {
      status: response.status,
      contentType: response.headers.get("content-type") ?? "",
      body: parsed(text),
    };
  };
}

/** An answer in which only what the contract leaves open is taken away: order of keys, attributes, spans, services and operations. */
export function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const inner = comparable(item);
      return [key, unordered.has(key) && Array.isArray(inner) ? inner.toSorted(byJson) : inner];
    }),
  );
}

/** `application/json; charset=utf-8` without its parameters. */
export function mediaType(contentType: string): string {
  return contentType.split(";")[0]?.trim() ?? "";
}

const unordered = new Set(["attributes", "spans", "services", "operations"]);

function byJson(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Sends requests to a Jaeger, each when the one before can be read back: it stores what arrives within 200 ms together, and then
 * in no order.
 */
export async function sendRequests(
  otlpUrl: string,
  queryUrl: string,
  requests: readonly OtlpTraceRequest[],
): Promise<void> {
  for (const body of requests) {
    const response = await fetch(new URL("/v1/traces", otlpUrl), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${otlpUrl} did not take the spans: HTTP ${response.status}.`);
    for (const traceId of traceIdsOf(body)) await untilStored(queryUrl, traceId);
  }
}

async function untilStored(queryUrl: string, traceId: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const response = await fetch(new URL(`/api/v3/traces/${traceId}`, queryUrl));
    await response.text();
    if (response.ok) return;
    await sleep(50);
  }
  throw new Error(`${queryUrl} does not have the trace ${traceId} after 5 s.`);
}

function traceIdsOf({ resourceSpans = [] }: OtlpTraceRequest): ReadonlySet<string> {
  const spans = resourceSpans.flatMap(({ scopeSpans = [] }) =>
    scopeSpans.flatMap((scopeSpan) => scopeSpan.spans ?? []),
  );
  return new Set(spans.map(({ traceId }) => traceId));
}
