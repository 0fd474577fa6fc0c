import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject } from "../../../gateway/wires/json.ts";
import { begin, callPiece, chunk, finish, messageFor, typesOf, usage, usageChunk } from "./messages-to-chat-chunks.ts";

/** Cuts a text at arbitrary places, inside characters too. */
const cut = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.array(fc.nat(30), { maxLength: 6 })).map(([whole, lengths]) => {
    const pieces: string[] = [];
    let at = 0;
    for (const length of lengths) {
      pieces.push(whole.slice(at, at + length));
      at += length;
    }
    return [...pieces, whole.slice(at)];
  });

const words = fc.string({ unit: fc.constantFrom("a", " ", "ä", "😀", '"', "\\", "{", "}", "\n"), maxLength: 30 });
const given = fc
  .dictionary(words, fc.oneof(words, fc.integer(), fc.constant(null), fc.array(words, { maxLength: 3 })), {
    noNullPrototype: true,
  })
  .map((input) => JSON.stringify(input));

interface Said {
  readonly reasoning: readonly string[];
  readonly content: readonly string[];
  readonly calls: readonly (readonly string[])[];
  /** Which call goes on, step by step. */
  readonly turns: readonly number[];
}

const said: fc.Arbitrary<Said> = fc.record({
  reasoning: cut(words),
  content: cut(words),
  calls: fc.array(cut(given), { maxLength: 4 }),
  turns: fc.array(fc.nat(3), { maxLength: 30 }),
});

/** The pieces of the calls in the order of `turns`, as far as a call may begin only after the one before it has. */
function interleaved({ calls, turns }: Said): JsonObject[] {
  const at = calls.map(() => 0);
  const chunks: JsonObject[] = [];
  const step = (index: number): void => {
    const piece = calls[index]?.[at[index] ?? 0];
    const canBegin = index === 0 || (at[index - 1] ?? 0) > 0;
    if (piece === undefined || !canBegin) return;
    chunks.push(callPiece(index, piece, at[index] === 0 ? { id: `call_${index}`, name: "weather" } : {}));
    at[index] = (at[index] ?? 0) + 1;
  };
  turns.forEach(step);
  calls.forEach((pieces, index) => pieces.forEach(() => step(index)));
  return chunks;
}

test("however an answer is cut and its calls are mixed, the client reads what it would have read in one piece", async () => {
  await fc.assert(
    fc.asyncProperty(said, async (answer) => {
      const { reasoning, content, calls } = answer;
      const chunks = [
        ...reasoning.map((piece) => chunk({ reasoning_content: piece })),
        ...content.map((piece) => chunk({ content: piece })),
        ...interleaved(answer),
        finish(calls.length > 0 ? "tool_calls" : "stop"),
        usageChunk,
      ];
      const message = {
        reasoning_content: reasoning.join(""),
        content: content.join(""),
        tool_calls: calls.map((pieces, index) => ({
          id: `call_${index}`,
          function: { name: "weather", arguments: pieces.join("") },
        })),
      };
      const whole = begin().reply({
        ...chunk({}),
        choices: [{ index: 0, message, finish_reason: calls.length > 0 ? "tool_calls" : "stop" }],
        usage,
      });
      const streamed = await messageFor(chunks);
      expect(JSON.parse(JSON.stringify(streamed))).toMatchObject(whole);
    }),
    { numRuns: 300 },
  );
});

test("every block that begins ends before the next one begins, whatever the server does", () => {
  const piece = fc.oneof(
    fc.record({ content: words }),
    fc.record({ reasoning_content: words }),
    fc
      .tuple(fc.option(fc.nat(3), { nil: undefined }), fc.constantFrom("", "{}", '{"a"', ":1}", "null"), fc.boolean())
      .map(([index, json, begins]) => ({
        tool_calls: [
          { ...(index === undefined ? {} : { index }), function: { name: begins ? "get" : "", arguments: json } },
        ],
      })),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (deltas) => {
      const exchange = begin();
      const events: JsonObject[] = [];
      let failure = "none";
      try {
        for (const delta of deltas) events.push(...exchange.event(chunk(delta)));
        events.push(...exchange.event(finish("stop")), ...exchange.end());
      } catch (error) {
        failure = String(error);
      }
      expect(failure).toMatch(/^none$|not a JSON object|names no tool|went on with/);
      const path = typesOf(events).map((type) => String(type).replace("content_block_", ""));
      const word = path.join(" ");
      expect(word).toMatch(/^(message_start( start( delta)* stop)*( start( delta)*| message_delta)?)?$/);
    }),
    { numRuns: 500 },
  );
});
