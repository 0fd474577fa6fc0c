import { request } from "undici";
import { z } from "zod";
import { otlpTraceRequest, type SpanReader } from "../store/index.ts";
import { answerSpanQuery } from "./answer-span-query.ts";
import { SpanQueryError } from "./errors.ts";

/** Who is asked: a server that answers `/api/v3` (a Proctor gateway, or Jaeger 2.19 and newer), or a store in this process. */
export type SpanSource =
  | { readonly url: string; /** For a server that asks for one. */ readonly key?: string | undefined }
  | { readonly store: SpanReader };

/** Asks `/api/v3/traces` once. Resolves with no spans when nothing matches; rejects with `SpanQueryError`. */
export type AskTraces = (parameters: URLSearchParams) => Promise<TraceAnswer>;

/** Whole traces, as OTLP has them. */
export type TraceAnswer = z.output<typeof otlpTraceRequest>;

export function askTraces(source: SpanSource, signal: AbortSignal | undefined): AskTraces {
  if ("url" in source) return (parameters) => askServer(source, parameters, signal);
  return async (parameters) => {
    signal?.throwIfAborted();
    const { status, body } = answerSpanQuery(source.store, path, parameters);
    return readAnswer("The span store", status, body);
  };
}

const path = "/api/v3/traces";

/** What Jaeger says when nothing matches; any other 404 is no answer and must not look like an empty one. */
const isNothingFound = /^(?:no traces found|trace not found)$/i;
const found = z.object({ result: otlpTraceRequest });
const failed = z.object({ error: z.object({ httpCode: z.number(), message: z.string() }) });

async function askServer(
  { url: base, key }: Extract<SpanSource, { readonly url: string }>,
  parameters: URLSearchParams,
  signal: AbortSignal | undefined,
): Promise<TraceAnswer> {
  const url = addressOf(base);
  url.search = parameters.toString();
  const headers = { accept: "application/json", ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) };
  const { status, text } = await get(base, url, { headers, signal });
  return readAnswer(base, status, parsed(text));
}

function addressOf(base: string): URL {
  const url = URL.parse(`${base.replace(/\/+$/, "")}${path}`);
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new SpanQueryError("malformed_address", `"${base}" is not an address. Write it as http://host:port.`);
}

async function get(
  base: string,
  url: URL,
  { headers, signal }: { readonly headers: Record<string, string>; readonly signal: AbortSignal | undefined },
): Promise<{ status: number; text: string }> {
  try {
    const reply = await request(url, { headers, ...(signal && { signal }) });
    return { status: reply.statusCode, text: await reply.body.text() };
  } catch (error) {
    if (signal?.aborted) throw error;
    const message = `Nothing answers at ${base} (${reasonOf(error)}). Check the address and that the server is running.`;
    throw new SpanQueryError("unreachable", message, { cause: error });
  }
}

function readAnswer(source: string, status: number, body: unknown): TraceAnswer {
  const failure = failed.safeParse(body);
  if (failure.success) {
    const { httpCode, message } = failure.data.error;
    if (status === 404 && httpCode === 404 && isNothingFound.test(message)) return { resourceSpans: [] };
    throw new SpanQueryError(
      "refused",
      `${source} refused the span query (HTTP ${status}): ${message.replace(/\.$/, "")}.`,
    );
  }
  if (status === 401 || status === 403) {
    throw new SpanQueryError(
      "refused",
      `${source} refused the span query (HTTP ${status}). Give the admin key in PROCTOR_API_KEY.`,
    );
  }
  const answer = found.safeParse(body);
  if (status === 200 && answer.success) return answer.data.result;
  throw new SpanQueryError(
    "unsupported",
    `${source} does not answer ${path} as expected (HTTP ${status}). Point at a Proctor gateway or at Jaeger 2.19 or newer.`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The code of a network error (`ECONNREFUSED`), which says more than its message; an aggregate hides it one level down. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return error.message || code || error.name;
}
