import { Hono } from "hono";
import type { Runtime } from "../runtime.ts";

/** `GET /v1/models`: the aliases, in a shape that the clients of both wires read. */
export function modelsRoute({ aliases }: Runtime): Hono {
  const started = new Date();
  return new Hono().get("/v1/models", function listModels(c) {
    const data = [...aliases.values()].map(({ name, role }) => ({
      id: name,
      object: "model",
      type: "model",
      display_name: `${name} (${role})`,
      created: Math.floor(started.getTime() / 1000),
      created_at: started.toISOString(),
      owned_by: "proctor",
    }));
    return c.json({
      object: "list",
      data,
      has_more: false,
      first_id: data.at(0)?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
    });
  });
}
