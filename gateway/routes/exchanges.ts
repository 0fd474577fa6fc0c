import { Hono } from "hono";
import { openExchange } from "../exchange/exchange.ts";
import { serveExchange } from "../exchange/serve.ts";
import type { Runtime } from "../runtime.ts";
import { wires } from "../wires/registry.ts";

/** The end point of every dialect: chat completions, messages and responses. */
export function exchangesRoute(runtime: Runtime): Hono {
  const app = new Hono();
  for (const wire of Object.values(wires)) {
    app.post(wire.path, function exchange(c) {
      const request = c.req.raw;
      return serveExchange(openExchange(wire, runtime, request), request);
    });
  }
  return app;
}
