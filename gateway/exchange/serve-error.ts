import { jsonReply } from "../arrival/arrival.ts";
import type { GatewayError } from "../errors.ts";
import { closeExchange } from "./close-exchange.ts";
import { type Exchange, noteFailure } from "./exchange.ts";
import { proctorHeaders } from "./reply-headers.ts";

/** Ends an exchange with an error in the client's dialect. */
export function serveError(exchange: Exchange, error: GatewayError): Response {
  const { wire, root, runtime } = exchange;
  exchange.verdict = undefined;
  noteFailure(exchange, error);
  if (error.code === "internal") {
    const { cause } = error;
    root.span.recordException(cause instanceof Error ? cause : String(cause));
    runtime.report(`Request ${exchange.traceId} broke: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const headers = { ...proctorHeaders(exchange), ...error.options.headers };
  const reply = jsonReply(wire.error(error), error.status, headers);
  closeExchange(exchange, reply.status, reply.body);
  return exchange.arrival.reply(reply);
}
