import { describe, expect, test } from "vitest";
import { messagesToChat } from "../../../gateway/translation/messages-to-chat/messages-to-chat.ts";
import type { JsonObject } from "../../../gateway/wires/json.ts";

const longName = `mcp__${"long_".repeat(20)}tool`;
const request = {
  model: "student",
  max_tokens: 64,
  messages: [{ role: "user", content: "Hello" }],
  stop_sequences: ["END"],
  tools: [{ name: "weather" }, { name: longName }],
};

function translated(choice: JsonObject, members: JsonObject = {}) {
  const exchange = messagesToChat.begin(request, { model: "target-model", maxTokens: 1 });
  const reply = exchange.reply({
    id: "chatcmpl-1",
    object: "chat.completion",
    model: "target-model-2026",
    choices: [{ index: 0, logprobs: null, finish_reason: "stop", ...choice }],
    usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
    ...members,
  });
  return { reply, dropped: exchange.dropped, sent: exchange.body };
}

const saying = (message: JsonObject, choice: JsonObject = {}) =>
  translated({ message: { role: "assistant", content: null, refusal: null, ...message }, ...choice });

const call = (id: string, given: unknown, name = "weather") => ({
  id,
  type: "function",
  function: { name, arguments: given },
});

test("a text is one block of a message with the target's id and model", () => {
  const { reply, dropped } = saying({ content: "30 days." });
  expect(reply).toMatchObject({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "target-model-2026",
    content: [{ type: "text", text: "30 days.", citations: null }],
    stop_reason: "end_turn",
    stop_sequence: null,
    stop_details: null,
    usage: { input_tokens: 11, output_tokens: 7, cache_read_input_tokens: 0 },
  });
  expect(dropped).toEqual([]);
});

test("thinking, text and parallel calls keep their order; the turn ends in tool_use although the server says stop", () => {
  const { reply } = saying({
    content: "I look both up.",
    reasoning_content: "Two cities.",
    tool_calls: [call("call_1", '{"city":"Berlin"}'), call("call_2", '{"city":"Paris"}')],
  });
  expect(reply).toMatchObject({
    content: [
      { type: "thinking", thinking: "Two cities.", signature: "proctor.reasoning_content" },
      { type: "text", text: "I look both up." },
      { type: "tool_use", id: "call_1", name: "weather", input: { city: "Berlin" }, caller: { type: "direct" } },
      { type: "tool_use", id: "call_2", name: "weather", input: { city: "Paris" } },
    ],
    stop_reason: "tool_use",
  });
});

test("thinking that stands in two members is said once", () => {
  const { reply } = saying({ content: "x", reasoning: "Hm.", reasoning_content: "Hm." });
  expect(reply["content"]).toMatchObject([{ type: "thinking", thinking: "Hm." }, { type: "text" }]);
});

test("content in parts is read, and parts that messages do not know are named", () => {
  const content = [
    { type: "thinking", thinking: [{ type: "text", text: "Hm." }] },
    { type: "text", text: "30 " },
    { type: "text", text: "days." },
    { type: "reference", reference_ids: [1] },
  ];
  const { reply, dropped } = saying({ content });
  expect(reply["content"]).toMatchObject([
    { type: "thinking", thinking: "Hm.", signature: "proctor.thinking" },
    { type: "text", text: "30 days." },
  ]);
  expect(dropped).toEqual(["reply.content[]"]);
});

describe("tool calls", () => {
  test("a name that was shortened on the way is the client's again", () => {
    const { sent } = saying({ content: "" });
    const short = (sent["tools"] as { function: { name: string } }[])[1]?.function.name;
    const { reply } = saying({ tool_calls: [call("call_1", "{}", short)] });
    expect(reply["content"]).toMatchObject([{ name: longName }]);
  });

  test.each(["", " ", "null", "{}", undefined])("the arguments %j are no input", (given) => {
    expect(saying({ tool_calls: [call("call_1", given)] }).reply["content"]).toMatchObject([{ input: {} }]);
  });

  test("arguments that a server sends as an object are read", () => {
    const { reply } = saying({ tool_calls: [call("call_1", { city: "Berlin" })] });
    expect(reply["content"]).toMatchObject([{ input: { city: "Berlin" } }]);
  });

  test("numbers in arguments keep every digit", () => {
    const { reply } = saying({ tool_calls: [call("call_1", '{"id":12345678901234567890}')] });
    expect(JSON.stringify(reply)).toContain('"input":{"id":12345678901234567890}');
  });

  test.each(['{"city":', "[1]", '"text"', "{'city': 'Berlin'}", '{"a":1}{"b":2}'])(
    "the arguments %j are an error of the provider, never a call with something else",
    (given) => {
      const call1 = call("call_1", given);
      expect(() => saying({ tool_calls: [call1] }, { finish_reason: "tool_calls" })).toThrow(
        /arguments that are not a JSON object/,
      );
    },
  );

  test("arguments that the limit of tokens cut off are there as far as they were written", () => {
    const { reply } = saying({ tool_calls: [call("call_1", '{"city":"Ber')] }, { finish_reason: "length" });
    expect(reply).toMatchObject({ content: [{ input: { city: "Ber" } }], stop_reason: "max_tokens" });
  });

  test("ids that are missing or given twice become ids of their own", () => {
    const { reply } = saying({ tool_calls: [call("same", "{}"), call("same", "{}"), call("", "{}")] });
    const ids = (reply["content"] as { id: string }[]).map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(ids).toContain("same");
    expect(ids.every((id) => /^(same|toolu_[0-9a-f]{32})$/.test(id))).toBe(true);
  });

  test("calls that a server gives the same number stay two", () => {
    const calls = [
      { index: 0, ...call("", '{"city":"Berlin"}') },
      { index: 0, ...call("", '{"city":"Paris"}') },
    ];
    expect(saying({ tool_calls: calls }).reply["content"]).toMatchObject([
      { input: { city: "Berlin" } },
      { input: { city: "Paris" } },
    ]);
  });

  test("a call of the old kind is a call", () => {
    const message = { function_call: { name: "weather", arguments: '{"city":"Berlin"}' } };
    expect(saying(message, { finish_reason: "function_call" }).reply).toMatchObject({
      content: [{ type: "tool_use", name: "weather", input: { city: "Berlin" } }],
      stop_reason: "tool_use",
    });
  });

  test("a call that names no tool is an error of the provider", () => {
    expect(() => saying({ tool_calls: [call("call_1", "{}", "")] })).toThrow(/names no tool/);
  });
});

