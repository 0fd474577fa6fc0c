import { describe, expect, test } from "vitest";
import {
  chunk,
  eventsFor,
  finish,
  messageFor,
  sentFor,
  typesOf,
  usage,
  usageChunk,
} from "./messages-to-chat-chunks.ts";

test("a text comes piece by piece, in a message that begins and ends, with the usage at the end", () => {
  const sent = sentFor([
    chunk({ role: "assistant", content: "" }),
    chunk({ content: "30 " }),
    chunk({ content: "days." }),
    finish("stop"),
    usageChunk,
  ]);
  expect(sent.map(typesOf)).toEqual([
    ["message_start"],
    ["content_block_start", "content_block_delta"],
    ["content_block_delta"],
    [],
    [],
    ["content_block_stop", "message_delta"],
  ]);
  expect(sent.flat()).toMatchObject([
    {
      message: {
        id: "msg_1",
        model: "target-model-2026",
        content: [],
        stop_reason: null,
        usage: { input_tokens: 0, output_tokens: 0 },
      },
    },
    { index: 0, content_block: { type: "text", text: "" } },
    { index: 0, delta: { type: "text_delta", text: "30 " } },
    { index: 0, delta: { type: "text_delta", text: "days." } },
    { index: 0 },
    {
      delta: { stop_reason: "end_turn", stop_sequence: null },
      usage: { input_tokens: 7, cache_read_input_tokens: 4, output_tokens: 7 },
    },
  ]);
});

test("thinking is a block of its own before the text, signed with the member it came in", async () => {
  const chunks = [chunk({ reasoning: "Hm" }), chunk({ reasoning: "." }), chunk({ content: "Yes." }), finish("stop")];
  expect(eventsFor(chunks)).toContainEqual({
    type: "content_block_delta",
    index: 0,
    delta: { type: "signature_delta", signature: "proctor.reasoning" },
  });
  expect((await messageFor(chunks)).content).toMatchObject([
    { type: "thinking", thinking: "Hm.", signature: "proctor.reasoning" },
    { type: "text", text: "Yes." },
  ]);
});

describe("servers that differ", () => {
  const ending = { delta: { stop_reason: "end_turn" }, usage: { input_tokens: 7, output_tokens: 7 } };

  test("usage in the chunk of the finish, or with every chunk, is the last one said", () => {
    const early = { prompt_tokens: 11, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 4 } };
    const chunks = [
      chunk({ content: "x" }, {}, { usage: early }),
      chunk({ content: "y" }, {}, { usage: null }),
      chunk({}, { finish_reason: "stop" }, { usage }),
    ];
    expect(eventsFor(chunks).at(0)).toMatchObject({ message: { usage: { input_tokens: 7, output_tokens: 1 } } });
    expect(eventsFor(chunks).at(-1)).toMatchObject(ending);
  });

  test("chunks without choices before the answer do not begin the message", () => {
    const report = { id: "", model: "", choices: [], prompt_filter_results: [{}] };
    const sent = sentFor([report, chunk({ content: "x" }), finish("stop")]);
    expect(sent[0]).toEqual([]);
    expect(sent[1]?.[0]).toMatchObject({ type: "message_start", message: { id: "msg_1" } });
  });

  test("content that is null, and the role in every chunk, say nothing", async () => {
    const chunks = [
      chunk({ role: "assistant", content: null }),
      chunk({ role: "assistant", content: "x", tool_calls: null }),
      chunk({ content: null, reasoning_content: null, tool_calls: [] }),
      finish("stop"),
    ];
    expect((await messageFor(chunks)).content).toMatchObject([{ type: "text", text: "x" }]);
  });

  test("a refusal is said and is the reason", async () => {
    const chunks = [chunk({ refusal: "I will " }), chunk({ refusal: "not." }), finish("stop")];
    expect(await messageFor(chunks)).toMatchObject({
      content: [{ type: "text", text: "I will not." }],
      stop_reason: "refusal",
    });
  });

  test("a stop sequence that the server names is named", async () => {
    const chunks = [chunk({ content: "x" }), chunk({}, { finish_reason: "stop", stop_reason: "END" })];
    expect(await messageFor(chunks)).toMatchObject({ stop_reason: "stop_sequence", stop_sequence: "END" });
  });

  test("a stream without any choice, and one that gave up, are errors", () => {
    expect(() => eventsFor([usageChunk])).toThrow(/there is no choice/);
    expect(() => eventsFor([chunk({ content: "Half" }), finish("error")])).toThrow(/gave up in the middle/);
  });

  test("an answer that says nothing is a message without content", async () => {
    expect(await messageFor([chunk({ role: "assistant", content: "" }), finish("stop")])).toMatchObject({
      content: [],
      stop_reason: "end_turn",
    });
  });
});
