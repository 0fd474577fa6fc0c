import { GatewayError } from "../errors.ts";
import { readWhole } from "../routing/read-whole.ts";
import { createCollector } from "../wires/collect.ts";
import { type JsonObject, parseObject } from "../wires/json.ts";
import { faultInReply } from "../wires/json-fault.ts";
import { gatherAnswer } from "./answer-cache/keep-answer.ts";
import { type Attempt, completeGeneration, examineReply, failAttempt } from "./attempt.ts";
import { type Exchange, refuseIfClientLeft, type ServableRequest, textOf } from "./exchange.ts";
import { closeExchange } from "./close-exchange.ts";
import { replyHeaders } from "./reply-headers.ts";
import { blockedReply, withheldBecause } from "./withhold.ts";

/** Serves a reply that comes in one piece: read, examined, and then its bytes as they came, or a refusal. */
export async function serveWhole(exchange: Exchange, request: ServableRequest, attempt: Attempt): Promise<Response> {
  const { reply } = attempt.generation;
  const bytes = await readReplyBytes(attempt);
  const collector = createCollector();
  const text = bytes.toString("utf8");
  collector.add(exchange.wire.readReply(parseReply(text, exchange, attempt)));
  const parts = collector.parts();
  completeGeneration(exchange, attempt, parts);
  const examination = await examineReply(exchange, request, attempt, parts);
  refuseIfClientLeft(exchange);
  if (examination.effect === "block") {
    const refusal = blockedReply(exchange, request, parts, examination);
    closeExchange(exchange, refusal.status, withheldBecause(examination));
    return exchange.arrival.reply(refusal);
  }
  const headers = replyHeaders(exchange, reply);
  closeExchange(exchange, reply.status, textOf(parts));
  const answer = gatherAnswer(exchange, request);
  answer.add(bytes);
  answer.keep(parts, { status: reply.status, contentType: headers["content-type"] ?? "application/json" });
  // A text leaves in one write with its head. Only bytes that are no characters would not come out of it as they came.
  const body = text.includes("\ufffd") ? bytes : text;
  return exchange.arrival.reply({ status: reply.status, headers, body });
}

/** The reply, whole; when it breaks off, its spans are ended. */
export async function readReplyBytes(attempt: Attempt): Promise<Buffer<ArrayBuffer>> {
  try {
    return await readWhole(attempt.generation.reply.body, attempt.generation.target.provider.name);
  } catch (thrown) {
    const error = GatewayError.from(thrown);
    failAttempt(attempt, error);
    throw error;
  }
}

/** A reply that cannot be read cannot be examined, and no client could read it either. */
function parseReply(text: string, exchange: Exchange, attempt: Attempt): JsonObject {
  const body = parseObject(text);
  const fault = faultIn(body, text, exchange);
  if (body && fault === undefined) return body;
  throw failUnreadable(attempt, fault);
}

/** Ends the attempt whose reply, whole as it is, says nothing that can be passed on. */
export function failUnreadable(attempt: Attempt, fault: string | undefined): GatewayError {
  const { name } = attempt.generation.target.provider;
  const error = new GatewayError("provider_failed", `Provider "${name}" answered with a body that ${fault}.`);
  failAttempt(attempt, error);
  return error;
}

function faultIn(body: JsonObject | undefined, text: string, { wire, stream }: Exchange): string | undefined {
  if (!body) return "is not a JSON object";
  if (wire.isError(body)) return "is an error, although its status says success";
  // A client that reads events would find none in it, and take that for an empty answer.
  if (stream) return "is in one piece, although a stream was asked for";
  return faultInReply(text);
}
