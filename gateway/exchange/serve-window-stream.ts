import { clientClosed, type GatewayError } from "../errors.ts";
import type { Examination } from "../guardrails/examine.ts";
import { createWindowExaminer, type Release, type WindowExaminer } from "../guardrails/window/examine-windows.ts";
import { brokenStream } from "../routing/upstream-failure.ts";
import { type Collector, createCollector } from "../wires/collect.ts";
import { onlyRead } from "../wires/server-sent-frames.ts";
import type { ReplyEvent, StreamCut } from "../wires/wire.ts";
import { within } from "../within.ts";
import { type Attempt, completeGeneration, endAttempt, failAttempt } from "./attempt.ts";
import { closeExchange } from "./close-exchange.ts";
import { noteVerdict, startObservers } from "./examine-exchange.ts";
import { createWindowGuardrails, type StopReason } from "./examine-window.ts";
import { examineStopped, examineTooLong, examineWindowed } from "./examine-windowed.ts";
import {
  type Exchange,
  noteFailure,
  outputSample,
  refuseIfClientLeft,
  type ServableRequest,
  textOf,
} from "./exchange.ts";
import { keepAliveComment, keepAliveMs } from "./keep-alive.ts";
import { failedMidAnswer, mostBytes, readRest } from "./read-held.ts";
import { bytesToSend, dataOf } from "./released-frame.ts";
import { harmlessHeaders, headersBeforeVerdict, proctorComment } from "./reply-headers.ts";
import { isHidden, relay, replyEvents, unfinished } from "./serve-stream.ts";
import { blockedReply, blockError, refusalOf, streamHeaders, withheldBecause } from "./withhold.ts";

/** A stream that leaves sentence by sentence. */
interface Windowed {
  readonly exchange: Exchange;
  readonly request: ServableRequest;
  readonly attempt: Attempt;
  readonly collector: Collector;
  readonly examiner: WindowExaminer<ReplyEvent, StopReason>;
  /** What the client has been sent. */
  readonly cut: StreamCut;
  /** What says nothing yet. */
  readonly opening: Release<ReplyEvent, StopReason>["frames"][number][];
  /** What has been read and has not left. */
  readonly waiting: Uint8Array[];
  /** True once the reply has begun, so that it has no status of its own any more. */
  hasBegun: boolean;
  /** True once it is decided how the exchange ends. */
  isSettled: boolean;
}

/** Sends a stream sentence by sentence, each after its check. Until the first may leave, a block has its own status and headers. */
export async function serveWindowStream(
  exchange: Exchange,
  request: ServableRequest,
  attempt: Attempt,
): Promise<Response> {
  const windowed = begin(exchange, request, attempt);
  const chunks = windows(windowed);
  const first = chunks.next();
  const early = await within(first, exchange.runtime.listen.quiet_ms);
  if (early?.done && early.value) {
    const refusal = blockedReply(exchange, request, windowed.collector.parts(), early.value);
    closeExchange(exchange, refusal.status, withheldBecause(early.value));
    return exchange.arrival.reply(refusal);
  }
  windowed.hasBegun = true;
  const { headers: received } = attempt.generation.reply;
  const headers = { ...harmlessHeaders(received), ...streamHeaders, ...headersBeforeVerdict(exchange) };
  return exchange.arrival.stream(continued(first, chunks), headers);
}

function begin(exchange: Exchange, request: ServableRequest, attempt: Attempt): Windowed {
  const collector = createCollector();
  const guardrails = createWindowGuardrails(exchange, request, attempt.windowed.run);
  const examiner = createWindowExaminer<ReplyEvent, StopReason>({
    examine: (text, kind, place) => guardrails.examine(text, kind, place),
    examineCalls: () => guardrails.examineCalls(collector.parts()),
  });
  const cut = exchange.wire.followStream();
  return {
    exchange,
    request,
    attempt,
    collector,
    examiner,
    cut,
    opening: [],
    waiting: [],
    hasBegun: false,
    isSettled: false,
  };
}

