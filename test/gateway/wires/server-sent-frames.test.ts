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

test("a rest without a blank line says nothing, because a reader must not act on it", async () => {
  const frames = await framesOf([Buffer.from("data: whole\n\ndata: cut off")]);
  expect(said(frames)).toEqual([
    { event: undefined, data: "whole" },
    { event: undefined, data: undefined },
  ]);
});

test("however the bytes are cut, the frames are the same and their bytes are the stream", async () => {
  const line = fc.constantFrom("data: ä€😀", "data:x", "event: e", ": c", "id: 1", "data", "");
  const ending = fc.constantFrom("\n", "\r\n", "\r");
  const text = fc
    .array(fc.tuple(line, ending), { maxLength: 14 })
    .map((lines) => lines.map(([words, end]) => words + end).join(""));
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
