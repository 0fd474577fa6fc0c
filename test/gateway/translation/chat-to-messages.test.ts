import { describe, expect, test } from "vitest";
import { chatToMessages } from "../../../gateway/translation/chat-to-messages/chat-to-messages.ts";
import { parseExactly } from "../../../gateway/wires/parse-exactly.ts";
import type { JsonObject } from "../../../gateway/wires/json.ts";

const options = { model: "target-model", maxTokens: 512 };
const user = { role: "user", content: "Hello" };

function requestFor(request: JsonObject): JsonObject {
  return chatToMessages.begin({ model: "alias", messages: [user], ...request }, options).body;
}

function messagesFor(...messages: readonly JsonObject[]): unknown {
  return requestFor({ messages })["messages"];
}

function droppedFrom(request: JsonObject): readonly string[] {
  return chatToMessages.begin({ model: "alias", messages: [user], ...request }, options).dropped;
}

function call(id: string, name: string, args: string): JsonObject {
  return { id, type: "function", function: { name, arguments: args } };
}

test("the smallest request becomes the smallest request", () => {
  expect(requestFor({})).toEqual({ model: "target-model", max_tokens: 512, messages: [user] });
});

test("members that are null are as if they were not there", () => {
  const names = [
    "temperature",
    "top_p",
    "stop",
    "n",
    "seed",
    "tools",
    "tool_choice",
    "response_format",
    "user",
    "logit_bias",
  ];
  const request = Object.fromEntries(names.map((name) => [name, null]));
  expect(requestFor(request)).toEqual(requestFor({}));
  expect(droppedFrom(request)).toEqual([]);
});

test("settings that change nothing are not named", () => {
  const request = { frequency_penalty: 0, presence_penalty: 0, logprobs: false, store: false, logit_bias: {}, n: 1 };
  expect(droppedFrom(request)).toEqual([]);
});

describe("a conversation with parallel tools over several turns", () => {
  const thinking = { type: "thinking", thinking: "Two cities.", signature: "c2ln" };
  const sealed = { type: "redacted_thinking", data: "b3BhcXVl" };
  const conversation = [
    { role: "system", content: "Use tools." },
    { role: "user", content: "Paris and Rome?" },
    {
      role: "assistant",
      content: null,
      reasoning_content: "Two cities.",
      thinking_blocks: [thinking, sealed],
      tool_calls: [call("toolu_1", "weather", '{"city":"Paris"}'), call("toolu_2", "weather", '{"city":"Rome"}')],
    },
    { role: "tool", tool_call_id: "toolu_1", content: "Rain." },
    { role: "tool", tool_call_id: "toolu_2", content: "No such city.", is_error: true },
    { role: "assistant", content: "  ", tool_calls: [call("toolu_3", "search", "")] },
    { role: "tool", tool_call_id: "toolu_3", content: [{ type: "text", text: "Sun." }] },
    { role: "developer", content: "Be brief." },
    { role: "user", content: "Thanks. So?" },
  ];

  test("turns alternate, results stand together right after their calls, and thinking is as it was signed", () => {
    expect(requestFor({ messages: conversation })).toMatchObject({ system: "Use tools.\n\nBe brief." });
    expect(messagesFor(...conversation)).toEqual([
      { role: "user", content: "Paris and Rome?" },
      {
        role: "assistant",
        content: [
          thinking,
          sealed,
          { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Paris" } },
          { type: "tool_use", id: "toolu_2", name: "weather", input: { city: "Rome" } },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "toolu_1", content: "Rain." },
          { type: "tool_result", tool_use_id: "toolu_2", content: "No such city.", is_error: true },
        ],
      },
      { role: "assistant", content: [{ type: "tool_use", id: "toolu_3", name: "search", input: {} }] },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "toolu_3", content: [{ type: "text", text: "Sun." }] },
          { type: "text", text: "Thanks. So?" },
        ],
      },
    ]);
  });

  test("nothing of it is left out", () => {
    expect(droppedFrom({ messages: conversation })).toEqual([]);
  });

  test("a reply sent back as it came gives the vendor its own blocks again", () => {
    const content = [
      thinking,
      { type: "text", text: "Let me look." },
      { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Paris" } },
    ];
    const exchange = chatToMessages.begin({ model: "alias", messages: [user] }, options);
    const reply = exchange.reply({ id: "msg_1", content, stop_reason: "tool_use", usage: {} });
    const [{ message }] = reply["choices"] as [{ message: JsonObject }];
    expect(messagesFor(user, message)).toEqual([user, { role: "assistant", content }]);
  });
});