type Chunks = AsyncGenerator<Uint8Array, Examination | undefined>;

async function* continued(first: ReturnType<Chunks["next"]>, chunks: Chunks): AsyncGenerator<Uint8Array> {
  try {
    let next = await within(first, 0);
    while (next === undefined) {
      yield Buffer.from(keepAliveComment);
      next = await within(first, keepAliveMs);
    }
    for (; !next.done; next = await chunks.next()) yield next.value;
  } finally {
    await chunks.return(undefined);
  }
}

/** What leaves; at its end the examination of a stream that was stopped before anything of it had left. */
async function* windows(windowed: Windowed): Chunks {
  const { exchange, request, attempt, collector, examiner } = windowed;
  const events = replyEvents(exchange, attempt);
  let isOver = false;
  try {
    for (let next = await events.next(); !next.done; next = await events.next()) {
      const event = next.value;
      refuseErrorEvent(event, attempt);
      collector.add(event.deltas);
      const held = heldEvent(event, request);
      windowed.waiting.push(held.bytes);
      const release = await examiner.push(held);
      refuseIfClientLeft(exchange);
      if (event.kind === "end") {
        isOver = true;
        exchange.runtime.background.start(() => readRest(events));
        return yield* finish(windowed, release);
      }
      const leaving = await rendered(windowed, release.frames);
      yield* leaving.chunks;
      const why = leaving.stuck ?? release.stopped?.why;
      if (why) return yield* stop(windowed, why);
      if (examiner.heldBytes > mostBytes(attempt.windowed.run)) return yield* tooLong(windowed, events);
    }
    throw unfinished(attempt);
  } catch (thrown) {
    if (windowed.isSettled) throw thrown;
    const error = brokenStream(thrown, attempt.generation.target.provider.name);
    fail(windowed, error);
    if (!windowed.hasBegun) throw error;
    yield Buffer.from(exchange.wire.errorFrame(error));
  } finally {
    endUnsettled(windowed);
    if (!isOver) await events.return(undefined);
  }
  return undefined;
}

function refuseErrorEvent({ kind }: ReplyEvent, attempt: Attempt): void {
  if (kind === "error") throw failedMidAnswer(attempt);
}

/** The client has left in the middle. */
function endUnsettled(windowed: Windowed): void {
  if (!windowed.isSettled) fail(windowed, clientClosed());
}

/** What was not read as data is neither held nor sent. */
function heldEvent(event: ReplyEvent, request: ServableRequest): ReplyEvent {
  return { ...event, bytes: isHidden(event, request) ? new Uint8Array(0) : onlyRead(event) };
}

function fail(windowed: Windowed, error: GatewayError): void {
  const { exchange, attempt, collector } = windowed;
  windowed.isSettled = true;
  exchange.verdict = undefined;
  failAttempt(attempt, error, collector.parts());
  // Before the reply has begun the error is the reply, and is told and ends as one.
  if (!windowed.hasBegun) return;
  noteFailure(exchange, error);
  closeExchange(exchange, 200, textOf(collector.parts()));
}

/** Frames as they leave. `stuck` says why those behind them cannot: a text that is to be redacted where that cannot be done. */
interface Rendered {
  readonly chunks: readonly Uint8Array[];
  readonly stuck: StopReason | undefined;
}

async function rendered(
  windowed: Windowed,
  frames: Release<ReplyEvent, StopReason>["frames"],
  isLast = false,
): Promise<Rendered> {
  const { exchange, cut, opening, waiting } = windowed;
  waiting.splice(0, frames.length);
  opening.push(...frames);
  const chunks: Uint8Array[] = [];
  // What says nothing goes with the first that does, so that a block before it is a reply of its own.
  if (!isLast && opening.every(({ stretches }) => stretches.length === 0)) return { chunks, stuck: undefined };
  for (const frame of opening.splice(0)) {
    const bytes = await bytesToSend(exchange.wire, frame);
    if (!bytes) return { chunks, stuck: redactingGuardrail(windowed) };
    if (bytes.length === 0) continue;
    const body = await dataOf(bytes);
    if (body) cut.sent(body);
    chunks.push(bytes);
  }
  return { chunks, stuck: undefined };
}

