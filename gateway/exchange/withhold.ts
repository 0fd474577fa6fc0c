import { jsonReply, type WholeReply } from "../arrival/arrival.ts";
import { GatewayError } from "../errors.ts";
import type { Examination } from "../guardrails/examine.ts";
import type { Refusal, ReplyParts } from "../wires/wire.ts";
import type { Exchange, ServableRequest } from "./exchange.ts";
import { proctorComment, proctorHeaders, proctorSummary } from "./reply-headers.ts";

/** Sentence for the client from whom an answer is withheld, or whose request is refused; repeats nothing of it. */
export function withheldBecause({ decidedBy }: Examination): string {
  if (!decidedBy) return "This answer was withheld.";
  const { evaluator, outcome, reason } = decidedBy.evaluation;
  const what = decidedBy.guardrail.stage === "input" ? "This request was refused" : "This answer was withheld";
  return outcome === "fail"
    ? `${what} because it did not pass "${evaluator}". ${reason}`
    : `${what} because "${evaluator}" could not examine it (${outcome}). ${reason}`;
}

/** The error form of a block: HTTP 422, or the error event of a stream that has begun. */
export function blockError(exchange: Exchange, examination: Examination): GatewayError {
  const evaluator = examination.decidedBy?.evaluation.evaluator ?? "guardrail";
  return new GatewayError("guardrail_blocked", withheldBecause(examination), {
    bodyCode: evaluator,
    details: { code: evaluator, proctor: proctorSummary(exchange) },
  });
}

/** The refuse form of a block: a normal reply in the client's dialect that says so. */
export function refusalOf(
  exchange: Exchange,
  { parts }: ServableRequest,
  reply: ReplyParts,
  examination: Examination,
): Refusal {
  return {
    model: parts.model,
    message: withheldBecause(examination),
    usage: reply.usage,
    wantsUsage: parts.wantsUsage,
    proctor: proctorSummary(exchange),
  };
}

/** The refusal as a whole stream, with our comment before its last frame. */
export function refusalStream(exchange: Exchange, refusal: Refusal): string {
  const frames = exchange.wire.refusalFrames(refusal);
  return [...frames.slice(0, -1), proctorComment(exchange), ...frames.slice(-1)].join("");
}

/** A blocked reply whose status and headers are still ours to choose. */
export function blockedReply(
  exchange: Exchange,
  request: ServableRequest,
  reply: ReplyParts,
  examination: Examination,
): WholeReply {
  const { wire } = exchange;
  const headers = proctorHeaders(exchange);
  if (examination.decidedBy?.guardrail.onBlock === "error") {
    const error = blockError(exchange, examination);
    return jsonReply(wire.error(error), error.status, headers);
  }
  const refusal = refusalOf(exchange, request, reply, examination);
  if (!request.parts.stream) return jsonReply(wire.refusal(refusal), 200, headers);
  return { status: 200, headers: { ...streamHeaders, ...headers }, body: refusalStream(exchange, refusal) };
}

export const streamHeaders = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache",
} as const;