test("a result that comes after the user's words still stands first", () => {
  expect(
    messagesFor(user, { role: "assistant", tool_calls: [call("a", "f", "{}")] }, user, {
      role: "tool",
      tool_call_id: "a",
      content: "1",
    }),
  ).toMatchObject([{}, {}, { content: [{ type: "tool_result" }, { type: "text", text: "Hello" }] }]);
});

test("arguments that are an object already are taken as they are", () => {
  const calls = [{ id: "a", type: "function", function: { name: "f", arguments: { x: 1 } } }];
  expect(messagesFor(user, { role: "assistant", tool_calls: calls })).toMatchObject([
    {},
    { content: [{ input: { x: 1 } }] },
  ]);
});

test("a budget for thinking leaves room for the answer where the client set no limit", () => {
  const thinking = { type: "enabled", budget_tokens: 2000 };
  expect(requestFor({ thinking })["max_tokens"]).toBe(2512);
  expect(requestFor({ thinking, max_tokens: 3000 })["max_tokens"]).toBe(3000);
});

test("two calls whose ids differ only in characters that the vendor does not allow stay two", () => {
  const ids = ["a.b", "a:b", "a b", "ä"];
  const [, turn] = messagesFor(user, {
    role: "assistant",
    tool_calls: ids.map((id) => call(id, "f", "{}")),
  }) as [unknown, { content: { id: string }[] }];
  const made = turn.content.map(({ id }) => id);
  expect(new Set(made).size).toBe(ids.length);
  expect(made.filter((id) => !/^[a-zA-Z0-9_-]+$/.test(id))).toEqual([]);
});

test("numbers that JavaScript cannot hold reach the vendor and the client digit for digit", () => {
  const args = '{"id":12345678901234567890,"rate":0.1234567890123456789,"big":1e400,"plain":1.5}';
  const body = JSON.stringify(
    requestFor({ messages: [user, { role: "assistant", tool_calls: [call("a", "f", args)] }] }),
  );
  expect(body).toContain(`"input":${args}`);
  const vendor = parseExactly(
    `{"content":[{"type":"tool_use","id":"a","name":"f","input":${args}}],"stop_reason":"tool_use"}`,
  );
  const reply = chatToMessages.begin({ model: "alias", messages: [user] }, options).reply(vendor ?? {});
  expect(JSON.stringify(reply)).toContain(JSON.stringify(args));
});

test("a key named __proto__ in arguments is a key like any other", () => {
  const messages = [user, { role: "assistant", tool_calls: [call("a", "f", '{"__proto__":{"x":1}}')] }];
  expect(JSON.stringify(requestFor({ messages }))).toContain('"input":{"__proto__":{"x":1}}');
});

test("system text that is marked for the cache keeps its mark, and the rest stands beside it", () => {
  const marked = { type: "text", text: "Long.", cache_control: { type: "ephemeral", ttl: "1h" } };
  expect(
    requestFor({ messages: [{ role: "system", content: [marked] }, { role: "system", content: "Short." }, user] }),
  ).toMatchObject({
    system: [marked, { type: "text", text: "Short." }],
  });
});

