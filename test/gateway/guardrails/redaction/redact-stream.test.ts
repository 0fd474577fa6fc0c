import { describe, expect, test } from "vitest";
import { wires } from "../../../../gateway/wires/registry.ts";
import { sampleOf, type Wire } from "../../../../gateway/wires/wire.ts";
import { responsesFrame } from "../../../support/responses-writing.ts";
import { redactedFrames, replyOf } from "./redacted.ts";

const { chat, messages, responses } = wires;

const outputText = (text: string, more: object = {}) => ({ type: "output_text", text, annotations: [], ...more });
const item = (...content: object[]) => ({ id: "m", type: "message", content });

const chatFrames = (...deltas: object[]) => [
  ...deltas.map((choice) => Buffer.from(`data: ${JSON.stringify({ choices: [choice] })}\n\n`)),
  Buffer.from("data: [DONE]\n\n"),
];
const messagesFrames = (...events: readonly (readonly [string, object])[]) =>
  events.map(([type, more]) => Buffer.from(messages.eventFrame({ type, ...more })));
const responsesFrames = (...events: readonly (readonly [string, object])[]) =>
  events.map(([type, more]) => Buffer.from(responsesFrame(type, more)));

async function streamed(wire: Wire, frames: readonly Uint8Array[]): Promise<string[] | undefined> {
  const sent = await redactedFrames(wire, frames);
  return sent?.map((frame) => Buffer.from(frame).toString());
}

