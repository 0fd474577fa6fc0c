import Anthropic from "@anthropic-ai/sdk";
import fc from "fast-check";
import OpenAI from "openai";
import { ContentFilterFinishReasonError } from "openai/error";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { WireName } from "../../../../gateway/providers/provider.ts";
import { wires } from "../../../../gateway/wires/registry.ts";
import type { ReplyParts } from "../../../../gateway/wires/wire.ts";
import { type FakeVendor, startFakeVendor } from "../../../support/fake-vendor.ts";
import type { Said } from "../../../support/said.ts";
import { anySaid, writings } from "../../../support/wire-replies.ts";
import { endingAfter, everyCut, read, refusal } from "./cut-stream.ts";

let stream = "";
let server: FakeVendor;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  server = await startFakeVendor(() => ({ headers: { "content-type": "text/event-stream" }, chunks: [stream] }));
  openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "k", maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: server.url, apiKey: "k", maxRetries: 0 });
});
afterAll(() => server.close());

/** Has a client read a reply that was cut after each of its frames. */
async function atEveryCut(
  name: WireName,
  reply: Said,
  check: (cut: { readonly sent: readonly string[]; readonly before: ReplyParts }) => Promise<void>,
): Promise<void> {
  for (const { sent, ending } of everyCut(wires[name], writings[name].frames(reply))) {
    stream = [...sent, ...ending].join("");
    await check({ sent, before: (await read(wires[name], sent)).parts });
  }
}

const textOf = (parts: ReplyParts, type: string, choice = 0) =>
  parts.passages
    .filter((passage) => passage.type === type && passage.choice === choice)
    .map(({ text }) => text)
    .join("");

const runs = { numRuns: 12 };
const asked = { model: "student", messages: [{ role: "user" as const, content: "What do lamps cost?" }] };

describe("who reads a cut stream with the official client", () => {
  test("of chat completions gets the text that was sent, the refusal and `content_filter`", async () => {
    await fc.assert(
      fc.asyncProperty(anySaid(1), (reply) =>
        atEveryCut("chat", reply, async ({ sent, before }) => {
          const completion = await openai.chat.completions.stream(asked).finalChatCompletion();
          const [choice] = completion.choices;
          const isFinished = before.finishReasons.length > 0;
          expect(completion.choices).toHaveLength(1);
          expect(choice?.finish_reason).toBe(isFinished ? reply.choices[0]?.finish : "content_filter");
          expect(choice?.message.refusal).toBe(isFinished ? null : refusal.message);
          expect(choice?.message.content ?? "").toBe(textOf(before, "text-delta"));
          const calls = choice?.message.tool_calls?.map((call) => "function" in call && call.function.arguments) ?? [];
          expect(calls).toEqual(before.calls.map((call) => call.arguments));
          expect(completion.id).toBe(
            sent.length === 0 ? `chatcmpl-${String(refusal.proctor["trace_id"])}` : "chatcmpl-1",
          );
        }),
      ),
      runs,
    );
  });

  test("of chat completions with several choices gets the end of each", async () => {
    await fc.assert(
      fc.asyncProperty(anySaid(3), (reply) =>
        atEveryCut("chat", reply, async ({ sent, before }) => {
          const refused = new Map<number, string>();
          const reasons = new Map<number, string[]>();
          for await (const { choices } of await openai.chat.completions.create({ ...asked, stream: true }))
            for (const { index, delta, finish_reason } of choices) {
              if (delta.refusal) refused.set(index, `${refused.get(index) ?? ""}${delta.refusal}`);
              reasons.set(index, [...(reasons.get(index) ?? []), ...(finish_reason ? [finish_reason] : [])]);
            }
          expect([...reasons.values()].every(({ length }) => length === 1)).toBe(true);
          expect(new Set(refused.values())).toEqual(new Set(refused.size === 0 ? [] : [refusal.message]));
          for (const [index, [reason]] of reasons) expect(reason === "content_filter").toBe(refused.has(index));
          expect(reasons.size - refused.size).toBe(sent.length === 0 ? 0 : before.finishReasons.length);
        }),
      ),
      runs,
    );
  });

  test("of messages gets the text that was sent, the refusal as the last text and `refusal`", async () => {
    await fc.assert(
      fc.asyncProperty(anySaid(1), (reply) =>
        atEveryCut("messages", reply, async ({ before }) => {
          const message = await anthropic.messages.stream({ ...asked, max_tokens: 100 }).finalMessage();
          const texts = message.content.flatMap((block) => (block.type === "text" ? [block.text] : []));
          const isStopping = before.finishReasons.length > 0;
          expect(message.stop_reason).toBe("refusal");
          expect(texts.at(-1) === refusal.message).toBe(!isStopping);
          expect(texts.slice(0, isStopping ? undefined : -1).join("")).toBe(textOf(before, "text-delta"));
          const thoughts = message.content.flatMap((block) => (block.type === "thinking" ? [block.thinking] : []));
          expect(thoughts.join("")).toBe(textOf(before, "reasoning-delta"));
          expect(message.usage).toMatchObject({ input_tokens: 30, output_tokens: 12 });
        }),
      ),
      runs,
    );
  });

  test("of responses gets the items that were sent, the refusal as the last one and `completed`", async () => {
    await fc.assert(
      fc.asyncProperty(anySaid(1), (reply) =>
        atEveryCut("responses", reply, async ({ before }) => {
          const response = await openai.responses.stream({ model: "student", input: "Hi" }).finalResponse();
          expect(response.status).toBe("completed");
          expect(response.output_text).toBe(textOf(before, "text-delta"));
          expect(response.output.at(-1)).toMatchObject({
            type: "message",
            status: "completed",
            content: [{ type: "refusal", refusal: refusal.message }],
          });
          const calls = response.output.flatMap((item) => (item.type === "function_call" ? [item] : []));
          expect(calls.map((call) => call.arguments)).toEqual(before.calls.map((call) => call.arguments));
          const cut = calls.filter(({ status }) => status === "incomplete");
          expect(cut).toEqual(calls.slice(-1).filter(({ status }) => status !== "completed"));
          expect(response.usage).toMatchObject({ input_tokens: 30, output_tokens: 12, total_tokens: 42 });
        }),
      ),
      runs,
    );
  });
});

