import { createParser } from "eventsource-parser";
import { GatewayError } from "../errors.ts";
import { joinedBytes } from "../joined-bytes.ts";
import { parseObject } from "./json.ts";

/** One frame of a server-sent event stream: its bytes, blank line included, and what it says. */
export interface ServerSentFrame {
  readonly bytes: Uint8Array;
  readonly event: string | undefined;
  /** The data lines joined; undefined for a frame of comments only. */
  readonly data: string | undefined;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** A single event of more bytes than this is nobody's answer. */
const mostFrameBytes = 16 * 1024 * 1024;

/** As many bytes before a chunk as a blank line that ends in it may begin in. */
const overlap = 3;

/**
 * Cuts a byte stream into server-sent event frames without changing a byte: joined, the frames are the stream. However
 * the stream was cut into chunks, the frames are the same. Throws when a frame is longer than 16 MiB.
 *
 * The one exception is a last event without its blank line. The standard has readers ignore it (HTML, section 9.2.6), but
 * some servers end so, and clients take the end of the stream for the end of the answer. Where its data is whole, it is
 * read and gets its blank line, so that what is sent next is not read as a part of it; where it was cut off, it is left out.
 */
export async function* readFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentFrame> {
  let held: Uint8Array[] = [];
  let length = 0;
  let tail: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    held.push(chunk);
    const seam = joinedBytes([tail, chunk]);
    length += chunk.length;
    tail = seam.subarray(-overlap);
    // Only where a frame ends are the chunks joined, so that a long frame in small chunks costs no more than its length.
    if (frameEnd(seam, 0) === -1) {
      if (length > mostFrameBytes)
        throw new GatewayError("stream_broken", "The provider sent a stream event of more than 16 MiB.");
      continue;
    }
    let rest: Uint8Array = joinedBytes(held);
    for (let end = frameEnd(rest, 0); end !== -1; end = frameEnd(rest, 0)) {
      yield toFrame(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    held = [rest];
    length = rest.length;
    tail = rest.subarray(-overlap);
  }
  const rest = Buffer.concat(held, length);
  if (rest.length === 0) return;
  const isEnded = endsWithBlankLine(rest) || rest.every((byte) => byte === lineFeed || byte === carriageReturn);
  const last = toFrame(isEnded ? rest : withBlankLine(rest));
  if (isEnded || last.data === undefined || isWhole(last.data)) yield last;
}

function withBlankLine(rest: Uint8Array): Uint8Array {
  return Buffer.concat([rest, Buffer.from(rest.at(-1) === lineFeed ? "\n" : "\n\n")]);
}

/** What was cut off is neither a JSON object nor the marker that ends a stream. */
function isWhole(data: string): boolean {
  return data === "[DONE]" || parseObject(data) !== undefined;
}

/**
 * The lines of a frame that were read: its data, and its event name when that is `event`. Comments, ids and fields that
 * nobody knows are left out, since whoever examined the data has not seen them. A frame of data alone keeps its bytes.
 */
export function onlyRead({
  bytes,
  event,
}: {
  readonly bytes: Uint8Array;
  readonly event?: string | undefined;
}): Uint8Array {
  const text = Buffer.from(bytes).toString("utf8");
  // A byte order mark is read over, and would hide the first line from a client that gets something else before it.
  const unmarked = text.startsWith("\ufeff") ? text.slice(1) : text;
  const lines = unmarked.split(/\r\n|\n|\r/);
  const isRead = (line: string) =>
    /^data(?::|$)/.test(line) ||
    (event !== undefined && line.replace(/^event: ?/, "") === event && line.startsWith("event:"));
  if (unmarked === text && lines.every((line) => line === "" || isRead(line))) return bytes;
  const kept = lines.filter(isRead);
  return Buffer.from(kept.length === 0 ? "" : `${kept.join("\n")}\n\n`);
}

/**
 * Index after the first blank line, or -1. A carriage return at the very end is left for the next chunk, which may bring
 * its line feed.
 */
function frameEnd(bytes: Uint8Array, from: number): number {
  for (let at = lineBreak(bytes, from); at !== -1;) {
    const first = lineEnd(bytes, at);
    const second = lineEnd(bytes, first);
    if (second !== -1 && !(second === bytes.length && bytes[second - 1] === carriageReturn)) return second;
    at = lineBreak(bytes, first);
  }
  return -1;
}

/** So many bytes are looked at for one kind of line ending before the other is looked for. */
const lookAhead = 4096;

/** Index of the first line ending, or -1. */
function lineBreak(bytes: Uint8Array, from: number): number {
  for (let start = from; start < bytes.length; start += lookAhead) {
    const ahead = bytes.subarray(start, start + lookAhead);
    const feed = ahead.indexOf(lineFeed);
    const carriage = (feed === -1 ? ahead : ahead.subarray(0, feed)).indexOf(carriageReturn);
    const found = carriage === -1 ? feed : carriage;
    if (found !== -1) return start + found;
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

/** A frame as nearly all are: one line of data, and a name before it or none. */
const usual = /^(?:event:(?: (?=[^\r\n])|(?! ))([^\r\n]+)\n)?data:(?: (?=[^\r\n])|(?! ))([^\r\n]+)\n\n$/;

function toFrame(bytes: Uint8Array): ServerSentFrame {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  const [whole, name, line] = usual.exec(text) ?? [];
  return whole === undefined ? parsedFrame(bytes, text) : { bytes, event: name, data: line };
}

function parsedFrame(bytes: Uint8Array, text: string): ServerSentFrame {
  let event: string | undefined;
  let data: string | undefined;
  const parser = createParser({
    onEvent: (message) => {
      event = message.event;
      data = message.data;
    },
  });
  parser.feed(text);
  return { bytes, event, data };
}