test.each([
  { what: "an image in a system message", request: { messages: [{ role: "system", content: [{ type: "image_url", image_url: { url: "https://x.test/a.png" } }] }, user] }, says: /messages\[0\]\.content.*other than text/ },
  { what: "an unknown role", request: { messages: [{ role: "narrator", content: "x" }] }, says: /messages\[0\]" has the role "narrator"/ },
  { what: "content that is an object", request: { messages: [{ role: "user", content: { text: "x" } }] }, says: /neither a text nor a list/ },
  { what: "a text part without text", request: { messages: [{ role: "user", content: [{ type: "text" }] }] }, says: /of the type text and holds none/ },
  { what: "a spoken answer in the history", request: { messages: [user, { role: "assistant", audio: { id: "a1" } }] }, says: /refers to spoken words/ },
  { what: "a data URL that is not base64", request: { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:image/png,abc" } }] }] }, says: /data URL that is not base64/ },
  { what: "an unknown tool_choice", request: { tools: [{ type: "function", function: { name: "f" } }], tool_choice: "sometimes" }, says: /"tool_choice" is "sometimes"/ },
  { what: "a json_schema without a schema", request: { response_format: { type: "json_schema" } }, says: /holds no schema/ },
])("$what is refused with a 400 that says where", ({ request, says }) => {
  expect(() => requestFor(request)).toThrow(says);
  expect(() => requestFor(request)).toThrow(expect.objectContaining({ status: 400, code: "invalid_request" }));
}); // prettier-ignore

test("where a tool is forced the model is not told to think, because the vendor would refuse both", () => {
  const tools = [{ type: "function", function: { name: "f" } }];
  const body = requestFor({ tools, tool_choice: "required", reasoning_effort: "high" });
  expect(body).toMatchObject({ output_config: { effort: "high" }, tool_choice: { type: "any" } });
  expect(body).not.toHaveProperty("thinking");
});

test("a file without a data URL is known by its first bytes or its name", () => {
  const documentFor = (file: JsonObject) => messagesFor({ role: "user", content: [{ type: "file", file }] });
  expect(documentFor({ file_data: "JVBERi0xLjQ=" })).toMatchObject([
    { content: [{ source: { media_type: "application/pdf", data: "JVBERi0xLjQ=" } }] },
  ]);
  expect(documentFor({ file_data: "aGk=", filename: "notes.md" })).toMatchObject([
    { content: [{ title: "notes.md", source: { type: "text", data: "hi" } }] },
  ]);
});

test("a whole reply that is no message is a failure of the provider, not an empty answer", () => {
  const exchange = chatToMessages.begin({ model: "alias", messages: [user] }, options);
  expect(() => exchange.reply({ object: "list" })).toThrow(/something that is not a message/);
});

test("a schema that is enforced keeps what the vendor can enforce, at every depth, and says the rest in words", () => {
  const schema = {
    type: "object",
    properties: {
      minimum: { type: "integer", minimum: 1, maximum: 9, description: "A digit." },
      tags: { type: "array", minItems: 2, uniqueItems: true, items: { type: "string", maxLength: 5 } },
      when: { type: "string", format: "date" },
      link: { oneOf: [{ type: "string", format: "iri" }, { $ref: "#/$defs/place" }] },
      labels: { type: "object", additionalProperties: { type: "string" } },
    },
    $defs: { place: { type: "object", properties: { x: { type: "number" } }, additionalProperties: true } },
  };
  const tools = [{ type: "function", function: { name: "f", strict: true, parameters: schema } }];
  expect(requestFor({ tools })["tools"]).toEqual([
    {
      name: "f",
      strict: true,
      input_schema: {
        type: "object",
        additionalProperties: false,
        properties: {
          minimum: { type: "integer", description: "A digit. (minimum: 1, maximum: 9)" },
          tags: {
            type: "array",
            items: { type: "string", description: "(maxLength: 5)" },
            description: "(minItems: 2, uniqueItems: true)",
          },
          when: { type: "string", format: "date" },
          link: { anyOf: [{ type: "string", description: '(format: "iri")' }, { $ref: "#/$defs/place" }] },
          labels: { type: "object", additionalProperties: { type: "string" } },
        },
        $defs: { place: { type: "object", properties: { x: { type: "number" } }, additionalProperties: false } },
      },
    },
  ]);
  expect(droppedFrom({ tools })).toContain("tools[].function.parameters.maxLength");
  expect(requestFor({ tools: [{ type: "function", function: { name: "f", parameters: schema } }] })["tools"]).toEqual([
    { name: "f", input_schema: schema },
  ]);
});