function redactingGuardrail({ attempt, request, collector }: Windowed): StopReason | undefined {
  const guardrail = attempt.windowed.run.find(({ onFail }) => onFail.includes("redact"));
  return guardrail && { guardrail, sample: outputSample(guardrail, request, collector.parts()) };
}

/** The end of a stream that has come to its end: nothing was found in its windows, and now it is looked at as a whole. */
async function* finish(windowed: Windowed, release: Release<ReplyEvent, StopReason>): Chunks {
  const { exchange, request, attempt, collector, examiner } = windowed;
  const rest = release.stopped ? release : await examiner.end();
  const frames = release === rest ? release.frames : [...release.frames, ...rest.frames];
  const { chunks, stuck } = await rendered(windowed, frames, true);
  const why = stuck ?? rest.stopped?.why;
  if (why) {
    yield* chunks;
    return yield* stop(windowed, why);
  }
  const reply = collector.parts();
  completeGeneration(exchange, attempt, reply);
  const examination = await examineWindowed(exchange, request, { attempt, reply });
  refuseIfClientLeft(exchange);
  if (examination.effect === "block") return yield* refuse(windowed, examination);
  windowed.isSettled = true;
  noteVerdict(exchange, "output", examination);
  startObservers(exchange, request, { attempt, reply });
  endAttempt(attempt, "accepted");
  const comment = proctorComment(exchange);
  closeExchange(exchange, 200, textOf(reply));
  yield Buffer.concat([...chunks.slice(0, -1), Buffer.from(comment), ...chunks.slice(-1)]);
  return undefined;
}

/** Ends the stream where a window did not pass. */
async function* stop(windowed: Windowed, why: StopReason): Chunks {
  const { exchange, request, attempt, collector } = windowed;
  const reply = collector.parts();
  completeGeneration(exchange, attempt, reply);
  return yield* refuse(windowed, await examineStopped(exchange, request, { attempt, reply }, why));
}

async function* refuse(windowed: Windowed, examination: Examination): Chunks {
  const { exchange, request, attempt, collector, cut } = windowed;
  const reply = collector.parts();
  windowed.isSettled = true;
  noteVerdict(exchange, "output", examination);
  startObservers(exchange, request, { attempt, reply });
  endAttempt(attempt, "rejected");
  if (!windowed.hasBegun) return examination;
  const frames =
    examination.decidedBy?.guardrail.onBlock === "error"
      ? [exchange.wire.errorFrame(blockError(exchange, examination))]
      : cut.refuse(refusalOf(exchange, request, reply, examination));
  const comment = proctorComment(exchange);
  closeExchange(exchange, 200, withheldBecause(examination));
  yield Buffer.from([...frames.slice(0, -1), comment, ...frames.slice(-1)].join(""));
  return undefined;
}

/** More waits for the end of a sentence or a tool call than may be held. */
async function* tooLong(windowed: Windowed, events: AsyncGenerator<ReplyEvent>): Chunks {
  const { exchange, request, attempt, collector, opening, waiting } = windowed;
  const reply = collector.parts();
  const examination = await examineTooLong(exchange, request, { attempt, reply });
  if (examination.effect === "block") {
    completeGeneration(exchange, attempt, reply);
    return yield* refuse(windowed, examination);
  }
  windowed.isSettled = true;
  noteVerdict(exchange, "output", examination);
  const frames = [...opening.map(({ frame }) => frame.bytes), ...waiting];
  yield* relay(exchange, request, attempt, { frames, events, collector });
  return undefined;
}
