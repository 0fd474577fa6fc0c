import fc from "fast-check";
import { expect, test } from "vitest";
import { GatewayError } from "../../../gateway/errors.ts";
import { messagesToChat } from "../../../gateway/translation/messages-to-chat/messages-to-chat.ts";
import type { JsonObject } from "../../../gateway/wires/json.ts";

const anything = fc.jsonValue({ maxDepth: 3 });
const name = (...names: string[]) => fc.constantFrom(...names);

/** An object with some of these members, each holding anything or something likely. */
function likely(members: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<JsonObject> {
  const each = Object.entries(members).map(([key, value]) => [
    key,
    fc.oneof({ weight: 4, arbitrary: value }, anything),
  ]);
  return fc.record(Object.fromEntries(each) as Record<string, fc.Arbitrary<unknown>>, { requiredKeys: [] });
}

const source = likely({ type: name("base64", "url", "text", "content", "file"), data: fc.string(), url: fc.string() });
const block = likely({
  type: name("text", "image", "document", "search_result", "tool_use", "tool_result", "thinking", "tool_reference"),
  text: fc.string(),
  source,
  content: fc.array(likely({ type: name("text", "image"), text: fc.string(), source }), { maxLength: 2 }),
  id: fc.string(),
  tool_use_id: fc.string(),
  name: fc.string(),
  input: anything,
  thinking: fc.string(),
  signature: name("", "proctor.reasoning", "proctor.__proto__", "x"),
  citations: anything,
});
const request = likely({
  system: fc.array(block, { maxLength: 2 }),
  messages: fc.array(
    likely({ role: name("user", "assistant", "system"), content: fc.array(block, { maxLength: 4 }) }),
    { maxLength: 5 },
  ),
  tools: fc.array(likely({ name: fc.string(), input_schema: anything, strict: fc.boolean() }), { maxLength: 2 }),
  tool_choice: likely({ type: name("auto", "any", "tool", "none"), name: fc.string() }),
  output_config: likely({ effort: fc.string(), format: likely({ type: name("json_schema"), schema: anything }) }),
  thinking: likely({ type: name("enabled", "adaptive", "disabled"), budget_tokens: fc.integer() }),
  metadata: likely({ user_id: fc.string() }),
  stop_sequences: fc.array(fc.string(), { maxLength: 2 }),
  container: anything,
});

const call = likely({
  index: fc.nat(2),
  id: fc.string({ maxLength: 2 }),
  function: likely({ name: name("", "get", "get_time"), arguments: name("", "{", "}", '{"a":1}', "null") }),
});
const said = likely({
  content: fc.oneof(fc.string(), fc.array(likely({ type: name("text", "thinking"), text: fc.string() }))),
  reasoning_content: fc.string(),
  refusal: fc.string(),
  tool_calls: fc.array(call, { maxLength: 3 }),
  function_call: likely({ name: fc.string(), arguments: fc.string() }),
});
const reply = likely({
  id: fc.string(),
  model: fc.string(),
  choices: fc.array(
    likely({
      index: fc.nat(1),
      message: said,
      delta: said,
      finish_reason: name("stop", "length", "tool_calls", "content_filter", "error"),
      stop_reason: fc.string(),
    }),
    { maxLength: 2 },
  ),
  usage: likely({ prompt_tokens: fc.integer(), completion_tokens: fc.integer(), prompt_tokens_details: anything }),
});

/** What a try ended in: `fine`, or the code of a known error. Whatever else is thrown breaks the test. */
function outcomeOf(attempt: () => unknown): string {
  try {
    JSON.stringify(attempt());
    return "fine";
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
}

const smallest = { model: "student", messages: [{ role: "user", content: "Hello" }] };
const begin = (body: JsonObject) => messagesToChat.begin(body, { model: "target-model", maxTokens: 1 });

test("whatever a client sends is translated or refused", () => {
  fc.assert(
    fc.property(request, (body) => {
      expect(["fine", "invalid_request"]).toContain(outcomeOf(() => begin(body).body));
    }),
    { numRuns: 1000 },
  );
});

test("whatever a server answers, whole or in chunks, is translated or a failure of the provider", () => {
  fc.assert(
    fc.property(fc.array(reply, { maxLength: 5 }), (chunks) => {
      const exchange = begin(smallest);
      const streamed = outcomeOf(() => [...chunks.map((chunk) => exchange.event(chunk)), exchange.end()]);
      expect(["fine", "provider_failed"]).toContain(streamed);
      for (const whole of chunks)
        expect(["fine", "provider_failed"]).toContain(outcomeOf(() => begin(smallest).reply(whole)));
    }),
    { numRuns: 1000 },
  );
});
