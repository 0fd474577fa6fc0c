import { attribute } from "../../tracing/index.ts";
import type { Usage } from "../../evaluators/index.ts";
import { parseObject } from "../wires/json.ts";
import { type Attempt, beginAttempt } from "./attempt.ts";
import { closeExchange } from "./close-exchange.ts";
import { type Calling, type Exchange, refuseIfClientLeft, type ServableRequest } from "./exchange.ts";
import { replyHeaders } from "./reply-headers.ts";
import { failUnreadable, readReplyBytes } from "./read-reply.ts";
import { serveUpstreamError } from "./upstream-error.ts";

/** What is to be known of the reply to a small call. */
export interface CallOutcome {
  readonly usage: Usage | null;
  /** USD; null when it is not known. */
  readonly usd: number | null;
  /** For the root span; vectors do not belong there. */
  readonly outputText: string;
}

/**
 * Serves a call that is smaller than a generation: the reply's bytes are passed on as they came. No guardrail runs, because
 * no model has said anything that one could read. Throws `GatewayError`.
 */
export async function serveCall(
  exchange: Exchange,
  request: ServableRequest & { readonly calling: Calling },
  read: (bytes: Buffer, attempt: Attempt) => CallOutcome,
): Promise<Response> {
  const attempt = await beginAttempt(exchange, request);
  const { reply, span } = attempt.generation;
  if (reply.status < 200 || reply.status > 299) return serveUpstreamError(exchange, attempt);
  const bytes = await readReplyBytes(attempt);
  refuseUnreadable(bytes, exchange, attempt);
  const { usage, usd, outputText } = read(bytes, attempt);
  exchange.usage = usage;
  exchange.cost.generation = usd;
  span.end();
  attempt.span.set({ [attribute.attemptOutcome]: "accepted" });
  attempt.span.end();
  refuseIfClientLeft(exchange);
  const headers = replyHeaders(exchange, reply);
  closeExchange(exchange, reply.status, outputText);
  return exchange.arrival.reply({ status: reply.status, headers, body: bytes });
}

/** A longer body is no error's, and vectors are too many to be parsed on the way. */
const longestError = 64 * 1024;

function refuseUnreadable(bytes: Buffer, { wire }: Exchange, attempt: Attempt): void {
  const body = bytes.length > longestError ? {} : parseObject(bytes.toString("utf8"));
  if (body && !wire.isError(body)) return;
  const fault = body ? "is an error, although its status says success" : "is not a JSON object";
  throw failUnreadable(attempt, fault);
}
