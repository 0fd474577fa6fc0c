import fc from "fast-check";
import { expect, test } from "vitest";
import { readFrames, type ServerSentFrame } from "../../../gateway/wires/server-sent-frames.ts";

async function framesOf(chunks: readonly Uint8Array[]): Promise<ServerSentFrame[]> {
  async function* stream() {
    yield* chunks;
  }
  return Array.fromAsync(readFrames(stream()));
}

const said = (frames: readonly ServerSentFrame[]) => frames.map(({ event, data }) => ({ event, data }));

test("events, comments, several data lines and every kind of line ending are read", async () => {
  const text = 'event: a\ndata: {"x":1}\n\n: comment\n\ndata:no space\r\n\r\ndata: one\rdata: two\r\rdata: last\n\n';
  const frames = await framesOf([Buffer.from(text)]);
  expect(said(frames)).toEqual([
    { event: "a", data: '{"x":1}' },
    { event: undefined, data: undefined },
    { event: undefined, data: "no space" },
    { event: undefined, data: "one\ntwo" },
    { event: undefined, data: "last" },
  ]);
});

test.each(["", "\n", "\r\n", "\r"])(
  "a last event with %j in place of a blank line is read, and gets one",
  async (ending) => {
    for (const data of ["[DONE]", '{"type":"message_stop"}']) {
      const [frame, ...more] = await framesOf([Buffer.from(`event: e\ndata: ${data}${ending}`)]);
      expect(frame).toMatchObject({ event: "e", data });
      expect(more).toEqual([]);
      expect(said(await framesOf([frame?.bytes ?? Buffer.of(), Buffer.from("data: next\n\n")]))).toEqual([
        { event: "e", data },
        { event: undefined, data: "next" },
      ]);
    }
  },
);

test.each(["data: [DON", 'data: {"text":"cut o', 'data: {"text":\n', "data: words", "data"])(
  "a last event that was cut off, as %j, is left out",
  async (rest) => {
    const frames = await framesOf([Buffer.from(`data: whole\n\n${rest}`)]);
    expect(said(frames)).toEqual([{ event: undefined, data: "whole" }]);
  },
);

test("however the bytes are cut, the frames are the same and their bytes are the stream", async () => {
  const line = fc.constantFrom("data: ä€😀", "data:x", "event: e", ": c", "id: 1", "data", "");
  const ending = fc.constantFrom("\n", "\r\n", "\r");
  const text = fc
    .array(fc.tuple(line, ending), { maxLength: 14 })
    .map((lines) => `${lines.map(([words, end]) => words + end).join("")}\n\n`);
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(200), { maxLength: 12 }), async (stream, cuts) => {
      const bytes = Buffer.from(stream);
      const borders = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
      const chunks = borders.slice(1).map((end, index) => bytes.subarray(borders[index], end));
      const whole = await framesOf([bytes]);
      const cut = await framesOf(chunks);
      expect(said(cut)).toEqual(said(whole));
      expect(Buffer.concat(cut.map((frame) => frame.bytes)).equals(bytes)).toBe(true);
    }),
    { numRuns: 600 },
  );
});
