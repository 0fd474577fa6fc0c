import { expect, test } from "vitest";
import { fromChatRow } from "../../../evaluators/batch/chat-row.ts";
import { sampleIn } from "../../../evaluators/batch/row-sample.ts";

const user = { role: "user", content: "Is it sunny?" };
const answer = { role: "assistant", content: "Yes." };

test("the last message is the answer to examine, the user's last one what was asked", () => {
  const system = { role: "system", content: "Be brief." };
  const messages = [system, { role: "user", content: "Hello" }, { role: "assistant", content: "Hi" }, user, answer];
  expect(sampleIn({ messages })).toEqual({ input: "Is it sunny?", output: "Yes.", messages });
});

test("what the row gives itself is not replaced, under whatever name", () => {
  const messages = [user, answer];
  for (const name of ["output", "response", "answer"]) {
    for (const asked of ["input", "query", "question", "prompt"]) {
      expect(sampleIn({ messages, [name]: "given", [asked]: "asked" })).toEqual({
        messages,
        output: "given",
        input: "asked",
      });
    }
  }
  const calls = [{ name: "weather", arguments: "{}" }];
  expect(sampleIn({ messages, tool_calls: calls })).toEqual({ messages, input: user.content, tool_calls: calls });
  expect(sampleIn({ messages, output: null, input: null })).toMatchObject({ output: "Yes.", input: user.content });
});

test("a conversation that does not end with an answer has none, and one without a user asks nothing", () => {
  expect(sampleIn({ messages: [answer, user] })).toEqual({ messages: [answer, user], input: user.content });
  expect(sampleIn({ messages: [answer] })).toEqual({ messages: [answer], output: "Yes." });
  expect(sampleIn({ messages: [] })).toEqual({ messages: [] });
});

test("calls under function, results by the id of their call, empty content and parts of text are read", () => {
  const call = (id: string, name: string) => ({ id, type: "function", function: { name, arguments: "{}" } });
  const messages = [
    {
      role: "user",
      content: [
        { type: "text", text: "Is it " },
        { type: "text", text: "sunny?" },
      ],
    },
    { role: "assistant", content: null, tool_calls: [call("1", "weather"), call("2", "clock")] },
    { role: "tool", tool_call_id: "2", content: "noon" },
    { role: "tool", tool_call_id: "1", content: "sunny" },
    { role: "tool", tool_call_id: "9", content: "?" },
    { role: "assistant", content: "", tool_calls: [call("3", "bye")] },
  ];
  const bye = [{ name: "bye", arguments: "{}" }];
  expect(sampleIn({ messages })).toEqual({
    input: "Is it sunny?",
    output: "",
    tool_calls: bye,
    messages: [
      user,
      {
        role: "assistant",
        content: "",
        tool_calls: [
          { name: "weather", arguments: "{}" },
          { name: "clock", arguments: "{}" },
        ],
      },
      { role: "tool", name: "clock", content: "noon" },
      { role: "tool", name: "weather", content: "sunny" },
      { role: "tool", content: "?" },
      { role: "assistant", content: "", tool_calls: bye },
    ],
  });
});

test("tools and calls of the row are read as chat APIs write them", () => {
  const weather = { name: "weather", parameters: { type: "object" } };
  const call = { name: "weather", arguments: "{}" };
  const wrapped = [{ type: "function", function: call }];
  expect(
    sampleIn({
      tools: [{ type: "function", function: weather }, weather],
      tool_calls: wrapped,
      expected_tool_calls: wrapped,
    }),
  ).toEqual({ tools: [weather, weather], tool_calls: [call], expected_tool_calls: [call] });
});

test.each([
  [[{ role: "user", content: [{ type: "image_url", image_url: { url: "x" } }] }], /messages\.0\.content|"input"/],
  [[user, { role: "assistant", content: [{ type: "text" }] }], /"messages\.1\.content"|"output"/],
  [["Hello"], /"messages\.0"/],
  [[null], /"messages\.0"/],
  ["Hello", /"messages"/],
])("a conversation that holds more than text is refused, not half examined: %j", (messages, message) => {
  expect(() => sampleIn({ messages })).toThrow(message);
});

test("a row without a conversation stays what it is", () => {
  const row = { output: "a", context: ["b"], team: { function: { name: "x" } } };
  expect(fromChatRow(row)).toEqual(row);
});
