import { describe, expect, test } from "vitest";
import { GatewayError } from "../../../gateway/errors.ts";
import { responses } from "../../../gateway/wires/responses.ts";

const read = (members: object) => responses.readRequest({ model: "student", ...members });

test("a text is what the user says, and the instructions are the system prompt", () => {
  expect(
    read({ input: "Hello", instructions: "Be brief.", stream: true, temperature: 0.2, top_p: null }),
  ).toMatchObject({
    model: "student",
    stream: true,
    input: "Hello",
    system: "Be brief.",
    messages: [
      { role: "system", text: "Be brief." },
      { role: "user", text: "Hello" },
    ],
    parameters: { temperature: 0.2, top_p: null },
    wantsUsage: true,
  });
});

test("items are a conversation with calls, results and reasoning", () => {
  const { input, system, messages, context } = read({
    instructions: "Be brief.",
    input: [
      { role: "developer", content: "Use metric units." },
      {
        role: "user",
        content: [
          { type: "input_text", text: "How far?" },
          { type: "input_image", image_url: "data:image/png;base64,AAAA" },
        ],
      },
      { type: "reasoning", summary: [{ type: "summary_text", text: "I must look it up." }], encrypted_content: "xyz" },
      { type: "function_call", call_id: "a", name: "look_up", arguments: '{"city":"Köln"}' },
      { type: "function_call_output", call_id: "a", output: "94 km" },
      { type: "custom_tool_call", call_id: "b", name: "note", input: "94" },
      { type: "custom_tool_call_output", call_id: "b", output: [{ type: "input_text", text: "noted" }] },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "94 km." }] },
      { role: "user", content: "And back?" },
    ],
  });
  expect({ input, system }).toEqual({ input: "And back?", system: "Be brief.\n\nUse metric units." });
  expect(messages).toEqual([
    { role: "system", text: "Be brief." },
    { role: "developer", text: "Use metric units." },
    { role: "user", text: "How far?" },
    { role: "assistant", text: "I must look it up." },
    { role: "assistant", text: 'look_up({"city":"Köln"})' },
    { role: "tool", text: "94 km" },
    { role: "assistant", text: "note(94)" },
    { role: "tool", text: "noted" },
    { role: "assistant", text: "94 km." },
    { role: "user", text: "And back?" },
  ]);
  expect(context.tool_results).toEqual(["94 km", "noted"]);
});

test("passages come from tags and from what tools of the service gave back", () => {
  const { context } = read({
    input: [
      { role: "user", content: "<context>Lamps cost 5 euros.</context> What do lamps cost?" },
      { type: "mcp_call", name: "find", arguments: "{}", output: "Cables cost 2 euros." },
      { type: "file_search_call", queries: ["lamps"], results: [{ file_id: "f", text: "Lamps are blue." }] },
      {
        type: "computer_call_output",
        call_id: "c",
        output: { type: "computer_screenshot", image_url: "data:image/png;base64,AAAA" },
      },
    ],
  });
  expect(context).toEqual({
    tags: ["Lamps cost 5 euros."],
    tool_results: ["Cables cost 2 euros.", "Lamps are blue."],
    documents: [],
  });
});

describe("a request", () => {
  test.each([
    [{ background: true }, /background/],
    [{ previous_response_id: "resp_1" }, /previous_response_id/],
    [{ conversation: { id: "conv_1" } }, /conversation/],
    [{ prompt: { id: "pmpt_1" } }, /prompt/],
    [{ input: [{ type: "item_reference", id: "msg_1" }] }, /item_reference/],
    [{ tools: [{ type: "image_generation" }] }, /images/],
  ])("with %j cannot be examined", (members, words) => {
    expect(read({ input: "Hello", ...members }).unexaminable).toMatch(words);
  });

  test("can be examined when it says that it asks for none of it", () => {
    const off = { background: false, previous_response_id: null, conversation: null, prompt: null, store: true };
    expect(read({ input: "Hello", ...off }).unexaminable).toBeUndefined();
  });

  test("may come without input where something stored stands in its place", () => {
    expect(read({ prompt: { id: "pmpt_1" } })).toMatchObject({ input: undefined, messages: [] });
    expect(read({ previous_response_id: "resp_1", input: [] })).toMatchObject({ messages: [] });
  });

  test.each([{}, { input: null }, { input: [] }, { input: 5 }, { input: ["Hello"] }, { input: { role: "user" } }])(
    "with %j says nothing",
    (members) => {
      const call = () => read(members);
      expect(call).toThrow(GatewayError);
      expect(call).toThrow(/"input" must be a text or a list/);
    },
  );
});
