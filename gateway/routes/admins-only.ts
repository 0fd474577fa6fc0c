import type { MiddlewareHandler } from "hono";
import { GatewayError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";

/** Lets only admin keys pass where keys are configured: traces hold what everyone wrote, and metrics what everyone does. */
export function adminsOnly({ access }: Runtime): MiddlewareHandler {
  return async function checkAdmin(c, next) {
    try {
      const { isAdmin, name } = access.identify(Object.fromEntries(c.req.raw.headers));
      if (!isAdmin)
        throw new GatewayError(
          "forbidden",
          `The key "${name}" may not read ${c.req.path}: that takes a key with "admin: true".`,
        );
    } catch (thrown) {
      const { code, message, status, options } = GatewayError.from(thrown);
      return Response.json({ error: { httpCode: status, message, code } }, { status, headers: { ...options.headers } });
    }
    await next();
    return undefined;
  };
}
