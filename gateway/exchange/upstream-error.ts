import { attribute } from "../../tracing/index.ts";
import { GatewayError } from "../errors.ts";
import { readWhole } from "../routing/generate.ts";
import { isJsonObject, type JsonObject, objectOf, stringOf } from "../wires/json.ts";
import type { Wire } from "../wires/wire.ts";
import { type Attempt, failAttempt } from "./attempt.ts";
import { closeExchange, type Exchange } from "./exchange.ts";
import { passedOnHeaders, proctorHeaders } from "./reply-headers.ts";

/**
 * Passes a vendor's failure on with its status. A body in the client's dialect keeps its bytes, except that a refused key
 * is said to be ours and not the client's; anything else is put into a sentence, with the body's beginning.
 */
export async function serveUpstreamError(exchange: Exchange, attempt: Attempt): Promise<Response> {
  const { reply, target } = attempt.generation;
  const bytes = await readWhole(reply.body, target.provider.name).catch(() => Buffer.alloc(0));
  const text = bytes.toString("utf8");
  const error = new GatewayError("provider_failed", sentenceFor(target.provider.name, reply.status, text), {
    status: reply.status,
  });
  attempt.generation.span.set({ [attribute.httpStatus]: reply.status });
  attempt.generation.span.setBody(attribute.outputValue, text);
  failAttempt(attempt, error);
  exchange.root.fail(error.code, error.message);
  const headers = { ...passedOnHeaders(reply.headers), ...proctorHeaders(exchange) };
  const body = bodyFor(exchange.wire, error, text, target.provider.passesCallerKey ?? false);
  closeExchange(exchange, reply.status, body);
  return new Response(body, { status: reply.status, headers: { ...headers, "content-type": "application/json" } });
}

function bodyFor(wire: Wire, error: GatewayError, text: string, passesCallerKey: boolean): string {
  const vendor = parsed(text);
  if (!vendor || !wire.isError(vendor)) return JSON.stringify(wire.error(error));
  const isOurKey = !passesCallerKey && (error.status === 401 || error.status === 403);
  if (!isOurKey) return text;
  return JSON.stringify({ ...vendor, error: { ...objectOf(vendor["error"]), message: error.message } });
}

function sentenceFor(provider: string, status: number, text: string): string {
  const said = stringOf(objectOf(parsed(text)?.["error"])["message"]) || text.trim().slice(0, 500);
  const what = said === "" ? "with an empty body" : `: ${said}`;
  if (status !== 401 && status !== 403)
    return `Provider "${provider}" answered ${status}${said === "" ? " " : ""}${what}`;
  return `Provider "${provider}" refused the key that Proctor is configured with (${status})${said === "" ? " " : ""}${what}`;
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
