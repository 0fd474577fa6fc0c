import { clientClosed, GatewayError } from "../errors.ts";
import { type Collector, createCollector } from "../wires/collect.ts";
import { readFrames } from "../wires/server-sent-frames.ts";
import type { ReplyEvent } from "../wires/wire.ts";
import { brokenStream } from "../routing/upstream-failure.ts";
import { gatherAnswer } from "./answer-cache/keep-answer.ts";
import { type Attempt, completeGeneration, failAttempt } from "./attempt.ts";
import { endUnexamined, examineUnheld } from "./examine-exchange.ts";
import { type Exchange, noteFailure, type ServableRequest, textOf } from "./exchange.ts";
import { closeExchange } from "./close-exchange.ts";
import { passedOnHeaders, proctorComment, proctorHeaders } from "./reply-headers.ts";
import { streamHeaders } from "./withhold.ts";

const encoder = new TextEncoder();

/** The events of a streamed reply. */
export async function* replyEvents(exchange: Exchange, { generation }: Attempt): AsyncGenerator<ReplyEvent> {
  for await (const frame of readFrames(generation.reply.body)) {
    yield exchange.wire.readFrame(frame);
  }
}

/** True for the usage chunk that was asked for on our own account. */
export function isHidden(event: ReplyEvent, { parts }: ServableRequest): boolean {
  return event.kind === "usage" && !parts.wantsUsage;
}

/** A stream with nothing to hold it back: every frame goes on as it comes, and what watches begins at its end. */
export function serveStream(exchange: Exchange, request: ServableRequest, attempt: Attempt): Response {
  exchange.verdict ??= "allow";
  const headers = {
    ...passedOnHeaders(attempt.generation.reply.headers),
    ...streamHeaders,
    ...proctorHeaders(exchange),
  };
  return exchange.arrival.stream(relay(exchange, request, attempt), headers);
}

/** What was read of a stream that was held, before it was decided that it goes on unexamined. */
export interface Begun {
  readonly frames: readonly Uint8Array[];
  readonly events: AsyncGenerator<ReplyEvent>;
  readonly collector: Collector;
}

/** Passes a stream on, and lets what watches begin at its end. */
export async function* relay(
  exchange: Exchange,
  request: ServableRequest,
  attempt: Attempt,
  begun?: Begun,
): AsyncGenerator<Uint8Array> {
  const { frames, events, collector } = begun ?? {
    frames: [],
    events: replyEvents(exchange, attempt),
    collector: createCollector(),
  };
  const answer = gatherAnswer(exchange, request);
  let settled = false;
  const fail = (error: GatewayError): void => {
    settled = true;
    exchange.verdict = undefined;
    failAttempt(attempt, error, collector.parts());
    noteFailure(exchange, error);
    closeExchange(exchange, 200, textOf(collector.parts()));
  };
  try {
    yield* frames;
    for await (const event of events) {
      // After its end a stream is read to the last byte, so that the connection can be used again.
      if (settled) continue;
      collector.add(event.deltas);
      if (event.kind === "end") {
        settled = true;
        const parts = collector.parts();
        completeGeneration(exchange, attempt, parts);
        await (begun ? endUnexamined : examineUnheld)(exchange, request, { attempt, reply: parts });
        const comment = proctorComment(exchange);
        closeExchange(exchange, 200, textOf(parts));
        answer.keep(parts, { status: 200, contentType: streamHeaders["content-type"], end: event.bytes });
        yield encoder.encode(comment);
      }
      if (event.kind === "error") fail(vendorStreamError(event, attempt));
      if (isHidden(event, request)) continue;
      answer.add(event.bytes);
      yield event.bytes;
    }
    if (!settled) throw unfinished(attempt);
  } catch (thrown) {
    if (settled) return;
    const error = brokenStream(thrown, attempt.generation.target.provider.name);
    fail(error);
    yield encoder.encode(exchange.wire.errorFrame(error));
  } finally {
    if (!settled) fail(clientClosed());
  }
}

/** What a vendor's own error event says, as an error of ours. */
function vendorStreamError({ deltas }: ReplyEvent, { generation }: Attempt): GatewayError {
  const message = deltas.find((delta) => delta.type === "error")?.message ?? "no message";
  return new GatewayError(
    "provider_failed",
    `Provider "${generation.target.provider.name}" failed in the middle of its answer: ${message}`,
  );
}

export function unfinished({ generation }: Attempt): GatewayError {
  return new GatewayError(
    "stream_broken",
    `Provider "${generation.target.provider.name}" ended its answer without finishing it.`,
  );
}
