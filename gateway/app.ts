import { Hono } from "hono";
import { GatewayError } from "./errors.ts";
import { evaluationsRoute } from "./routes/evaluations.ts";
import { exchangesRoute } from "./routes/exchanges.ts";
import { healthRoute } from "./routes/health.ts";
import { modelsRoute } from "./routes/models.ts";
import { spansRoute } from "./routes/spans.ts";
import type { Runtime } from "./runtime.ts";
import { wires } from "./wires/registry.ts";
import type { Wire } from "./wires/wire.ts";

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
    return c.json(wireAt(c.req.path).error(new GatewayError("not_found", message)), 404);
  });
  app.onError((thrown, c) => {
    const error = GatewayError.from(thrown);
    runtime.report(`${c.req.method} ${c.req.path} broke: ${thrown.message}`);
    return Response.json(wireAt(c.req.path).error(error), { status: error.status });
  });
  return app;
}

/** The dialect of a caller who asked for something below a wire's path; chat completions otherwise. */
function wireAt(path: string): Wire {
  return Object.values(wires).find((wire) => path.startsWith(wire.path)) ?? wires.chat;
}
