import fc from "fast-check";
import type { JsonObject } from "../../gateway/wires/json.ts";

/** Text that says something: the messages dialect refuses white space alone. */
const anyText = fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }).filter((text) => text.trim() !== "");

const anyToolName = fc.stringMatching(/^[a-z][a-z0-9_-]{0,20}$/);

/**
 * No key needs a backslash in JSON: where any object has the key "\\", the JSON.parse of Node may take such
 * a key for it (https://github.com/nodejs/node/issues/63785).
 */
const stringUnit = fc.constantFrom("a", "B", "7", " ", "ä", "😀", "{", "}", ":", "/");

const anyArguments = fc
  .dictionary(fc.string({ unit: stringUnit, maxLength: 8 }), fc.jsonValue({ maxDepth: 2, stringUnit }), { maxKeys: 4 })
  // As they come over the wire, where nobody writes -0.
  .map((given) => JSON.parse(JSON.stringify(given)) as typeof given);

/** A step of a conversation: the user speaks, or the model calls tools and gets their results. */
const anyStep = fc.oneof(
  fc.record({ kind: fc.constant("talk" as const), asked: anyText, answered: anyText }),
  fc.record({
    kind: fc.constant("tools" as const),
    asked: anyText,
    answered: fc.option(anyText),
    calls: fc.array(fc.record({ name: anyToolName, input: anyArguments, result: anyText, failed: fc.boolean() }), {
      minLength: 1,
      maxLength: 4,
    }),
  }),
);

/** A chat conversation as its client would send it: a system prompt, turns, parallel tools, and a last question. */
export const anyChatConversation: fc.Arbitrary<readonly JsonObject[]> = fc
  .record({ system: fc.option(anyText), steps: fc.array(anyStep, { maxLength: 4 }), last: anyText })
  .map(({ system, steps, last }) => [
    ...(system === null ? [] : [{ role: "system", content: system }]),
    ...steps.flatMap((step, at) => [
      { role: "user", content: step.asked },
      ...(step.kind === "talk"
        ? [{ role: "assistant", content: step.answered }]
        : [
            {
              role: "assistant",
              content: step.answered,
              tool_calls: step.calls.map(({ name, input }, index) => ({
                id: `call_${at}_${index}`,
                type: "function",
                function: { name, arguments: JSON.stringify(input) },
              })),
            },
            ...step.calls.map(({ result }, index) => ({
              role: "tool",
              tool_call_id: `call_${at}_${index}`,
              content: result,
            })),
            { role: "assistant", content: "Done." },
          ]),
    ]),
    { role: "user", content: last },
  ]);

const anyBlock = fc.oneof(
  fc.record({ type: fc.constant("text"), text: anyText }),
  fc.record({ type: fc.constant("tool_use"), name: anyToolName, input: anyArguments }),
);

/** A whole messages reply, its text before its calls, as vendors write it. */
export const anyMessagesReply: fc.Arbitrary<JsonObject> = fc
  .record({
    text: fc.option(anyText),
    calls: fc.array(anyBlock, { maxLength: 4 }).map((blocks) => blocks.filter(({ type }) => type === "tool_use")),
    usage: fc.record({ input_tokens: fc.nat(9999), cache_read_input_tokens: fc.nat(999), output_tokens: fc.nat(9999) }),
    stop: fc.constantFrom("end_turn", "max_tokens"),
  })
  .map(({ text, calls, usage, stop }) => ({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "m",
    content: [
      ...(text === null ? [] : [{ type: "text", text }]),
      ...calls.map((call, at) => ({ ...call, id: `toolu_${at}` })),
    ],
    stop_reason: calls.length > 0 ? "tool_use" : stop,
    stop_sequence: null,
    usage,
  }));
