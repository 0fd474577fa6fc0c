import { Hono } from "hono";
import { GatewayError } from "./errors.ts";
import { evaluationsRoute } from "./routes/evaluations.ts";
import { exchangesRoute } from "./routes/exchanges.ts";
import { healthRoute } from "./routes/health.ts";
import { modelsRoute } from "./routes/models.ts";
import { spansRoute } from "./routes/spans.ts";
import type { Runtime } from "./runtime.ts";
import { wires } from "./wires/registry.ts";

/** The whole gateway on one screen. Opens no port and reads no environment. */
export function createApp(runtime: Runtime): Hono {
  const app = new Hono()
    .route("/", exchangesRoute(runtime))
    .route("/", evaluationsRoute(runtime))
    .route("/", modelsRoute(runtime))
    .route("/", spansRoute(runtime))
    .route("/", healthRoute(runtime));

  app.notFound((c) => {
    const served = app.routes.map(({ method, path }) => `${method} ${path}`);
    const message = `Nothing is served at ${c.req.method} ${c.req.path}. Known: ${[...new Set(served)].join(", ")}.`;
    return c.json(wires.chat.error(new GatewayError("not_found", message)), 404);
  });
  app.onError((thrown, c) => {
    const error = GatewayError.from(thrown);
    runtime.report(`${c.req.method} ${c.req.path} broke: ${thrown.message}`);
    return Response.json(wires.chat.error(error), { status: error.status });
  });
  return app;
}
