import { createParser } from "eventsource-parser";

/** One frame of a server-sent event stream: its bytes, blank line included, and what it says. */
export interface ServerSentFrame {
  readonly bytes: Uint8Array;
  readonly event: string | undefined;
  /** The data lines joined; undefined for a frame of comments only. */
  readonly data: string | undefined;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Cuts a byte stream into server-sent event frames without changing a byte: joined, the frames are the stream. However
 * the stream was cut into chunks, the frames are the same. A rest without a blank line comes last, as a frame without data,
 * because a reader must not act on it (HTML standard, section 9.2.6).
 */
export async function* readFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentFrame> {
  let held: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    let rest = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let scanFrom = Math.max(0, held.length - 3);
    for (let end = frameEnd(rest, scanFrom); end !== -1; end = frameEnd(rest, scanFrom)) {
      yield toFrame(rest.subarray(0, end));
      rest = rest.subarray(end);
      scanFrom = 0;
    }
    held = rest;
  }
  if (held.length === 0) return;
  yield endsWithBlankLine(held) ? toFrame(held) : { bytes: held, event: undefined, data: undefined };
}

/**
 * Index after the first blank line, or -1. A carriage return at the very end is left for the next chunk, which may bring
 * its line feed.
 */
function frameEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at += 1) {
    const first = lineEnd(bytes, at);
    if (first === -1) continue;
    const second = lineEnd(bytes, first);
    if (second !== -1 && !(second === bytes.length && bytes[second - 1] === carriageReturn)) return second;
    at = first - 1;
  }
  return -1;
}

/** Index after the line ending that begins at `at`, or -1. */
function lineEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] === lineFeed) return at + 1;
  if (bytes[at] !== carriageReturn) return -1;
  return bytes[at + 1] === lineFeed ? at + 2 : at + 1;
}

function endsWithBlankLine(bytes: Uint8Array): boolean {
  return bytes.at(-1) === carriageReturn && (bytes.at(-2) === carriageReturn || bytes.at(-2) === lineFeed);
}

function toFrame(bytes: Uint8Array): ServerSentFrame {
  let event: string | undefined;
  let data: string | undefined;
  const parser = createParser({
    onEvent: (message) => {
      event = message.event;
      data = message.data;
    },
  });
  parser.feed(Buffer.from(bytes).toString("utf8"));
  return { bytes, event, data };
}
