import { Hono } from "hono";
import { arrivalOf } from "../arrival/arrival-of.ts";
import { openExchange } from "../exchange/exchange.ts";
import { serveExchange } from "../exchange/serve.ts";
import type { Runtime } from "../runtime.ts";
import { wires } from "../wires/registry.ts";

/** The end point of every dialect: chat completions, messages and responses. */
export function exchangesRoute(runtime: Runtime): Hono {
  const app = new Hono();
  for (const wire of Object.values(wires)) {
    app.post(wire.path, function exchange(c) {
      return serveExchange(openExchange(wire, runtime, arrivalOf(c)));
    });
  }
  return app;
}
