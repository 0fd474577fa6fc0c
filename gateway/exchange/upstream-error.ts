import { attribute } from "../../tracing/index.ts";
import { GatewayError } from "../errors.ts";
import { within } from "../within.ts";
import { readWhole } from "../routing/read-whole.ts";
import { type JsonObject, objectOf, parseObject, stringOf } from "../wires/json.ts";
import { type Attempt, failAttempt } from "./attempt.ts";
import type { Exchange } from "./exchange.ts";
import { closeExchange } from "./close-exchange.ts";
import { holding } from "./examine-exchange.ts";
import { replyHeaders } from "./reply-headers.ts";

/** A failed vendor says why in a few lines and at once. */
const mostErrorBytes = 1024 * 1024;
const errorBodyMs = 5000;

/**
 * Passes a vendor's failure on with its status. A body in the client's dialect keeps its bytes, except that a refused key
 * is said to be ours and not the client's, and that a guarded model's failure says no more than message, type, code and
 * param: some vendors quote what the model said. Anything else is put into a sentence. A status that is no failure of HTTP
 * (a redirect, say) is a 502: a client must not follow it around the gateway.
 */
export async function serveUpstreamError(exchange: Exchange, attempt: Attempt): Promise<Response> {
  const { reply, target } = attempt.generation;
  const text = await readErrorText(reply.body, target.provider.name);
  await attempt.generation.abandon();
  const isFailure = reply.status >= 400 && reply.status <= 599;
  const isHeld = holding(attempt).run.length > 0;
  const error = new GatewayError(
    "provider_failed",
    sentenceFor(attempt, isHeld ? "" : text.trim().slice(0, 500), text),
    {
      status: isFailure ? reply.status : 502,
    },
  );
  attempt.generation.span.set({ [attribute.httpStatus]: reply.status });
  attempt.generation.span.setBody(attribute.outputValue, text);
  failAttempt(attempt, error);
  exchange.root.fail(error.code, error.message);
  exchange.error = error;
  const headers = { ...replyHeaders(exchange, reply), "content-type": "application/json" };
  const vendor = isFailure ? parseObject(text) : undefined;
  const body = vendor && exchange.wire.isError(vendor) ? vendorBody(vendor, text, error, attempt) : undefined;
  const said = body ?? JSON.stringify(exchange.wire.error(error));
  closeExchange(exchange, error.status, said);
  return exchange.arrival.reply({ status: error.status, headers, body: said });
}

function vendorBody(vendor: JsonObject, text: string, error: GatewayError, attempt: Attempt): string {
  const { generation } = attempt;
  const isHeld = holding(attempt).run.length > 0;
  const isOurKey = !generation.target.provider.passesCallerKey && (error.status === 401 || error.status === 403);
  if (!isOurKey && !isHeld) return text;
  const said = { ...objectOf(vendor["error"]), ...(isOurKey ? { message: error.message } : {}) };
  if (!isHeld) return JSON.stringify({ ...vendor, error: said });
  const { message, type, code, param } = objectOf(said);
  const known = { message, type, code, param };
  return JSON.stringify({ ...(vendor["type"] === "error" ? { type: "error" } : {}), error: known });
}

function sentenceFor({ generation }: Attempt, beginning: string, text: string): string {
  const { reply, target } = generation;
  const said = stringOf(objectOf(parseObject(text)?.["error"])["message"]) || beginning;
  const what = said === "" ? (text === "" ? " with an empty body" : "") : `: ${said}`;
  const { name } = target.provider;
  if (reply.status !== 401 && reply.status !== 403) return `Provider "${name}" answered ${reply.status}${what}`;
  return `Provider "${name}" refused the key that Proctor is configured with (${reply.status})${what}`;
}

/** Reads what comes in time; a vendor that fails slowly is not waited for. */
async function readErrorText(body: AsyncIterable<Uint8Array>, provider: string): Promise<string> {
  const whole = readWhole(body, provider, mostErrorBytes).catch(() => undefined);
  return (await within(whole, errorBodyMs))?.toString("utf8") ?? "";
}
