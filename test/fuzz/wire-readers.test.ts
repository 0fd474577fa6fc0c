import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GatewayError } from "../../gateway/errors.ts";
import type { WireName } from "../../gateway/providers/provider.ts";
import { createCollector } from "../../gateway/wires/collect.ts";
import type { JsonObject } from "../../gateway/wires/json.ts";
import { wires } from "../../gateway/wires/registry.ts";
import { readFrames } from "../../gateway/wires/server-sent-frames.ts";
import type { ReplyParts } from "../../gateway/wires/wire.ts";
import { anySaid, writings } from "../support/wire-replies.ts";
import { type Answer, anyBlockAnswer, anyChoiceAnswer } from "./any-answer.ts";
import { anyFraming, cutInto, framed, type WrittenEvent } from "./any-framing.ts";
import { anyMutation, mutated } from "./any-mutation.ts";
import { completionChunks, wholeCompletion } from "./chat-writing.ts";
import { always, fuzzTimeout } from "./fuzz.ts";
import { messageEvents, wholeMessage } from "./messages-writing.ts";
import { chatEvents, namedEvents } from "./translated.ts";
import { bytesOf, readStream, readWhole, saidIn } from "./what-was-said.ts";

/** A stream of a wire before it is framed. */
const anyEvents: Readonly<Record<WireName, fc.Arbitrary<readonly WrittenEvent[]>>> = {
  chat: fc.oneof(
    anyChoiceAnswer.map((answer) => chatEvents(completionChunks(answer))),
    anySaid(3).map((said) => writings.chat.frames(said).map(eventIn)),
  ),
  messages: anyBlockAnswer.map((answer) => namedEvents(messageEvents(answer))),
  responses: anySaid(1).map((said) => writings.responses.frames(said).map(eventIn)),
};

/** A frame of the other tests as an event to be written anew. */
function eventIn(frame: string): WrittenEvent {
  const [, name, data = ""] = /^(?:event: (\S*)\n)?data: ([^]*)\n\n$/.exec(frame) ?? [];
  return { name, data: data === "[DONE]" ? data : (JSON.parse(data) as JsonObject) };
}

const names = Object.keys(wires) as WireName[];

/** What evaluators would be given, or what was thrown. */
async function collected(wire: WireName, chunks: readonly Uint8Array[]): Promise<ReplyParts | string> {
  const collector = createCollector();
  try {
    for await (const frame of readFrames(bytesOf(chunks))) collector.add(wires[wire].readFrame(frame).deltas);
    return collector.parts();
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown.message;
    throw thrown;
  }
}

describe.each(names)("the reader of %s", (wire) => {
  test(
    "reads the same however a stream is framed and cut",
    async () => {
      await always(fc.tuple(anyEvents[wire], anyFraming), 100, async ([events, framing]) => {
        const plain = framed(events, plainFraming);
        const bytes = framed(events, framing);
        const read = await collected(wire, cutInto(bytes, framing.cuts));
        expect(read).toEqual(await collected(wire, [plain]));
        expect(read).toMatchObject({ model: "m-1" });
      });
    },
    fuzzTimeout,
  );

  test(
    "of a broken stream reads the same however it is cut, or says that it is broken",
    async () => {
      await always(fc.tuple(anyEvents[wire], anyFraming, anyMutation), 100, async ([events, framing, mutation]) => {
        const bytes = mutated(framed(events, framing), mutation);
        expect(await collected(wire, cutInto(bytes, framing.cuts))).toEqual(await collected(wire, [bytes]));
      });
    },
    fuzzTimeout,
  );
});

const plainFraming = {
  ways: [{ end: "\n", space: " ", before: "", between: "", isSpread: false }],
  hasMark: false,
  missing: 0,
  cuts: [1],
} as const;

const richWriters = [
  {
    wire: "chat" as const,
    answers: anyChoiceAnswer,
    events: (answer: Answer) => chatEvents(completionChunks(answer)),
    whole: wholeCompletion,
  },
  {
    wire: "messages" as const,
    answers: anyBlockAnswer,
    events: (answer: Answer) => namedEvents(messageEvents(answer)),
    whole: wholeMessage,
  },
];

test.each(richWriters)(
  "the reader of $wire reads what the model said, in a stream and in one piece",
  async ({ wire, answers, events, whole }) => {
    await always(fc.tuple(answers, anyFraming), 100, async ([answer, framing]) => {
      const { said, end } = await readStream(wire, cutInto(framed(events(answer), framing), framing.cuts));
      expect({ said, end }).toEqual({ said: saidIn(answer), end: "end" });
      const { calls, ...read } = readWhole(wire, whole(answer));
      const { calls: given, ...expected } = saidIn(answer);
      expect(read).toEqual(expected);
      expect(calls.map(({ name }) => name)).toEqual(given.map(({ name }) => name));
    });
  },
  fuzzTimeout,
);

test.each(names)(
  "the reader of %s reads any bytes at all, or says that they are broken",
  async (wire) => {
    const word = fc.constantFrom(
    "data: ", "event: message_start\n", "\n\n", '{"choices":', '{"type":"response.completed","response":', "[", "]", "{", "}", ",",
    '"delta":', '{"type":"content_block_delta","delta":', "null", '""', "1e999", "[DONE]", '"output":', '"index":-1', "\ufeff",
  ); // prettier-ignore
    const anyBytes = fc.oneof(
      fc.array(word, { maxLength: 20 }).map((words) => Buffer.from(words.join(""))),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    );
    await always(fc.tuple(anyBytes, anyFraming), 200, async ([bytes, { cuts }]) => {
      expect(await collected(wire, cutInto(bytes, cuts))).toEqual(await collected(wire, [bytes]));
    });
  },
  fuzzTimeout,
);
