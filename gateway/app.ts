import { type Context, Hono } from "hono";
import { GatewayError } from "./errors.ts";
import { adminsOnly } from "./routes/admins-only.ts";
import { countTokensRoute } from "./routes/count-tokens.ts";
import { embeddingsRoute } from "./routes/embeddings.ts";
import { evaluationsPath } from "./routes/evaluation-place.ts";
import { evaluationsRoute } from "./routes/evaluations.ts";
import { exchangesRoute } from "./routes/exchanges.ts";
import { guardAgainstPages } from "./routes/guard-against-pages.ts";
import { healthRoute } from "./routes/health.ts";
import { metricsRoute } from "./routes/metrics.ts";
import { modelsRoute } from "./routes/models.ts";
import { spansRoute } from "./routes/spans.ts";
import { tellRequest } from "./routes/tell-request.ts";
import type { Runtime } from "./runtime.ts";
import { wires } from "./wires/registry.ts";
import type { Wire } from "./wires/wire.ts";

/** The whole gateway on one screen. Opens no port and reads no environment. */
export function createApp(runtime: Runtime): Hono {
  const app = new Hono()
    .use(guardAgainstPages(runtime))
    .use("/api/v3/*", adminsOnly(runtime))
    .use("/metrics", adminsOnly(runtime))
    .use(evaluationsPath, tellRequest(runtime))
    .route("/", exchangesRoute(runtime))
    .route("/", countTokensRoute(runtime))
    .route("/", embeddingsRoute(runtime))
    .route("/", evaluationsRoute(runtime))
    .route("/", modelsRoute(runtime))
    .route("/", spansRoute(runtime))
    .route("/", metricsRoute(runtime))
    .route("/", healthRoute(runtime));

  app.notFound((c) => {
    const allowed = methodsAt(app, c.req.path);
    if (allowed.length > 0) return refuseMethod(c, allowed);
    const served = app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}`);
    const message = `Nothing is served at ${c.req.method} ${c.req.path}. Known: ${[...new Set(served)].join(", ")}.`;
    return c.json(wireAt(c.req.path).error(new GatewayError("not_found", message)), 404);
  });
  app.onError((thrown, c) => {
    const error = GatewayError.from(thrown);
    if (error.code === "internal") runtime.report(`${c.req.method} ${c.req.path} broke: ${thrown.message}`);
    return Response.json(wireAt(c.req.path).error(error), { status: error.status });
  });
  return app;
}

/** The methods that a path is served with. */
function methodsAt({ router, routes }: Hono, path: string): readonly string[] {
  const methods = new Set(routes.map(({ method }) => method));
  methods.delete("ALL");
  return [...methods].filter((method) =>
    router.match(method, path)[0].some(([[, { method: served }]]) => served === method),
  );
}

function refuseMethod({ req: { method, path } }: Context, allowed: readonly string[]): Response {
  const headers = { allow: allowed.join(", ") };
  if (method === "OPTIONS") return new Response(null, { status: 204, headers });
  const message = `${path} is not served with ${method}. It takes: ${headers.allow}.`;
  return Response.json(wireAt(path).error(new GatewayError("method_not_allowed", message)), { status: 405, headers });
}

/** The dialect of a caller who asked for a wire's path or something below it, slashes slightly wrong included; chat completions otherwise. */
function wireAt(path: string): Wire {
  const meant = path.replaceAll(/(?:\/|%2f)+/gi, "/");
  return Object.values(wires).find((wire) => meant.startsWith(wire.path)) ?? wires.chat;
}
