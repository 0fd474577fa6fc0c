import fc from "fast-check";
import type { JsonObject } from "../../gateway/wires/json.ts";

/** A way to write events that the standard allows (HTML, section 9.2), and to cut their bytes. */
export interface Framing {
  /** For each event in turn, how it is written. */
  readonly ways: readonly Way[];
  readonly hasMark: boolean;
  /** What is missing at the end of the stream. */
  readonly missing: number;
  /** Where the bytes are cut, as shares of their length; after every byte where there are none. */
  readonly cuts: readonly number[];
}

interface Way {
  readonly end: "\n" | "\r\n" | "\r";
  readonly space: "" | " ";
  readonly before: string;
  readonly between: string;
  /** Whether the JSON stands on several lines. */
  readonly isSpread: boolean;
}

const anyWay = fc.record({
  end: fc.constantFrom("\n", "\n", "\r\n", "\r"),
  space: fc.constantFrom("", " "),
  before: fc.constantFrom("", "", ": keep-alive@", ":@@", "@", "retry: 3000@", "id: 7@"),
  between: fc.constantFrom("", "", ": comment@", "trace@", "dat: a@"),
  isSpread: fc.nat(5).map((number) => number === 0),
});

export const anyFraming: fc.Arbitrary<Framing> = fc.record({
  ways: fc.array(anyWay, { minLength: 1, maxLength: 3 }),
  hasMark: fc.nat(9).map((number) => number === 0),
  missing: fc.constantFrom(0, 0, 1, 2),
  cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }),
});

/** One event: its data as a text or as an object, and its name where it has one. */
export interface WrittenEvent {
  readonly name?: string | undefined;
  readonly data: JsonObject | string;
}

/** The events of a stream as bytes. */
export function framed(events: readonly WrittenEvent[], framing: Framing): Buffer {
  const { ways, hasMark, missing } = framing;
  const frames = events.map((event, index) => {
    const way = ways[index % ways.length];
    return way ? frame(event, way) : "";
  });
  const text = frames.join("");
  const lastEnd = ways[(events.length - 1) % ways.length]?.end ?? "";
  return Buffer.from(`${hasMark ? "\ufeff" : ""}${text.slice(0, text.length - missing * lastEnd.length)}`);
}

function frame({ name, data }: WrittenEvent, { end, space, before, between, isSpread }: Way): string {
  const json = typeof data === "string" ? data : JSON.stringify(data, undefined, isSpread ? 1 : 0);
  const lines = [
    ...(name === undefined ? [] : [`event:${space}${name}@`]),
    between,
    ...json.split("\n").map((line) => `data:${space}${line}@`),
  ];
  // "@" stands for a line end where this is written; no event has one of its own there.
  const fields = before.replaceAll("@", end) + lines.map((line) => line.replace(/@$/, end)).join("");
  return fields + end;
}

/** Bytes in pieces; where the cuts fall, so do the pieces end. */
export function cutInto(bytes: Uint8Array, cuts: readonly number[]): readonly Uint8Array[] {
  const places =
    cuts.length === 0 ? Array.from(bytes, (_, at) => at) : cuts.map((share) => Math.floor(share * bytes.length));
  const at = [0, ...places.toSorted((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
}
