import fc from "fast-check";
import type { JsonObject } from "../../gateway/wires/json.ts";

/** The words of the dialects, to be found where they do not belong. */
const words = fc.constantFrom(
  "type", "role", "content", "text", "messages", "tool_calls", "function", "arguments", "name", "id", "delta", "choices",
  "index", "usage", "message", "content_block", "input", "thinking", "tools", "tool_choice", "response_format", "stop",
  "user", "assistant", "tool", "system", "tool_use", "tool_result", "text_delta", "image_url", "file", "function_call",
  "thinking_blocks", "reasoning_content", "signature", "custom", "output", "call_id", "source", "data", "finish_reason",
); // prettier-ignore

const { value: anyJson } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    words,
    fc.string({ maxLength: 5 }),
    fc.integer(),
    fc.constantFrom(null, true, 1e300, -1, "{}", "[]"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.array(fc.tuple(words, tie("value")), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
  ),
}));

/** A JSON object of any shape, with the words of the dialects in any place. */
export const anyObject: fc.Arbitrary<JsonObject> = fc
  .array(fc.tuple(words, anyJson), { maxLength: 6 })
  .map((entries): JsonObject => Object.fromEntries(entries));

function anyTyped(...types: readonly string[]): fc.Arbitrary<JsonObject> {
  return fc.tuple(anyObject, fc.constantFrom(...types)).map(([body, type]) => ({ ...body, type }));
}

/** Something like an event of a messages stream. */
export const anyEvent: fc.Arbitrary<JsonObject> = fc.record({
  type: fc.constantFrom(
    "message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop",
  ),
  index: fc.oneof(fc.nat(2), anyJson),
  content_block: fc.oneof(anyTyped("text", "thinking", "redacted_thinking", "tool_use", "server_tool_use"), anyJson),
  delta: fc.oneof(
    anyTyped("text_delta", "thinking_delta", "signature_delta", "input_json_delta", "citations_delta"),
    anyJson,
  ),
  message: anyJson,
  usage: anyJson,
}); // prettier-ignore

/** Something like a chunk of a chat stream. */
export const anyChunk: fc.Arbitrary<JsonObject> = fc.record({
  choices: fc.oneof(
    fc.array(fc.record({ index: fc.oneof(fc.nat(1), anyJson), delta: anyObject, finish_reason: anyJson }), {
      maxLength: 2,
    }),
    anyJson,
  ),
  usage: anyJson,
});
