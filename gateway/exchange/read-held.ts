import { beginExamination, type BegunExamination } from "../../evaluators/index.ts";
import { GatewayError } from "../errors.ts";
import type { Guardrail } from "../guardrails/guardrail.ts";
import { brokenStream } from "../routing/upstream-failure.ts";
import { type Collector, createCollector } from "../wires/collect.ts";
import { onlyRead } from "../wires/server-sent-frames.ts";
import type { ReplyDelta, ReplyEvent, ReplyParts } from "../wires/wire.ts";
import { within } from "../within.ts";
import { type Attempt, failAttempt } from "./attempt.ts";
import { holding } from "./examine-exchange.ts";
import { type Exchange, outputSample, type ServableRequest } from "./exchange.ts";
import { isHidden, replyEvents, unfinished } from "./serve-stream.ts";
import { parseReply, readReplyBytes } from "./read-reply.ts";

/** An answer that has been read and not been sent. */
export interface Held {
  readonly attempt: Attempt;
  readonly reply: ReplyParts;
  /** What is sent where it may leave: a body, or the frames of a stream up to its last. */
  readonly content:
    | { readonly text: string; readonly bytes: Buffer<ArrayBuffer> }
    | { readonly frames: readonly Uint8Array[]; readonly end: Uint8Array };
  /** Examinations that were begun while it arrived. */
  readonly begun: ReadonlyMap<Guardrail, BegunExamination>;
  /** Says that it is longer than what is held back; of a stream `rest` is still to come. */
  readonly tooLong?: string | undefined;
  readonly rest?: { readonly events: AsyncGenerator<ReplyEvent>; readonly collector: Collector } | undefined;
}

/** Reads an answer, stream or not, to its end or to the bound of what is held back. Throws `GatewayError` when it broke. */
export function readHeld(exchange: Exchange, request: ServableRequest, attempt: Attempt): Promise<Held> {
  const { headers } = attempt.generation.reply;
  const isStream = headers["content-type"]?.includes("text/event-stream") ?? false;
  if (!isStream) return holdWhole(exchange, attempt);
  if (request.parts.stream) return holdStream(exchange, request, attempt);
  return refuseStream(attempt);
}

/** No client that waits for a body could read it. */
export async function refuseStream(attempt: Attempt): Promise<never> {
  const { name } = attempt.generation.target.provider;
  const error = new GatewayError(
    "provider_failed",
    `Provider "${name}" answered with a stream, although none was asked for.`,
  );
  failAttempt(attempt, error);
  await attempt.generation.abandon();
  throw error;
}

async function holdWhole(exchange: Exchange, attempt: Attempt): Promise<Held> {
  const bytes = await readReplyBytes(attempt);
  const text = bytes.toString("utf8");
  const collector = createCollector();
  collector.add(exchange.wire.readReply(parseReply(text, exchange, attempt)));
  const { run } = holding(attempt);
  const tooLong = bytes.length > mostBytes(run) ? tooLongSentence(run) : undefined;
  return { attempt, reply: collector.parts(), content: { text, bytes }, begun: new Map(), tooLong };
}

/** So much may be held back. */
export function mostBytes(guardrails: readonly Guardrail[]): number {
  return Math.min(...guardrails.map(({ hold }) => hold.max_bytes));
}

/** Why nobody looked at what is longer. */
export function tooLongSentence(guardrails: readonly Guardrail[]): string {
  return `Not examined: the answer is longer than ${mostBytes(guardrails)} bytes, more than is held back (hold.max_bytes).`;
}

/** What a frame costs in memory beside its bytes. */
const frameOverheadBytes = 200;

const noBytes = new Uint8Array(0);

/** Reads up to the end of the stream. What was not read as data (comments, unknown fields) is not held and not sent. */
async function holdStream(exchange: Exchange, request: ServableRequest, attempt: Attempt): Promise<Held> {
  const collector = createCollector();
  const speculation = speculate(exchange, request, attempt);
  const frames: Uint8Array[] = [];
  const { run } = holding(attempt);
  const most = mostBytes(run);
  let length = 0;
  const events = replyEvents(exchange, attempt);
  const read = () => {
    const reply = collector.parts();
    return { attempt, reply, begun: speculation.begun(reply) };
  };
  try {
    for (let next = await events.next(); !next.done; next = await events.next()) {
      const event = next.value;
      if (event.kind === "error") throw failedMidAnswer(attempt);
      collector.add(event.deltas);
      speculation.push(event.deltas);
      if (event.kind === "end") {
        exchange.runtime.background.start(() => readRest(events));
        return { ...read(), content: { frames, end: onlyRead(event) } };
      }
      const bytes = isHidden(event, request) ? noBytes : onlyRead(event);
      if (bytes.length > 0) frames.push(bytes);
      length += event.bytes.length + frameOverheadBytes;
      if (length > most) {
        const tooLong = tooLongSentence(run);
        return { ...read(), content: { frames, end: noBytes }, tooLong, rest: { events, collector } };
      }
    }
    throw unfinished(attempt);
  } catch (thrown) {
    const error = brokenStream(thrown, attempt.generation.target.provider.name);
    failAttempt(attempt, error, collector.parts());
    await events.return(undefined);
    throw error;
  }
}

/** Lets evaluators that are code examine an answer while it arrives. */
interface Speculation {
  push(deltas: readonly ReplyDelta[]): void;
  /** What was begun, where the answer turned out to be nothing but the text that was pushed. */
  begun(reply: ReplyParts): ReadonlyMap<Guardrail, BegunExamination>;
}

function speculate(exchange: Exchange, request: ServableRequest, attempt: Attempt): Speculation {
  const nothingSaid = createCollector().parts();
  const begun = new Map<Guardrail, BegunExamination>();
  for (const guardrail of holding(attempt).run) {
    if (!guardrail.covers.includes("text")) continue;
    const sample = outputSample(guardrail, request, nothingSaid);
    const examination = beginExamination(guardrail.evaluator, sample, exchange.signal);
    if (examination) begun.set(guardrail, examination);
  }
  let pushed = "";
  return {
    push(deltas) {
      if (begun.size === 0) return;
      for (const delta of deltas) {
        if (delta.type !== "text-delta" || delta.whole) continue;
        pushed += delta.text;
        for (const examination of begun.values()) examination.push(delta.text);
      }
    },
    begun({ choices, reasoning, calls }) {
      const isPlain = choices.length <= 1 && (choices[0] ?? "") === pushed && reasoning === "" && calls.length === 0;
      return isPlain ? begun : new Map();
    },
  };
}

const restMs = 1000;

/** After its end a stream is read for a moment longer, so that the connection can be used again. */
export async function readRest(events: AsyncGenerator<unknown>): Promise<void> {
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
export function failedMidAnswer({ generation }: Attempt): GatewayError {
  return new GatewayError(
    "provider_failed",
    `Provider "${generation.target.provider.name}" failed in the middle of its answer.`,
  );
}
