import { describe, expect, test } from "vitest";
import { createCollector } from "../../../gateway/wires/collect.ts";
import { parseObject } from "../../../gateway/wires/json.ts";
import { wires } from "../../../gateway/wires/registry.ts";
import type { ReplyUsage, Wire } from "../../../gateway/wires/wire.ts";

function usageIn(wire: Wire, body: object): ReplyUsage | null {
  const collector = createCollector();
  collector.add(wire.readReply(parseObject(JSON.stringify(body)) ?? {}));
  return collector.parts().usage;
}

function usageOfStream(wire: Wire, frames: readonly object[]): ReplyUsage | null {
  const collector = createCollector();
  for (const frame of frames) {
    const data = JSON.stringify(frame);
    collector.add(wire.readFrame({ bytes: Buffer.from(data), data, event: undefined }).deltas);
  }
  return collector.parts().usage;
}

describe("the usage of a reply", () => {
  test("in chat completions has what the cache gave and took, and what was spent on reasoning", () => {
    const usage = {
      prompt_tokens: 100,
      completion_tokens: 20,
      prompt_tokens_details: {
        cached_tokens: 60,
        cache_write_tokens: 30,
        cache_write_tokens_details: { ttl_12h_tokens: 10 },
      },
      completion_tokens_details: { reasoning_tokens: 15 },
    };
    const expected = {
      inputTokens: 100,
      outputTokens: 20,
      cacheReadTokens: 60,
      cacheWriteTokens: 30,
      longCacheWriteTokens: 10,
      reasoningTokens: 15,
    };
    expect(usageIn(wires.chat, { choices: [], usage })).toEqual(expected);
    expect(usageOfStream(wires.chat, [{ choices: [], usage }])).toEqual(expected);
  });

  test("in messages counts the cache as input, and keeps it apart as well", () => {
    const usage = {
      input_tokens: 10,
      output_tokens: 20,
      cache_read_input_tokens: 60,
      cache_creation_input_tokens: 30,
      cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 10 },
      output_tokens_details: { thinking_tokens: 15 },
    };
    const expected = {
      inputTokens: 100,
      outputTokens: 20,
      cacheReadTokens: 60,
      cacheWriteTokens: 30,
      longCacheWriteTokens: 10,
      reasoningTokens: 15,
    };
    expect(usageIn(wires.messages, { type: "message", content: [], usage })).toEqual(expected);
    const started = { type: "message_start", message: { usage: { ...usage, output_tokens: 1 } } };
    const ended = { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 20 } };
    expect(usageOfStream(wires.messages, [started, ended])).toEqual(expected);
  });

  test("has only what the vendor says: null is nothing", () => {
    const usage = {
      prompt_tokens: 5,
      completion_tokens: 1,
      prompt_tokens_details: null,
      completion_tokens_details: null,
    };
    expect(usageIn(wires.chat, { choices: [], usage })).toEqual({ inputTokens: 5, outputTokens: 1 });
    const none = { input_tokens: 5, output_tokens: 1, cache_read_input_tokens: null, cache_creation: null };
    expect(usageIn(wires.messages, { type: "message", content: [], usage: none })).toEqual({
      inputTokens: 5,
      outputTokens: 1,
    });
    expect(usageIn(wires.chat, { choices: [] })).toBeNull();
  });

  test("counts nothing below 0, which would pay the caller's budget back", () => {
    const usage = { prompt_tokens: -1000, completion_tokens: 2 };
    expect(usageIn(wires.chat, { choices: [], usage })).toEqual({ outputTokens: 2, inputTokens: 0 });
  });
});
