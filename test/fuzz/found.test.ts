import { expect, test } from "vitest";
import { GatewayError } from "../../gateway/errors.ts";
import { chatToMessages } from "../../gateway/translation/chat-to-messages/chat-to-messages.ts";
import { messagesToChat } from "../../gateway/translation/messages-to-chat/messages-to-chat.ts";
import { responsesToChat } from "../../gateway/translation/responses-to-chat/responses-to-chat.ts";
import type { Translation } from "../../gateway/translation/translation.ts";
import type { JsonObject } from "../../gateway/wires/json.ts";
import { onlyRead, readFrames } from "../../gateway/wires/server-sent-frames.ts";
import { requests } from "./translated.ts";
import { bytesOf } from "./what-was-said.ts";

// Each of these was found by one of the tests beside.

function begin(translation: Translation) {
  return translation.begin({ model: "alias", ...requests[translation.client] }, { model: "m-1", maxTokens: 64 });
}

/** What is sent for the events, and what was left out of it; or the code of the error that ends the stream. */
function read(translation: Translation, events: readonly JsonObject[]) {
  const exchange = begin(translation);
  try {
    return { sent: events.flatMap((event) => exchange.event(event)), dropped: exchange.dropped };
  } catch (thrown) {
    return thrown instanceof GatewayError ? thrown.code : thrown;
  }
}

const start = { type: "message_start", message: { id: "msg_1", content: [] } };
const startText = { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } };
const startCall = { type: "content_block_start", index: 0, content_block: { type: "tool_use", id: "t", name: "get" } };
const textPiece = { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "lost" } };
const inputPiece = { type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: "{}" } };
const stop = { type: "content_block_stop", index: 0 };

test("the first line of a held stream is not lost behind a byte order mark", async () => {
  const bytes = Buffer.from('\ufeffdata: {"choices":[]}\n\n');
  const [frame] = await Array.fromAsync(readFrames(bytesOf([bytes])));
  expect(frame && onlyRead(frame).toString()).toBe('data: {"choices":[]}\n\n');
});

test.each([
  ["has not begun", [start, textPiece]],
  ["has not begun, of a call", [start, inputPiece]],
  ["has ended", [start, startText, stop, textPiece]],
])("a piece of a block that %s breaks the stream, since part of the answer is missing", (_when, events) => {
  expect(read(chatToMessages, events)).toBe("stream_broken");
});

test("a block that begins twice breaks the stream instead of becoming two calls", () => {
  expect(read(chatToMessages, [start, startCall, startCall])).toBe("stream_broken");
});

test("a piece in a block of another kind is named as left out", () => {
  expect(read(chatToMessages, [start, startText, inputPiece])).toMatchObject({
    dropped: ["reply.content[].input_json"],
  });
  expect(read(chatToMessages, [start, startCall, textPiece])).toMatchObject({ dropped: ["reply.content[].text"] });
});

test.each([[[{ type: "text", text: "early" }]], ["early"]])(
  "what a message says with its start (%j) reaches the client",
  (content) => {
    expect(read(chatToMessages, [{ ...start, message: { id: "msg_1", content } }])).toMatchObject({
      sent: [{ choices: [{ delta: { role: "assistant" } }] }, { choices: [{ delta: { content: "early" } }] }],
    });
  },
);

test("a call that names no tool is a failure of the provider in every dialect", () => {
  const nameless = { type: "content_block_start", index: 0, content_block: { type: "tool_use", id: "t", input: {} } };
  expect(read(chatToMessages, [start, nameless])).toBe("provider_failed");
  expect(() => begin(chatToMessages).reply({ content: [nameless.content_block] })).toThrow(/names no tool/);
  const piece = {
    choices: [{ index: 0, delta: { tool_calls: [{ index: 0, id: "c", function: { arguments: "{}" } }] } }],
  };
  expect(read(messagesToChat, [piece])).toBe("provider_failed");
  expect(read(responsesToChat, [piece])).toBe("provider_failed");
});

test("arguments that are neither a text nor an object are not taken for none", () => {
  const call = { id: "c", type: "function", function: { name: "get", arguments: [1] } };
  const choices = [{ index: 0, message: { tool_calls: [call] }, finish_reason: "tool_calls" }];
  expect(() => begin(messagesToChat).reply({ choices })).toThrow(/not a JSON object/);
  expect(begin(responsesToChat).reply({ choices })).toMatchObject({ output: [{ arguments: "[1]" }] });
});
