import { createCollector } from "../wires/collect.ts";
import { gatherAnswer } from "./answer-cache/keep-answer.ts";
import type { ReplyParts } from "../wires/wire.ts";
import { type Attempt, completeGeneration } from "./attempt.ts";
import { examineUnheld, holding } from "./examine-exchange.ts";
import { type Exchange, refuseIfClientLeft, type ServableRequest, textOf } from "./exchange.ts";
import { closeExchange } from "./close-exchange.ts";
import { reachVerdict } from "./reach-verdict.ts";
import { parseReply, readReplyBytes } from "./read-reply.ts";
import { replyHeaders } from "./reply-headers.ts";
import { blockedReply, withheldBecause } from "./withhold.ts";

/** Serves a reply that comes in one piece: read, examined, and then its bytes as they came, or a refusal. */
export async function serveWhole(exchange: Exchange, request: ServableRequest, attempt: Attempt): Promise<Response> {
  if (holding(attempt).run.length === 0) return serveUnheld(exchange, request, attempt);
  const { held, examination, isReleased } = await reachVerdict(exchange, request, attempt);
  if (isReleased && "text" in held.content) return sendWhole(exchange, request, { ...held, ...held.content });
  const refusal = blockedReply(exchange, request, held.reply, examination);
  closeExchange(exchange, refusal.status, withheldBecause(examination));
  return exchange.arrival.reply(refusal);
}

async function serveUnheld(exchange: Exchange, request: ServableRequest, attempt: Attempt): Promise<Response> {
  const bytes = await readReplyBytes(attempt);
  const collector = createCollector();
  const text = bytes.toString("utf8");
  collector.add(exchange.wire.readReply(parseReply(text, exchange, attempt)));
  const reply = collector.parts();
  completeGeneration(exchange, attempt, reply);
  await examineUnheld(exchange, request, { attempt, reply });
  refuseIfClientLeft(exchange);
  return sendWhole(exchange, request, { attempt, reply, text, bytes });
}

interface WholeAnswer {
  readonly attempt: Attempt;
  readonly reply: ReplyParts;
  readonly text: string;
  readonly bytes: Buffer<ArrayBuffer>;
}

function sendWhole(
  exchange: Exchange,
  request: ServableRequest,
  { attempt, reply, text, bytes }: WholeAnswer,
): Response {
  const { reply: received } = attempt.generation;
  const headers = replyHeaders(exchange, received);
  closeExchange(exchange, received.status, textOf(reply));
  const answer = gatherAnswer(exchange, request);
  answer.add(bytes);
  answer.keep(reply, { status: received.status, contentType: headers["content-type"] ?? "application/json" });
  // A text leaves in one write with its head. Only bytes that are no characters would not come out of it as they came.
  const body = text.includes("\ufffd") ? bytes : text;
  return exchange.arrival.reply({ status: received.status, headers, body });
}
