import { createServer } from "node:http";
import { answerSpanQuery, type SpanReader } from "../../tracing/index.ts";
import { listenOnLoopback } from "./loopback.ts";

export interface SpanServer {
  readonly url: string;
  /** The parameters of every question so far. */
  readonly asked: readonly URLSearchParams[];
  close(): Promise<void>;
}

/** A server that answers `/api/v3` from a store; `ignored` names parameters that it does not know, as an older one would. */
export function startSpanServer(store: SpanReader, ignored: readonly string[] = []): Promise<SpanServer> {
  const asked: URLSearchParams[] = [];
  return startServer((url) => {
    asked.push(new URLSearchParams(url.searchParams));
    for (const name of ignored) url.searchParams.delete(name);
    const { status, contentType, body } = answerSpanQuery(store, url.pathname, url.searchParams);
    return { status, contentType, text: typeof body === "string" ? body : JSON.stringify(body) };
  }, asked);
}

/** A server on 127.0.0.1 that gives the same answer to everything. */
export function startFixedServer(status: number, contentType: string, text: string): Promise<SpanServer> {
  return startServer(() => ({ status, contentType, text }), []);
}

type Reply = { readonly status: number; readonly contentType: string; readonly text: string };

async function startServer(reply: (url: URL) => Reply, asked: readonly URLSearchParams[]): Promise<SpanServer> {
  const server = createServer((request, response) => {
    const { status, contentType, text } = reply(new URL(request.url ?? "/", "http://127.0.0.1"));
    response.writeHead(status, { "content-type": contentType }).end(text);
  });
  return {
    ...(await listenOnLoopback(server)),
    asked,
  };
}