const calling: Said = {
  choices: [
    {
      reasoning: [],
      text: ["One moment."],
      calls: [{ name: "delete_file", input: { path: "/srv" }, cuts: [0.5] }],
      finish: "tool_calls",
    },
  ],
  inputTokens: 1,
  outputTokens: 1,
  turns: [0],
};

/** The calling stream cut after each frame in which the call has begun and its end has not been said. */
function cutCalls(name: WireName): readonly { readonly text: string; readonly sent: readonly string[] }[] {
  const frames = writings[name].frames(calling);
  const begun = frames.findIndex((frame) => frame.includes("delete_file")) + 1;
  const ends = /"finish_reason":"|"content_block_stop"|output_item\.done/;
  const end = frames.findIndex((frame, at) => at >= begun && ends.test(frame));
  return Array.from({ length: end - begun + 1 }, (_, more) => {
    const sent = frames.slice(0, begun + more);
    return { sent, text: [...sent, ...endingAfter(wires[name], sent)].join("") };
  });
}

describe("a tool call that was begun when the stream was cut", () => {
  test("is not executed by who has the chat client run tools, which raises", async () => {
    let executed = 0;
    const run = () => {
      executed += 1;
      return "done";
    };
    const parameters = { type: "object", properties: {} };
    const tools = [
      {
        type: "function" as const,
        function: { name: "delete_file", function: run, parse: JSON.parse, parameters, description: "d" },
      },
    ];
    expect(cutCalls("chat").length).toBeGreaterThan(1);
    for (const { text } of cutCalls("chat")) {
      stream = text;
      const running = openai.chat.completions.runTools({ ...asked, tools, stream: true });
      await expect(running.done()).rejects.toBeInstanceOf(ContentFilterFinishReasonError);
    }
    expect(executed).toBe(0);
  });

  test("is not executed by who has the messages client run tools", async () => {
    let executed = 0;
    const run = () => {
      executed += 1;
      return "done";
    };
    const input_schema = { type: "object" as const };
    const tools = [{ name: "delete_file", description: "d", input_schema, run, parse: (given: unknown) => given }];
    expect(cutCalls("messages").length).toBeGreaterThan(1);
    for (const { text } of cutCalls("messages")) {
      stream = text;
      const message = await anthropic.beta.messages
        .toolRunner({ ...asked, max_tokens: 100, tools, stream: true })
        .runUntilDone();
      expect(message.stop_reason).toBe("refusal");
    }
    expect(executed).toBe(0);
  });

  test("is incomplete for who reads responses, with its arguments as far as they were sent and never said to be done", async () => {
    expect(cutCalls("responses").length).toBeGreaterThan(1);
    for (const { text, sent } of cutCalls("responses")) {
      stream = text;
      const running = openai.responses.stream({ model: "student", input: "Hi" });
      let endsOfArguments = 0;
      running.on("response.function_call_arguments.done", () => void (endsOfArguments += 1));
      const { output } = await running.finalResponse();
      const [given] = (await read(wires.responses, sent)).parts.calls;
      expect(output).toHaveLength(3);
      expect(output[1]).toMatchObject({ type: "function_call", status: "incomplete", arguments: given?.arguments });
      expect(endsOfArguments).toBe(sent.some((frame) => frame.includes("arguments.done")) ? 1 : 0);
    }
  });
});
