import { Hono } from "hono";
import type { Runtime } from "../runtime.ts";

/** `GET /metrics`: Prometheus' text format. Never traced. */
export function metricsRoute({ metrics }: Runtime): Hono {
  return new Hono().get("/metrics", async function scrape() {
    return new Response(await metrics.text(), {
      headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
    });
  });
}
