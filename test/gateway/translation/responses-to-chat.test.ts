import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GatewayError } from "../../../gateway/errors.ts";
import { responsesToChat } from "../../../gateway/translation/responses-to-chat/responses-to-chat.ts";
import { translationBetween } from "../../../gateway/translation/registry.ts";

const options = { model: "m", maxTokens: 512 };
const begin = (members: object) => responsesToChat.begin({ model: "student", input: "Hello", ...members }, options);
const messagesOf = (...input: object[]) => begin({ input }).body["messages"];

const call = (id: string) => ({ type: "function_call", call_id: id, name: "f", arguments: "{}" });
const output = (id: string, said: unknown) => ({ type: "function_call_output", call_id: id, output: said });
const made = (id: string) => ({ id, type: "function", function: { name: "f", arguments: "{}" } });
const image = { type: "input_image", image_url: "data:image/png;base64,AAAA" };
const shown = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } };

describe("a conversation", () => {
  test("keeps the results of parallel calls together, and shows their images after them", () => {
    const items = [call("a"), call("b"), output("a", [image]), output("b", "two"), { role: "user", content: "And?" }];
    expect(messagesOf(...items)).toEqual([
      { role: "assistant", content: null, tool_calls: [made("a"), made("b")] },
      { role: "tool", tool_call_id: "a", content: "The result follows in the next message." },
      { role: "tool", tool_call_id: "b", content: "two" },
      { role: "user", content: [{ type: "text", text: "Result of the tool call a:" }, shown] },
      { role: "user", content: "And?" },
    ]);
  });

  test("keeps calls that followed each other's results apart", () => {
    expect(messagesOf(call("a"), output("a", "one"), call("b"), output("b", "two"))).toEqual([
      { role: "assistant", content: null, tool_calls: [made("a")] },
      { role: "tool", tool_call_id: "a", content: "one" },
      { role: "assistant", content: null, tool_calls: [made("b")] },
      { role: "tool", tool_call_id: "b", content: "two" },
    ]);
  });

  test("keeps several texts of a result and of the assistant as parts", () => {
    const texts = ["one", "two"].map((text) => ({ type: "input_text", text }));
    const parts = ["one", "two"].map((text) => ({ type: "text", text }));
    const said = { role: "assistant", content: ["one", "two"].map((text) => ({ type: "output_text", text })) };
    expect(messagesOf(said, call("a"), output("a", texts))).toEqual([
      { role: "assistant", content: parts, tool_calls: [made("a")] },
      { role: "tool", tool_call_id: "a", content: parts },
    ]);
  });

  test("may end with what the assistant thought", () => {
    const reasoning = {
      type: "reasoning",
      id: "rs_1",
      content: [{ type: "reasoning_text", text: "Hm." }],
      summary: [],
    };
    expect(messagesOf({ role: "user", content: "Hi" }, reasoning)).toEqual([
      { role: "user", content: "Hi" },
      { role: "assistant", content: "", reasoning_content: "Hm." },
    ]);
  });

  test("with a role that nobody knows is refused, and the field named", () => {
    const refused = () => messagesOf({ role: "narrator", content: "Once" });
    expect(refused).toThrow(GatewayError);
    expect(refused).toThrow(/"input\[0\]" has the role "narrator"\. Known roles: user/);
  });
});

describe("a request", () => {
  test("without tools chooses none, since targets refuse that", () => {
    const { body, dropped } = begin({ tools: [], tool_choice: "auto", parallel_tool_calls: true });
    expect({ body, dropped }).toEqual({
      body: { model: "m", messages: [{ role: "user", content: "Hello" }] },
      dropped: [],
    });
  });

  test("may say null for what it does not say", () => {
    const nothing = {
      instructions: null,
      metadata: null,
      previous_response_id: null,
      text: null,
      reasoning: null,
      tools: null,
    };
    expect(begin(nothing).body).toEqual({ model: "m", messages: [{ role: "user", content: "Hello" }] });
  });

  test("may say that it wants none of what is refused or left out", () => {
    expect(() => begin({ conversation: "conv_1" })).toThrow(GatewayError);
    expect(begin({ background: false, store: false, truncation: "disabled" }).dropped).toEqual([]);
  });
});

test("a messages target is reached through chat, and each of the two names what it left out", () => {
  const translation = translationBetween("responses", "messages");
  const exchange = translation?.begin(
    { model: "student", input: "Hello", instructions: "Be brief.", truncation: "auto", prompt_cache_key: "k" },
    options,
  );
  expect(exchange?.body).toMatchObject({
    model: "m",
    max_tokens: 512,
    system: "Be brief.",
    messages: [{ role: "user", content: "Hello" }],
  });
  expect(exchange?.dropped).toEqual(["truncation", "prompt_cache_key"]);
  const reply = exchange?.reply({
    id: "msg_1",
    model: "m-1",
    content: [{ type: "text", text: "Hi" }],
    stop_reason: "max_tokens",
    usage: { input_tokens: 3, output_tokens: 1 },
  });
  expect(reply).toMatchObject({
    id: "resp_1",
    status: "incomplete",
    incomplete_details: { reason: "max_output_tokens" },
    output: [{ type: "message", content: [{ type: "output_text", text: "Hi" }] }],
    usage: { input_tokens: 3, output_tokens: 1 },
  });
});

describe("whatever comes", () => {
  const members = [
    "type", "role", "content", "text", "output", "call_id", "name", "arguments", "summary", "encrypted_content", "format",
    "tools", "input", "delta", "choices", "index", "tool_calls", "function", "id", "usage", "annotations", "thinking_blocks",
  ]; // prettier-ignore
  const types = [
    "message", "reasoning", "function_call", "function_call_output", "custom_tool_call", "item_reference", "input_image", "input_file",
    "input_text", "user", "assistant", "json_schema", "allowed_tools", "function", "custom", "proctor-thinking:e30=", "",
  ]; // prettier-ignore
  const { any } = fc.letrec<{ readonly any: unknown }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.oneof(fc.constantFrom(...types), fc.jsonValue({ maxDepth: 1 })),
      fc.array(tie("any"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...members), tie("any"), { maxKeys: 5, noNullPrototype: true }),
    ),
  }));
  const named = (names: readonly string[]) =>
    fc.dictionary(fc.constantFrom(...names), any, { maxKeys: 5, noNullPrototype: true });

  /** What it comes to; a client can be told of nothing but a `GatewayError`. */
  const outcomeOf = (run: () => unknown): unknown => {
    try {
      return JSON.stringify(run());
    } catch (error) {
      return error;
    }
  };
  const told = (outcome: unknown) => typeof outcome === "string" || outcome instanceof GatewayError;

  test("a client asks, it is translated or refused in words", () => {
    const asked = ["instructions", "input", "tools", "tool_choice", "text", "reasoning", "include", "stream_options"];
    fc.assert(
      fc.property(named(asked), (body) => {
        expect(outcomeOf(() => begin(body).body)).toSatisfy(told);
      }),
      { numRuns: 500 },
    );
  });

  test("a target answers, it is translated or fails in words", () => {
    const answered = fc.record({ choices: fc.array(fc.record({ delta: named(["content", "refusal", ...members]) })) });
    fc.assert(
      fc.property(fc.array(fc.oneof(answered, named(members)), { maxLength: 4 }), (chunks) => {
        const exchange = begin({});
        const run = () => [...chunks.flatMap((chunk) => exchange.event(chunk)), ...exchange.end()];
        expect(outcomeOf(run)).toSatisfy(told);
      }),
      { numRuns: 500 },
    );
  });
});
