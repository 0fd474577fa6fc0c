import { GatewayError } from "../errors.ts";
import type { ProviderReply } from "../providers/provider.ts";
import { within } from "../within.ts";
import { gatherAnswer } from "./answer-cache/keep-answer.ts";
import type { Attempt } from "./attempt.ts";
import { closeExchange } from "./close-exchange.ts";
import { type Exchange, noteFailure, type ServableRequest, textOf } from "./exchange.ts";
import { keepAliveComment, keepAliveMs } from "./keep-alive.ts";
import { reachVerdict } from "./reach-verdict.ts";
import type { Held } from "./read-held.ts";
import {
  harmlessHeaders,
  headersBeforeVerdict,
  passedOnHeaders,
  proctorComment,
  proctorHeaders,
} from "./reply-headers.ts";
import { relay } from "./serve-stream.ts";
import { blockedReply, blockError, refusalOf, refusalStream, streamHeaders, withheldBecause } from "./withhold.ts";

type ReplyHeaders = ProviderReply["headers"];

/**
 * How a held stream ends: bytes to send, a stream that goes on unexamined because it is too long, or a block whose form depends
 * on whether the reply has begun.
 */
type HeldOutcome =
  | { readonly type: "release"; readonly bytes: Buffer<ArrayBuffer>; readonly received: ReplyHeaders }
  | { readonly type: "degrade"; readonly body: AsyncGenerator<Uint8Array>; readonly received: ReplyHeaders }
  | { readonly type: "block"; respond(): Response; begun(): string };

/**
 * Holds a stream back until the verdict. For the first `quiet_ms` nothing is sent, so that a block and a failure still
 * have a status and headers of their own; after that the reply begins with comment frames and ends as its dialect ends.
 */
export async function serveHeldStream(
  exchange: Exchange,
  request: ServableRequest,
  attempt: Attempt,
): Promise<Response> {
  const outcome = holdStream(exchange, request, attempt);
  const early = await within(outcome, exchange.runtime.listen.quiet_ms);
  if (early === undefined) {
    const { headers: received } = attempt.generation.reply;
    const begun = { ...harmlessHeaders(received), ...streamHeaders, ...headersBeforeVerdict(exchange) };
    return exchange.arrival.stream(keepAlive(exchange, outcome), begun);
  }
  if (early.type === "block") return early.respond();
  const headers = { ...passedOnHeaders(early.received), ...streamHeaders, ...proctorHeaders(exchange) };
  if (early.type === "degrade") return exchange.arrival.stream(early.body, headers);
  return exchange.arrival.reply({ status: 200, headers, body: early.bytes });
}

async function* keepAlive(exchange: Exchange, outcome: Promise<HeldOutcome>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let settled: HeldOutcome | undefined;
  let error: GatewayError | undefined;
  try {
    while (settled === undefined) {
      yield encoder.encode(keepAliveComment);
      settled = await within(outcome, keepAliveMs);
    }
    if (settled.type === "degrade") yield* settled.body;
    else yield settled.type === "release" ? settled.bytes : encoder.encode(settled.begun());
  } catch (thrown) {
    error = GatewayError.from(thrown);
    fail(exchange, error);
    yield encoder.encode(exchange.wire.errorFrame(error));
  } finally {
    if (!settled && !error) exchange.runtime.background.start(() => abandon(exchange, outcome));
  }
}

function fail(exchange: Exchange, error: GatewayError): void {
  exchange.verdict = undefined;
  noteFailure(exchange, error);
  closeExchange(exchange, 200, "");
}

/** Nobody hears any more how it ends, and it has to be closed all the same. */
async function abandon(exchange: Exchange, outcome: Promise<HeldOutcome>): Promise<void> {
  try {
    const settled = await outcome;
    if (settled.type === "block") settled.begun();
    if (settled.type !== "degrade") return;
    // A generator that never began would not clean up.
    await settled.body.next();
    await settled.body.return(undefined);
  } catch (thrown) {
    fail(exchange, GatewayError.from(thrown));
  }
}

/** Has the stream examined and closes every span. Rejects with `GatewayError` when it broke. */
async function holdStream(exchange: Exchange, request: ServableRequest, attempt: Attempt): Promise<HeldOutcome> {
  const { held, examination, isReleased } = await reachVerdict(exchange, request, attempt);
  if (isReleased && "frames" in held.content) return releaseStream(exchange, request, { ...held, ...held.content });
  const { reply } = held;
  void held.rest?.events.return(undefined);
  const isError = examination.decidedBy?.guardrail.onBlock === "error";
  const close = (status: number): void => closeExchange(exchange, status, withheldBecause(examination));
  return {
    type: "block",
    respond() {
      const refusal = blockedReply(exchange, request, reply, examination);
      close(refusal.status);
      return exchange.arrival.reply(refusal);
    },
    begun() {
      const ending = isError
        ? exchange.wire.errorFrame(blockError(exchange, examination))
        : refusalStream(exchange, refusalOf(exchange, request, reply, examination));
      close(200);
      return ending;
    },
  };
}

type HeldFrames = Omit<Held, "content"> & Extract<Held["content"], { readonly end: Uint8Array }>;

function releaseStream(exchange: Exchange, request: ServableRequest, held: HeldFrames): HeldOutcome {
  const { attempt, reply, frames, end, rest } = held;
  const { headers: received } = attempt.generation.reply;
  if (rest) return { type: "degrade", received, body: relay(exchange, request, attempt, { ...rest, frames }) };
  const bytes = Buffer.concat([...frames, Buffer.from(proctorComment(exchange)), end]);
  closeExchange(exchange, 200, textOf(reply));
  const answer = gatherAnswer(exchange, request);
  for (const frame of frames) answer.add(frame);
  answer.keep(reply, { status: 200, contentType: streamHeaders["content-type"], end });
  return { type: "release", received, bytes };
}
