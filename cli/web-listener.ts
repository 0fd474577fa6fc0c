import { getRequestListener, type HttpBindings } from "@hono/node-server";
import type { RequestListener } from "node:http";
import { refuseUnreadable } from "./refuse-unreadable.ts";

/** Leads what comes through a port to a web application; `node` are Node's own objects of the request. */
export function webListener(
  fetch: (request: Request, node: HttpBindings) => Response | Promise<Response>,
): RequestListener {
  const listener = getRequestListener((request, node) => fetch(request, node as HttpBindings), {
    // Clients of HTTP/1.0 need not name a host.
    hostname: "localhost",
    errorHandler: refuseUnreadable,
  });
  return (incoming, outgoing) => void listener(incoming, outgoing);
}
