import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import { IncomingMessage } from "node:http";
import type { Arrival } from "./arrival.ts";
import { nodeArrival } from "./node-arrival.ts";
import { webArrival } from "./web-arrival.ts";

/** The request of a route. Behind a port it is read and answered with Node's own objects, which cost a fraction of the web's. */
export function arrivalOf({ env, req }: Context): Arrival {
  const { incoming, outgoing } = (env ?? {}) as Partial<HttpBindings>;
  return incoming instanceof IncomingMessage && outgoing ? nodeArrival(incoming, outgoing) : webArrival(req.raw);
}
