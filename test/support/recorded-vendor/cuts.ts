import type { RecordedEvent } from "./dialect.ts";

/** A way to write and to cut a stream that the standard of server-sent events allows. */
export interface Cut {
  readonly name: string;
  /** The stream as text. */
  write(events: readonly RecordedEvent[]): string;
  /** Where its bytes are cut; each piece goes out on its own. */
  at(bytes: Uint8Array): readonly number[];
}

/** Every stream of the conformance tests is written and cut in one of these ways, in turn. */
export const cuts: readonly Cut[] = [
  { name: "in one piece", write: plain(), at: () => [] },
  { name: "after every byte of the first event", write: plain(), at: (bytes) => positions(bytes, (at) => at < 160) },
  {
    name: "inside UTF-8 sequences",
    write: plain(),
    at: (bytes) => positions(bytes, (at) => isContinuation(bytes, at)),
  },
  { name: "inside field names and line ends", write: plain(), at: (bytes) => aroundLines(bytes) },
  { name: "CRLF, cut between the two", write: plain({ end: "\r\n" }), at: (bytes) => aroundLines(bytes) },
  { name: "comments before, inside and after events", write: plain({ comments: true }), at: everyNth(97) },
  { name: "no space after the colon", write: plain({ space: "" }), at: everyNth(61) },
  { name: "several data lines", write: plain({ lines: true }), at: everyNth(83) },
  { name: "fields that nobody reads", write: plain({ fields: true }), at: everyNth(71) },
  { name: "no blank line at the end", write: (events) => plain()(events).replace(/\n\n$/, "\n"), at: everyNth(101) },
  { name: "no line end at the end", write: (events) => plain()(events).trimEnd(), at: everyNth(103) },
];

interface Writing {
  readonly end?: string;
  readonly space?: string;
  readonly comments?: boolean;
  readonly lines?: boolean;
  readonly fields?: boolean;
}

function plain({ end = "\n", space = " ", comments = false, lines = false, fields = false }: Writing = {}) {
  return (events: readonly RecordedEvent[]): string => {
    const frames = events.map(({ name, data }, index) => [
      ...(comments ? [": keep-alive"] : []),
      ...(comments && index === 1 ? [""] : []),
      ...(fields ? ["retry: 3000", `trace: ${index}`] : []),
      ...(name === undefined ? [] : [`event:${space}${name}`]),
      ...(comments ? [":"] : []),
      ...(lines ? dataLines(data) : [data]).map((line) => `data:${space}${line}`),
    ]);
    const text = frames.map((frame) => `${frame.join(end)}${end}${end}`).join("");
    return comments ? `${text}: bye${end}${end}` : text;
  };
}

/** JSON over several lines where it may be: line feeds between its tokens mean nothing. */
function dataLines(data: string): readonly string[] {
  return data.startsWith("{") ? JSON.stringify(JSON.parse(data), null, 1).split("\n") : [data];
}

function everyNth(size: number): (bytes: Uint8Array) => readonly number[] {
  return (bytes) => positions(bytes, (at) => at % size === 0);
}

function isContinuation(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at] ?? 0) & 0xc0) === 0x80;
}

/** Two bytes into every line, and before and after the bytes that end it. */
function aroundLines(bytes: Uint8Array): readonly number[] {
  const isEnd = (at: number) => bytes[at] === 0x0a || bytes[at] === 0x0d;
  return positions(bytes, (at) => isEnd(at) || isEnd(at - 1) || isEnd(at - 3));
}

function positions(bytes: Uint8Array, isCut: (at: number) => boolean): readonly number[] {
  return Array.from({ length: Math.max(0, bytes.length - 1) }, (_, index) => index + 1).filter(isCut);
}

/** The bytes between the cuts. */
export function cutBytes(events: readonly RecordedEvent[], cut: Cut): readonly Uint8Array[] {
  const bytes = Buffer.from(cut.write(events));
  const at = [0, ...new Set(cut.at(bytes)), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}
