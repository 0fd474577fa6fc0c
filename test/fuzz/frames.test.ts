import fc from "fast-check";
import { expect, test } from "vitest";
import { onlyRead, readFrames } from "../../gateway/wires/server-sent-frames.ts";
import { parseObject } from "../../gateway/wires/json.ts";
import { cutInto } from "./any-framing.ts";
import { always, fuzzTimeout } from "./fuzz.ts";
import { bytesOf } from "./what-was-said.ts";

const token = fc.constantFrom(
  "data", "data:", "data: ", "data:  ", "dat", "event: e", "event:", "event", ": c", "id: 1", "x", "{}", '{"a":"ä€😀"}', "[DONE]",
  "\n", "\n", "\n\n", "\r", "\r\n", "\r\n\r\n", "\u0000", "\u2028",
).map((text) => Buffer.from(text)); // prettier-ignore
const anyBytes = fc
  .tuple(fc.constantFrom("", "", "\ufeff"), fc.array(fc.oneof({ weight: 9, arbitrary: token }, fc.constantFrom("c3", "ff", "f0", "80").map((hex) => Buffer.from(hex, "hex"))), {
    maxLength: 16,
  }))
  .map(([mark, tokens]) => Buffer.concat([Buffer.from(mark), ...tokens])); // prettier-ignore
const anyCuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });

test(
  "of any bytes, however they are cut, the reader makes the events that the standard makes and loses no byte",
  async () => {
    await always(fc.tuple(anyBytes, anyCuts), 1000, async ([bytes, cuts]) => {
      const frames = await Array.fromAsync(readFrames(bytesOf(cutInto(bytes, cuts))));
      const events = frames.filter(({ data }) => data !== undefined);
      expect(events.map(({ event, data }) => ({ event, data }))).toEqual(standardEvents(bytes));
      const sent = Buffer.concat(frames.map((frame) => frame.bytes));
      // Only an end that is missing is changed: what is whole gets its blank line, what is not is left out.
      const [short, long] = sent.length <= bytes.length ? [sent, bytes] : [bytes, sent];
      expect(long.subarray(0, short.length).equals(short)).toBe(true);
      expect(long.subarray(short.length).toString("latin1")).toMatch(sent === long ? /^\n*$/ : /^(?!.*\n\n)/s);
    });
  },
  fuzzTimeout,
);

test(
  "what is kept of a frame says what the frame said, and nothing besides",
  async () => {
    await always(anyBytes, 500, async (bytes) => {
      for (const frame of await Array.fromAsync(readFrames(bytesOf([bytes])))) {
        const kept = onlyRead(frame);
        const { event, data } = frame;
        expect(standardEvents(kept)).toEqual(data === undefined ? [] : [{ event, data }]);
        const lines = Buffer.from(kept)
          .toString("utf8")
          .split(/[\r\n]/);
        expect(lines.filter((line) => line !== "" && !/^(?:data|event)/.test(line))).toEqual([]);
      }
    });
  },
  fuzzTimeout,
);

interface StandardEvent {
  readonly event: string | undefined;
  readonly data: string;
}

/** HTML, section 9.2.6, word for word; then the one exception, a last event whose blank line is missing. */
function standardEvents(bytes: Uint8Array): readonly StandardEvent[] {
  const text = new TextDecoder("utf-8").decode(bytes);
  const events = dispatched(text);
  const last = dispatched(`${text}\n\n`).slice(events.length);
  return [...events, ...last.filter(({ data }) => data === "[DONE]" || parseObject(data) !== undefined)];
}

function dispatched(text: string): readonly StandardEvent[] {
  const events: StandardEvent[] = [];
  let event = "";
  let data: string[] = [];
  for (const line of text.split(/\r\n|\n|\r/).slice(0, -1)) {
    const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/su.exec(line) ?? [];
    if (line === "") {
      if (data.length > 0) events.push({ event: event === "" ? undefined : event, data: data.join("\n") });
      event = "";
      data = [];
    } else if (field === "data") data.push(value);
    else if (field === "event") event = value;
  }
  return events;
}
