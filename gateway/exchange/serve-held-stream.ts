import { GatewayError } from "../errors.ts";
import { within } from "../within.ts";
import { onlyRead } from "../wires/server-sent-frames.ts";
import { brokenStream } from "../routing/upstream-failure.ts";
import { type Collector, createCollector } from "../wires/collect.ts";
import { gatherAnswer } from "./answer-cache/keep-answer.ts";
import { type Attempt, completeGeneration, examineReply, failAttempt } from "./attempt.ts";
import { type Exchange, noteFailure, refuseIfClientLeft, type ServableRequest, textOf } from "./exchange.ts";
import { closeExchange } from "./close-exchange.ts";
import { harmlessHeaders, passedOnHeaders, proctorComment, proctorHeaders } from "./reply-headers.ts";
import { isHidden, replyEvents, unfinished } from "./serve-stream.ts";
import { blockedReply, blockError, refusalOf, refusalStream, streamHeaders, withheldBecause } from "./withhold.ts";

/** Between two comments that keep a held stream alive. */
const keepAliveMs = 5000;

const restMs = 1000;

/** A held stream is kept in memory up to here; a longer one cannot be examined and is not let through. */
const mostHeldBytes = 64 * 1024 * 1024;

/** How a held stream ends: bytes to send, or a block whose form depends on whether the reply has begun. */
type HeldOutcome =
  | { readonly type: "release"; readonly bytes: Buffer<ArrayBuffer> }
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
  const { headers: received } = attempt.generation.reply;
  if (early === undefined) {
    // What it took so far says nothing yet; the comment at the end will tell.
    const { "x-proctor-overhead-ms": _tooEarly, ...known } = proctorHeaders(exchange);
    const begun = { ...harmlessHeaders(received), ...streamHeaders, ...known };
    return exchange.arrival.stream(keepAlive(exchange, outcome), begun);
  }
  const headers = { ...passedOnHeaders(received), ...streamHeaders };
  if (early.type === "block") return early.respond();
  const body = early.bytes;
  return exchange.arrival.reply({ status: 200, headers: { ...headers, ...proctorHeaders(exchange) }, body });
}

async function* keepAlive(exchange: Exchange, outcome: Promise<HeldOutcome>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  try {
    let settled: HeldOutcome | undefined;
    while (settled === undefined) {
      yield encoder.encode(": proctor is examining this answer\n\n");
      settled = await within(outcome, keepAliveMs);
    }
    yield settled.type === "release" ? settled.bytes : encoder.encode(settled.begun());
  } catch (thrown) {
    const error = GatewayError.from(thrown);
    exchange.verdict = undefined;
    noteFailure(exchange, error);
    closeExchange(exchange, 200, "");
    yield encoder.encode(exchange.wire.errorFrame(error));
  }
}

/** Reads the stream to its end, examines it and closes every span. Rejects with `GatewayError` when the stream broke. */
async function holdStream(exchange: Exchange, request: ServableRequest, attempt: Attempt): Promise<HeldOutcome> {
  const collector = createCollector();
  const { frames, end } = await readHeld(exchange, request, attempt, collector);
  const reply = collector.parts();
  completeGeneration(exchange, attempt, reply);
  const examination = await examineReply(exchange, request, attempt, reply);
  refuseIfClientLeft(exchange);
  if (examination.effect !== "block") {
    const bytes = Buffer.concat([...frames, Buffer.from(proctorComment(exchange)), end]);
    closeExchange(exchange, 200, textOf(reply));
    const answer = gatherAnswer(exchange, request);
    for (const frame of frames) answer.add(frame);
    answer.keep(reply, { status: 200, contentType: streamHeaders["content-type"], end });
    return { type: "release", bytes };
  }
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

/** What a frame costs in memory beside its bytes. */
const frameOverheadBytes = 200;

/** Reads up to the end of the stream. What was not read as data (comments, unknown fields) is not held and not sent. */
async function readHeld(
  exchange: Exchange,
  request: ServableRequest,
  attempt: Attempt,
  collector: Collector,
): Promise<{ frames: Uint8Array[]; end: Uint8Array }> {
  const frames: Uint8Array[] = [];
  let length = 0;
  const events = replyEvents(exchange, attempt);
  try {
    for (let next = await events.next(); !next.done; next = await events.next()) {
      const event = next.value;
      if (event.kind === "error") throw failedMidAnswer(attempt);
      collector.add(event.deltas);
      if (event.kind === "end") {
        exchange.runtime.background.start(() => readRest(events));
        return { frames, end: onlyRead(event) };
      }
      const bytes = isHidden(event, request) ? noBytes : onlyRead(event);
      if (bytes.length > 0) frames.push(bytes);
      length += event.bytes.length + frameOverheadBytes;
      if (length > mostHeldBytes) throw tooLong();
    }
    throw unfinished(attempt);
  } catch (thrown) {
    const error = brokenStream(thrown, attempt.generation.target.provider.name);
    failAttempt(attempt, error, collector.parts());
    await events.return(undefined);
    throw error;
  }
}

const noBytes = new Uint8Array(0);

/** After its end a stream is read for a moment longer, so that the connection can be used again. */
async function readRest(events: AsyncGenerator<unknown>): Promise<void> {
  const drained = (async () => {
    for (let next = await events.next(); !next.done; next = await events.next()) void next;
  })().catch(() => {});
  const ended = await within(
    drained.then(() => true),
    restMs,
  );
  if (!ended) void events.return(undefined);
}

/** What a vendor says in the middle of an answer that is held back may quote the answer. */
function failedMidAnswer({ generation }: Attempt): GatewayError {
  return new GatewayError(
    "provider_failed",
    `Provider "${generation.target.provider.name}" failed in the middle of its answer.`,
  );
}

function tooLong(): GatewayError {
  return new GatewayError(
    "provider_failed",
    `The answer is longer than ${mostHeldBytes} bytes, more than Proctor holds back for examination.`,
  );
}
