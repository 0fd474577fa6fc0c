import fc from "fast-check";
import { expect, test } from "vitest";
import { createCollector } from "../../../gateway/wires/collect.ts";
import { coveredReply } from "../../../gateway/wires/covered-reply.ts";
import { joinedPassages } from "../../../gateway/wires/joined-passages.ts";
import { outputKinds, sampleOf, type TextDelta } from "../../../gateway/wires/wire.ts";

const anyPassages: fc.Arbitrary<TextDelta[]> = fc.array(
  fc.record({
    type: fc.constantFrom("text-delta", "refusal-delta", "reasoning-delta", "other-delta"),
    choice: fc.nat(3),
    part: fc.constantFrom("content", "refusal", "0", "2", "10", "10 summary.2"),
    text: fc.string({ minLength: 1, maxLength: 5 }),
    whole: fc.boolean(),
  }),
  { maxLength: 8 },
);

function replyOf(deltas: readonly TextDelta[]) {
  const collector = createCollector();
  collector.add(deltas);
  return collector.parts();
}

test("passages are joined as an examiner reads them, each lying where it is said to lie", () => {
  fc.assert(
    fc.property(anyPassages, (deltas) => {
      const reply = replyOf(deltas);
      const joined = joinedPassages(reply.passages);
      const { output, reasoning = "" } = sampleOf(reply);
      expect([joined.output.text, joined.reasoning.text]).toEqual([output, reasoning]);
      for (const { text, passages } of [joined.output, joined.reasoning]) {
        for (const { passage, start, end } of passages) expect(text.slice(start, end)).toBe(passage.text);
      }
      const told = [...joined.output.passages, ...joined.reasoning.passages].map(({ passage }) => passage);
      expect(new Set(told)).toEqual(new Set(reply.passages));
    }),
  );
});

test("of some kinds what is joined is what the covered part of the reply says", () => {
  fc.assert(
    fc.property(anyPassages, fc.subarray([...outputKinds]), (deltas, kinds) => {
      const reply = replyOf(deltas);
      const joined = joinedPassages(reply.passages, kinds);
      const { output, reasoning = "" } = sampleOf(coveredReply(reply, kinds));
      expect([joined.output.text, joined.reasoning.text]).toEqual([output, reasoning]);
    }),
  );
});

test("only the kinds that are covered are read, in the order in which all of them are", () => {
  const reply = replyOf([
    { type: "refusal-delta", choice: 1, part: "refusal", text: "no" },
    { type: "text-delta", choice: 0, part: "2", text: "b" },
    { type: "text-delta", choice: 0, part: "10", text: "c" },
    { type: "text-delta", choice: 1, part: "content", text: "d" },
    { type: "other-delta", choice: 0, part: "title", text: "source" },
    { type: "reasoning-delta", choice: 0, part: "1", text: "why" },
  ]);
  const texts = (kinds?: readonly string[]) => {
    const { output, reasoning } = joinedPassages(reply.passages, kinds);
    return [output.text, reasoning.text];
  };
  expect(texts()).toEqual(["b\n\nc\n\nd\n\nno", "why\n\nsource"]);
  expect(texts(["text", "other"])).toEqual(["b\n\nc\n\nd", "source"]);
  expect(texts(["refusal", "reasoning", "tool_calls"])).toEqual(["no", "why"]);
  expect(texts([])).toEqual(["", ""]);
});
