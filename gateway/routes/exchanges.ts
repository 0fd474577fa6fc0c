import { Hono } from "hono";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Arrival, jsonReply } from "../arrival/arrival.ts";
import { arrivalOf } from "../arrival/arrival-of.ts";
import { nodeArrival } from "../arrival/node-arrival.ts";
import { GatewayError } from "../errors.ts";
import { openExchange } from "../exchange/exchange.ts";
import { serveExchange } from "../exchange/serve.ts";
import type { Runtime } from "../runtime.ts";
import { wires } from "../wires/registry.ts";
import type { Wire } from "../wires/wire.ts";
import { pageGuard } from "./guard-against-pages.ts";

/** The end point of every dialect: chat completions, messages and responses. */
export function exchangesRoute(runtime: Runtime): Hono {
  const app = new Hono();
  for (const wire of Object.values(wires)) {
    app.post(wire.path, function exchange(c) {
      return serve(wire, runtime, arrivalOf(c));
    });
  }
  return app;
}

/** Answers a request that came through a port, or leaves it alone and says so with false. */
export type AnswerDirectly = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

/**
 * The same end points without the router (docs/decisions/0019). Only for what no page can have sent: whatever the
 * guard against pages has a word to say of is left to the router.
 */
export function answerExchanges(runtime: Runtime): AnswerDirectly {
  const { isHarmless } = pageGuard(runtime);
  const wiresByPath = new Map<string | undefined, Wire>(Object.values(wires).map((wire) => [wire.path, wire]));
  return function answerDirectly(incoming, outgoing) {
    const { method, url, headers } = incoming;
    const wire = method === "POST" ? wiresByPath.get(url) : undefined;
    if (!wire || !isHarmless(headers)) return false;
    const arrival = nodeArrival(incoming, outgoing);
    serve(wire, runtime, arrival).catch((thrown: unknown) => {
      const error = GatewayError.from(thrown);
      runtime.report(`POST ${wire.path} broke: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
      if (outgoing.headersSent) outgoing.destroy();
      else arrival.reply(jsonReply(wire.error(error), error.status, {}));
    });
    return true;
  };
}

async function serve(wire: Wire, runtime: Runtime, arrival: Arrival): Promise<Response> {
  return serveExchange(openExchange(wire, runtime, arrival));
}
