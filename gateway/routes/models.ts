import { Hono } from "hono";
import { z } from "zod";
import { GatewayError } from "../errors.ts";
import { listed } from "../listed.ts";
import { clientDialect } from "../providers/client-dialect.ts";
import type { Alias } from "../routing/alias.ts";
import type { Runtime } from "../runtime.ts";
import type { JsonObject } from "../wires/json.ts";
import { wires } from "../wires/registry.ts";

/**
 * `GET /v1/models` and `GET /v1/models/{id}`: the aliases, as the caller's own vendor lists models. Never traced, since
 * nothing is generated.
 */
export function modelsRoute(runtime: Runtime): Hono {
  const started = new Date();
  return new Hono()
    .get("/v1/models", function listModels(c) {
      return answer(c.req.raw, (inMessages) => {
        const models = known(runtime, c.req.raw);
        if (!inMessages) return { object: "list", data: models.map((alias) => chatModel(alias, started)) };
        return page(models, new URL(c.req.url).searchParams, started);
      });
    })
    .get("/v1/models/:id{.+}", function showModel(c) {
      return answer(c.req.raw, (inMessages) => {
        const id = c.req.param("id");
        const models = known(runtime, c.req.raw);
        const alias = models.find(({ name }) => name === id);
        if (alias) return inMessages ? messagesModel(alias, started) : chatModel(alias, started);
        const names = listed(models.map(({ name }) => name));
        throw new GatewayError("model_not_found", `No model "${id}". Known: ${names}.`, { param: "model" });
      });
    });
}

function answer(request: Request, body: (inMessages: boolean) => JsonObject): Response {
  const dialect = clientDialect(Object.fromEntries(request.headers));
  try {
    return Response.json(body(dialect === "messages"));
  } catch (thrown) {
    const error = GatewayError.from(thrown);
    return Response.json(wires[dialect].error(error), { status: error.status, headers: error.options.headers ?? {} });
  }
}

/** The aliases that the caller may know. */
function known({ access, aliases }: Runtime, request: Request): readonly Alias[] {
  const caller = access.identify(Object.fromEntries(request.headers));
  return [...aliases.values()].filter(({ name }) => caller.mayUse(name));
}

function chatModel({ name }: Alias, started: Date): JsonObject {
  return { id: name, object: "model", created: Math.floor(started.getTime() / 1000), owned_by: "proctor" };
}

function messagesModel({ name, role }: Alias, started: Date): JsonObject {
  return { type: "model", id: name, display_name: `${name} (${role})`, created_at: started.toISOString() };
}

const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(20),
  after_id: z.string().optional(),
  before_id: z.string().optional(),
});

/** One page, after or before a model; without either, the first. */
function page(models: readonly Alias[], query: URLSearchParams, started: Date): JsonObject {
  const { limit, after_id: after, before_id: before } = readQuery(query);
  const places = models.map(({ name }) => name);
  const from = after === undefined ? 0 : placeOf(after, places) + 1;
  const to = before === undefined ? models.length : placeOf(before, places);
  const within = models.slice(from, to);
  // The page before a model is the one that ends at it.
  const shown = before === undefined ? within.slice(0, limit) : within.slice(-limit);
  return {
    data: shown.map((alias) => messagesModel(alias, started)),
    has_more: shown.length < within.length,
    first_id: shown.at(0)?.name ?? null,
    last_id: shown.at(-1)?.name ?? null,
  };
}

function readQuery(query: URLSearchParams): z.output<typeof pageQuery> {
  const parsed = pageQuery.safeParse(Object.fromEntries(query));
  if (parsed.success) return parsed.data;
  const limit = query.get("limit") ?? "";
  throw new GatewayError("invalid_request", `"limit" is ${JSON.stringify(limit)}, and must be from 1 to 1000.`, {
    param: "limit",
  });
}

function placeOf(id: string, places: readonly string[]): number {
  const place = places.indexOf(id);
  if (place !== -1) return place;
  throw new GatewayError("invalid_request", `No model "${id}" to list from. Known: ${listed(places)}.`);
}
