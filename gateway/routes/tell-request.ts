import type { MiddlewareHandler } from "hono";
import type { ExchangeRecord } from "../exchange/exchange-record.ts";
import { toWebStream } from "../arrival/web-arrival.ts";
import type { Runtime } from "../runtime.ts";

/** Tells metrics and log of requests that are no exchange with a model, when their replies have ended. */
export function tellRequest(runtime: Runtime): MiddlewareHandler {
  return async function tell(c, next) {
    const started = performance.now();
    runtime.metrics.exchangeBegan();
    const end = (): void => {
      const record = recordOf(runtime, c.req.raw, c.res, performance.now() - started);
      runtime.metrics.exchangeEnded(record);
      runtime.onExchangeEnd(record, { input: "", output: "", error: undefined });
    };
    await next();
    const { body, headers } = c.res;
    if (body && headers.get("content-type") === "application/x-ndjson") {
      c.res = new Response(toWebStream(untilEnd(body, end)), c.res);
    } else end();
  };
}

async function* untilEnd(body: AsyncIterable<Uint8Array>, end: () => void): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } finally {
    end();
  }
}

function recordOf(runtime: Runtime, request: Request, reply: Response, durationMs: number): ExchangeRecord {
  return {
    traceId: reply.headers.get("x-proctor-trace-id") ?? "",
    wire: "chat",
    path: new URL(request.url).pathname,
    alias: undefined,
    role: undefined,
    target: undefined,
    caller: callerOf(runtime, request),
    stream: false,
    status: reply.status,
    error: undefined,
    verdict: undefined,
    evaluations: [],
    attempts: 0,
    durationMs,
    timeToFirstByteMs: undefined,
    overheadMs: undefined,
    upstreamMs: 0,
    judgeMs: 0,
    inputTokens: undefined,
    outputTokens: undefined,
    generationUsd: null,
    judgeUsd: null,
    cache: undefined,
  };
}

function callerOf({ access }: Runtime, request: Request): string | undefined {
  try {
    return access.identify(Object.fromEntries(request.headers)).name;
  } catch {
    return undefined;
  }
}