describe("why it ended", () => {
  test.each([
    ["stop", "end_turn"],
    ["length", "max_tokens"],
    ["content_filter", "refusal"],
    ["tool_calls", "end_turn"],
    ["model_length", "model_context_window_exceeded"],
    [null, "end_turn"],
    ["eos", "end_turn"],
  ])("%j without calls is %j", (finish_reason, stop_reason) => {
    expect(saying({ content: "x" }, { finish_reason }).reply).toMatchObject({ stop_reason });
  });

  test("a refusal is said and is the reason", () => {
    expect(saying({ refusal: "I will not." }).reply).toMatchObject({
      content: [{ type: "text", text: "I will not." }],
      stop_reason: "refusal",
      stop_details: { type: "refusal", category: null, explanation: null },
    });
  });

  test.each([{ stop_reason: "END" }, { matched_stop: "END" }])(
    "a stop sequence that the server names with %j is named",
    (choice) => {
      expect(saying({ content: "x" }, choice).reply).toMatchObject({
        stop_reason: "stop_sequence",
        stop_sequence: "END",
      });
    },
  );

  test("a token number or a text that nobody asked for is no stop sequence", () => {
    expect(saying({ content: "x" }, { stop_reason: 128_009 }).reply).toMatchObject({ stop_reason: "end_turn" });
    expect(saying({ content: "x" }, { stop_reason: "</s>" }).reply).toMatchObject({
      stop_reason: "end_turn",
      stop_sequence: null,
    });
  });

  test.each(["error", "abort"])("%j is no end but a failure", (finish_reason) => {
    expect(() => saying({ content: "Half an ans" }, { finish_reason })).toThrow(/gave up in the middle/);
  });
});

describe("usage", () => {
  test("what the cache gave is counted apart from the input, thinking as part of the output", () => {
    const usage = {
      prompt_tokens: 100,
      completion_tokens: 50,
      prompt_tokens_details: { cached_tokens: 64, cache_write_tokens: 16 },
      completion_tokens_details: { reasoning_tokens: 30 },
    };
    const { reply } = translated({ message: { content: "x" } }, { usage, service_tier: "default" });
    expect(reply["usage"]).toEqual({
      input_tokens: 20,
      cache_read_input_tokens: 64,
      cache_creation_input_tokens: 16,
      cache_creation: null,
      output_tokens: 50,
      output_tokens_details: { thinking_tokens: 30 },
      server_tool_use: null,
      service_tier: "standard",
      inference_geo: null,
      speed: null,
    });
  });

  test("a server that counts nothing gives zeros, which clients can add up", () => {
    const { reply } = translated({ message: { content: "x" } }, { usage: null });
    expect(reply["usage"]).toMatchObject({ input_tokens: 0, output_tokens: 0 });
  });
});

test("what messages cannot say is named", () => {
  const { dropped } = translated(
    {
      logprobs: { content: [{ token: "x" }] },
      message: { content: "x", annotations: [{ type: "url_citation" }], audio: { id: "a", transcript: "x" } },
    },
    {},
  );
  expect(dropped).toEqual(["reply.logprobs", "reply.annotations", "reply.audio"]);
});

test("only the first choice is an answer, the others are named", () => {
  const { reply, dropped } = translated(
    {},
    {
      choices: [
        { index: 1, message: { content: "two" }, finish_reason: "stop" },
        { index: 0, message: { content: "one" }, finish_reason: "stop" },
      ],
    },
  );
  expect(reply["content"]).toMatchObject([{ text: "one" }]);
  expect(dropped).toEqual(["reply.choices[]"]);
});

test("an answer without a choice is an error of the provider", () => {
  expect(() => translated({}, { choices: [] })).toThrow(/there is no choice/);
});
