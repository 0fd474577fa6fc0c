import { Hono } from "hono";
import { answerSpanQuery } from "../../tracing/index.ts";
import type { Runtime } from "../runtime.ts";

/** `GET /api/v3/…`: span query on the built-in store, the same contract as Jaeger's. Never traced. */
export function spansRoute({ tracing }: Runtime): Hono {
  return new Hono().get("/api/v3/*", function querySpans(c) {
    if (!tracing.store) {
      const message =
        "The span store is switched off (tracing.store: false in proctor.yaml). Ask the collector that receives the spans.";
      return c.json({ error: { httpCode: 501, message } }, 501);
    }
    const { pathname, searchParams } = new URL(c.req.url);
    const { status, contentType, body } = answerSpanQuery(tracing.store, pathname, searchParams);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return new Response(text, { status, headers: { "content-type": contentType } });
  });
}
