import { MessageStream } from "@anthropic-ai/sdk/lib/MessageStream";
import fc from "fast-check";
import { ChatCompletionStream } from "openai/lib/ChatCompletionStream";
import { ResponseStream } from "openai/lib/responses/ResponseStream";
import { describe, expect, test } from "vitest";
import type { WireName } from "../../gateway/providers/provider.ts";
import { readFrames } from "../../gateway/wires/server-sent-frames.ts";
import { anyFraming, cutInto, framed } from "./any-framing.ts";
import { always, fuzzTimeout } from "./fuzz.ts";
import { targetOf, understood } from "./targets.ts";
import { pairs, translatedStream } from "./translated.ts";
import { bytesOf } from "./what-was-said.ts";

interface Accumulated {
  readonly text: string;
  readonly refusal: string;
  readonly calls: readonly { readonly name: string; readonly arguments: unknown }[];
}

/** What the official clients put together of the events of a stream. */
const accumulate: Readonly<Record<WireName, (lines: ReadableStream) => Promise<Accumulated>>> = {
  async chat(lines) {
    const { choices } = await ChatCompletionStream.fromReadableStream(lines).finalChatCompletion();
    const [message] = choices.map((choice) => choice.message);
    const calls = (message?.tool_calls ?? []).map((call) => ("function" in call ? call.function : undefined));
    return {
      text: message?.content ?? "",
      refusal: message?.refusal ?? "",
      calls: calls.map((called) => ({
        name: called?.name ?? "",
        arguments: JSON.parse(called?.arguments ?? "") as unknown,
      })),
    };
  },
  async messages(lines) {
    const { content } = await MessageStream.fromReadableStream(lines).finalMessage();
    return {
      text: content.map((block) => (block.type === "text" ? block.text : "")).join(""),
      refusal: "",
      calls: content.flatMap((block) =>
        block.type === "tool_use" ? [{ name: block.name, arguments: block.input }] : [],
      ),
    };
  },
  async responses(lines) {
    const { output } = await ResponseStream.fromReadableStream(lines).finalResponse();
    const parts = output.flatMap((item) => (item.type === "message" ? item.content : []));
    return {
      text: parts.map((part) => (part.type === "output_text" ? part.text : "")).join(""),
      refusal: parts.map((part) => (part.type === "refusal" ? part.refusal : "")).join(""),
      calls: output.flatMap((item) =>
        item.type === "function_call" ? [{ name: item.name, arguments: JSON.parse(item.arguments) as unknown }] : [],
      ),
    };
  },
};

describe.each(pairs)("$name", ({ translation }) => {
  test(
    "the official client puts together what the model said",
    async () => {
      const { answers, events } = targetOf(translation);
      await always(fc.tuple(answers, anyFraming), 30, async ([answer, framing]) => {
        const bytes = framed(events(answer), framing);
        const sent = await translatedStream(translation, cutInto(bytes, framing.cuts));
        const frames = await Array.fromAsync(readFrames(bytesOf(sent.bytes)));
        const lines = frames.flatMap(({ data }) => (data === undefined || data === "[DONE]" ? [] : [`${data}\n`]));
        const read = await accumulate[translation.client](ReadableStream.from(lines.map((line) => Buffer.from(line))));
        const { text, refusal, calls } = understood(answer, translation);
        expect({ text: read.text, refusal: read.refusal }).toEqual({ text, refusal });
        expect(JSON.stringify(read.calls)).toBe(JSON.stringify(calls.map(parsed)));
      });
    },
    fuzzTimeout,
  );
});

function parsed(call: { readonly name: string; readonly arguments: string }) {
  return { name: call.name, arguments: JSON.parse(call.arguments) as unknown };
}