describe("of a stream, redaction replaces", () => {
  test("in each frame its share, the placeholder where the value begins; other frames keep their bytes", async () => {
    const frames = chatFrames(
      { index: 0, delta: { role: "assistant", content: "" } },
      { index: 0, delta: { content: "to an" } },
      { index: 0, delta: { content: "n@x" }, logprobs: { content: [{ token: "n@x" }] } },
      { index: 1, delta: { refusal: "not ann@x.com" } },
      { index: 0, delta: { content: ".com and" } },
      { index: 0, delta: { content: " bob@x.com" }, finish_reason: "stop" },
    );
    const spaced = Buffer.from('data:  { "choices" :[{"index":0,"delta":{"content":"!"}}]}\n\n');
    const expected = chatFrames(
      { index: 0, delta: { role: "assistant", content: "" } },
      { index: 0, delta: { content: "to [EMAIL_1]" } },
      { index: 0, delta: { content: "" }, logprobs: null },
      { index: 1, delta: { refusal: "not [EMAIL_1]" } },
      { index: 0, delta: { content: " and" } },
      { index: 0, delta: { content: " [EMAIL_2]" }, finish_reason: "stop" },
    );
    expect(await streamed(chat, [...frames, spaced])).toEqual([...expected, spaced].map((frame) => frame.toString()));
  });

  test("the arguments of a call at once, where they begin", async () => {
    const piece = (given: string, index = 0) => ({
      delta: { tool_calls: [{ index, function: { arguments: given } }] },
    });
    const frames = chatFrames(
      { delta: { tool_calls: [{ index: 0, id: "c", function: { name: "send", arguments: "" } }] } },
      piece('{ "to": "a'),
      piece('{"fine":', 1),
      piece(String.raw`nn\u0040x.c`),
      piece("1}", 1),
      piece('om"}'),
    );
    const expected = chatFrames(
      { delta: { tool_calls: [{ index: 0, id: "c", function: { name: "send", arguments: "" } }] } },
      piece('{"to":"[EMAIL_1]"}'),
      piece('{"fine":', 1),
      piece(""),
      piece("1}", 1),
      piece(""),
    );
    expect(await streamed(chat, frames)).toEqual(expected.map((frame) => frame.toString()));
  });

  test("what the blocks of a message say", async () => {
    const delta = (index: number, more: object) => ["content_block_delta", { index, delta: more }] as const;
    const events = (thinking: string, [first, second]: readonly string[], [json, rest]: readonly string[]) =>
      messagesFrames(
        ["message_start", { message: { id: "1", content: [] } }],
        ["content_block_start", { index: 0, content_block: { type: "thinking", thinking: "" } }],
        delta(0, { type: "thinking_delta", thinking }),
        ["content_block_start", { index: 1, content_block: { type: "text", text: "" } }],
        delta(1, { type: "text_delta", text: first }),
        delta(1, { type: "text_delta", text: second }),
        ["content_block_start", { index: 2, content_block: { type: "tool_use", name: "send", input: {} } }],
        delta(2, { type: "input_json_delta", partial_json: "" }),
        delta(2, { type: "input_json_delta", partial_json: json }),
        delta(2, { type: "input_json_delta", partial_json: rest }),
        ["message_stop", {}],
      );
    const frames = events("ann@x.com", ["a", "nn@x.com"], ['{"to":"bob', '@x.com"}']);
    const expected = events("[EMAIL_1]", ["[EMAIL_1]", ""], ['{"to":"[EMAIL_2]"}', ""]);
    expect(await streamed(messages, frames)).toEqual(expected.map((frame) => frame.toString()));
  });

  test("what the events of a response say, and say again as a whole", async () => {
    const place = { output_index: 0, content_index: 0 };
    const events = ([first, second]: readonly string[], text: string, tokens: readonly object[]) =>
      responsesFrames(
        ["response.output_item.added", { output_index: 0, item: item() }],
        ["response.output_text.delta", { ...place, delta: first, logprobs: tokens }],
        ["response.output_text.delta", { ...place, delta: second }],
        ["response.output_text.done", { ...place, text, logprobs: tokens }],
        ["response.content_part.done", { ...place, part: outputText(text, { logprobs: tokens }) }],
        ["response.output_item.done", { output_index: 0, item: item(outputText(text)) }],
        ["response.completed", { response: { output: [item(outputText(text))], output_text: text } }],
      );
    const frames = events(["to ann@", "x.com!"], "to ann@x.com!", [{ token: "to ann@" }]);
    const expected = events(["to [EMAIL_1]", "!"], "to [EMAIL_1]!", []);
    expect(await streamed(responses, frames)).toEqual(expected.map((frame) => frame.toString()));
  });

  test("the arguments of a response's call, and their repetition with other white space", async () => {
    const events = (pieces: readonly string[], again: string, last: string) =>
      responsesFrames(
        [
          "response.output_item.added",
          { output_index: 0, item: { type: "function_call", name: "send", arguments: "" } },
        ],
        ...pieces.map((delta) => ["response.function_call_arguments.delta", { output_index: 0, delta }] as const),
        ["response.function_call_arguments.done", { output_index: 0, arguments: again }],
        ["response.completed", { response: { output: [{ type: "function_call", name: "send", arguments: last }] } }],
      );
    const frames = events(['{"to":"an', 'n@x.com"}'], '{"to":"ann@x.com"}', '{ "to": "ann@x.com" }');
    const call1 = '{"to":"[EMAIL_1]"}';
    expect(await streamed(responses, frames)).toEqual(
      events([call1, ""], call1, call1).map((frame) => frame.toString()),
    );
  });

  test("a text that is said at the end only, beside another one", async () => {
    const place = { output_index: 0, content_index: 0 };
    const events = (text: string) =>
      responsesFrames(
        ["response.output_text.delta", { ...place, delta: "fine" }],
        ["response.completed", { response: { output: [item(outputText(text))] } }],
      );
    expect(await streamed(responses, events("not ann@x.com"))).toEqual(
      events("not [EMAIL_1]").map((frame) => frame.toString()),
    );
  });
});

test("a stream that says it in a place without a name is not redacted", async () => {
  const frames = chatFrames(
    { delta: { content: "ann@x.com" } },
    { delta: { content: [{ thinking: ["ann@x.com", "x"] }] } },
  );
  expect(sampleOf(await replyOf(chat, frames)).output).toBe("ann@x.comann@x.com\nx");
  expect(await streamed(chat, frames)).toBeUndefined();
});
