import Anthropic from "@anthropic-ai/sdk";
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../gateway/wires/json.ts";
import {
  chatReply,
  chatStream,
  type FakeVendor,
  startFakeVendor,
  type VendorReply,
} from "../../support/fake-vendor.ts";
import { startTestGateway, type TestGateway } from "../../support/test-gateway.ts";
import { callPiece, chunk, finish, usageChunk } from "./messages-to-chat-chunks.ts";

let open: (FakeVendor | TestGateway)[] = [];
afterEach(async () => {
  for (const each of open.reverse()) await each.close();
  open = [];
});

const held = [{ models: ["student"], output: [{ evaluator: "safety", mode: "hold" }] }];

async function start(answer: (count: number) => VendorReply, guardrails: object[] = []) {
  const vendor = await startFakeVendor((_request, count) => answer(count));
  const gateway = await startTestGateway({
    providers: { vendor: { kind: "openai", base_url: `${vendor.url}/v1`, api_key: "configured-key" } },
    models: { student: { role: "student", targets: [{ provider: "vendor", model: "vendor-model" }] } },
    guardrails,
  });
  open.push(vendor, gateway);
  const client = new Anthropic({ baseURL: gateway.url, apiKey: "client-key", maxRetries: 0 });
  return { vendor, gateway, client };
}

const eventStream = { "content-type": "text/event-stream" };

/** Chunks as a stream that is cut into pieces of `cut` bytes, with the given line ends. */
function streamed(chunks: readonly JsonObject[], { cut = 0, newline = "\n", end = "data: [DONE]" } = {}): VendorReply {
  const frames = [...chunks.map((each) => `data: ${JSON.stringify(each)}`), end];
  const bytes = Buffer.from(frames.map((frame) => frame + newline + newline).join(""));
  const size = cut === 0 ? bytes.length : cut;
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );
  return { headers: eventStream, chunks: pieces };
}

const tools = [
  { name: "weather", input_schema: { type: "object" as const } },
  { name: "clock", input_schema: { type: "object" as const } },
];
const question = { model: "student", max_tokens: 512, messages: [{ role: "user" as const, content: "How is it?" }] };
const paris = '{"city":"Paris — 巴黎 😀","days":3}';

/** Thinking, text, two calls whose arguments are written at the same time, and one that takes nothing. */
const toolAnswer = [
  chunk({ role: "assistant", content: null }),
  chunk({ reasoning_content: "Two cities" }),
  chunk({ reasoning_content: " — hm." }),
  chunk({ content: "Let me " }),
  chunk({ content: "look 😀." }),
  callPiece(0, "", { id: "call_1", name: "weather" }),
  callPiece(0, paris.slice(0, 9)),
  callPiece(1, "", { id: "call_2", name: "weather" }),
  callPiece(1, '{"city":'),
  callPiece(0, paris.slice(9, 20)),
  callPiece(1, '"Rome"}'),
  callPiece(0, paris.slice(20)),
  callPiece(2, "", { id: "call_3", name: "clock" }),
  finish("stop"),
  usageChunk,
];

const toolBlocks = [
  { type: "thinking", thinking: "Two cities — hm.", signature: "proctor.reasoning_content" },
  { type: "text", text: "Let me look 😀." },
  { type: "tool_use", id: "call_1", name: "weather", input: { city: "Paris — 巴黎 😀", days: 3 } },
  { type: "tool_use", id: "call_2", name: "weather", input: { city: "Rome" } },
  { type: "tool_use", id: "call_3", name: "clock", input: {} },
];

describe.each([
  { what: "without guardrails", guardrails: [] },
  { what: "with an answer that passed in hold", guardrails: held },
])("the official messages client on a chat target $what", ({ guardrails }) => {
  test("reads an answer in one piece, and the vendor gets its own path, key and words", async () => {
    const { client, vendor } = await start(() => chatReply("Rain, then sun."), guardrails);
    const { data, response } = await client.messages
      .create({ ...question, system: "Be brief.", cache_control: { type: "ephemeral" } })
      .withResponse();
    expect(data).toMatchObject({
      type: "message",
      content: [{ type: "text", text: "Rain, then sun." }],
      stop_reason: "end_turn",
      usage: { input_tokens: 11, output_tokens: 7 },
    });
    expect(response.headers.get("x-proctor-dropped")).toBe("cache_control, reply.vendor_extension");
    expect(response.headers.get("x-proctor-verdict")).toBe("allow");
    expect(vendor.requests[0]).toMatchObject({
      path: "/v1/chat/completions",
      headers: { authorization: "Bearer configured-key" },
      json: {
        model: "vendor-model",
        max_tokens: 512,
        messages: [{ role: "system", content: "Be brief." }, ...question.messages],
      },
    });
  });

  test.each([1, 2, 3, 7, 61, 0])("reads a stream of tool calls that was cut into chunks of %i bytes", async (cut) => {
    const { client } = await start(() => streamed(toolAnswer, { cut }), guardrails);
    const message = await client.messages.stream({ ...question, tools }).finalMessage();
    expect(message).toMatchObject({
      content: toolBlocks,
      stop_reason: "tool_use",
      usage: { input_tokens: 7, cache_read_input_tokens: 4, output_tokens: 7 },
    });
  });

  test("reads the same from a plain stream, event by event", async () => {
    const { client } = await start(() => chatStream(["Rain, ", "then ", "sun 😀."], { cut: 5 }), guardrails);
    const texts: string[] = [];
    const stream = client.messages.stream(question).on("text", (text) => texts.push(text));
    expect(await stream.finalText()).toBe("Rain, then sun 😀.");
    expect(texts.join("")).toBe("Rain, then sun 😀.");
  });

  test("ends with message_stop, directly after the comment", async () => {
    const { gateway } = await start(() => streamed(toolAnswer, { newline: "\r\n" }), guardrails);
    const body = JSON.stringify({ ...question, tools, stream: true });
    const text = await (await fetch(`${gateway.url}/v1/messages`, { method: "POST", body })).text();
    expect(text).toMatch(
      /event: message_delta\n.*\n\n: proctor \{.*\}\n\nevent: message_stop\ndata: \{"type":"message_stop"\}\n\n$/,
    );
    expect(text).not.toContain("[DONE]");
  });
});

test("a conversation goes on over several turns of parallel tools, with the thinking where the target wants it", async () => {
  const { client, vendor } = await start((count) =>
    count < 3 ? streamed(toolAnswer, { cut: 5 }) : chatReply("Rain in Paris, sun in Rome."),
  );
  const messages: Anthropic.MessageParam[] = [...question.messages];
  for (const turn of [1, 2]) {
    const { content } = await client.messages.stream({ ...question, messages, tools }).finalMessage();
    const calls = content.filter((block) => block.type === "tool_use");
    expect(calls).toHaveLength(3);
    const results = calls.map(({ id }, at) => ({
      type: "tool_result" as const,
      tool_use_id: id,
      content: `Result ${turn}.${at}`,
      is_error: at === 2,
    }));
    messages.push({ role: "assistant", content }, { role: "user", content: results });
  }
  const last = await client.messages.create({ ...question, messages, tools });
  expect(last.content).toMatchObject([{ type: "text", text: "Rain in Paris, sun in Rome." }]);

  const called = (id: string, name: string, given: string) => ({
    id,
    type: "function",
    function: { name, arguments: given },
  });
  const turnOf = (turn: number) => [
    {
      role: "assistant",
      content: "Let me look 😀.",
      reasoning_content: "Two cities — hm.",
      tool_calls: [
        called("call_1", "weather", paris),
        called("call_2", "weather", '{"city":"Rome"}'),
        called("call_3", "clock", "{}"),
      ],
    },
    { role: "tool", tool_call_id: "call_1", content: `Result ${turn}.0` },
    { role: "tool", tool_call_id: "call_2", content: `Result ${turn}.1` },
    { role: "tool", tool_call_id: "call_3", content: `The tool failed:\nResult ${turn}.2` },
  ];
  expect(vendor.requests[2]?.json["messages"]).toEqual([...question.messages, ...turnOf(1), ...turnOf(2)]);
});

test("structured output is asked for in the vendor's words and read by the client", async () => {
  const { client, vendor } = await start(() => chatReply('{"city":"Paris"}'));
  const schema = {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  };
  const output_config = { format: { type: "json_schema" as const, schema } };
  const { content } = await client.messages.create({ ...question, output_config });
  expect(content).toMatchObject([{ type: "text", text: '{"city":"Paris"}' }]);
  expect(vendor.requests[0]?.json["response_format"]).toEqual({
    type: "json_schema",
    json_schema: { name: "answer", schema, strict: true },
  });
});

describe("failures", () => {
  test("what cannot be translated is refused before the vendor is asked", async () => {
    const { client, vendor } = await start(() => chatReply("never"));
    const web = { type: "web_search_20250305" as const, name: "web_search" as const };
    await expect(client.messages.create({ ...question, tools: [web] })).rejects.toMatchObject({
      status: 400,
      error: {
        type: "error",
        error: { type: "invalid_request_error", message: expect.stringContaining("web_search") as string },
      },
    });
    expect(vendor.requests).toHaveLength(0);
  });

  test.each([
    [404, "not_found_error", "The model does not exist"],
    [429, "rate_limit_error", "Rate limit reached"],
    [500, "api_error", "The server had an error"],
  ])("the vendor's %i is an error of this dialect, %s, in the vendor's words", async (status, type, message) => {
    const body = JSON.stringify({ error: { message, type: "x", param: null, code: null } });
    const { client } = await start(() => ({ status, chunks: [body] }));
    await expect(client.messages.create(question)).rejects.toMatchObject({
      status,
      error: { type: "error", error: { type, message } },
    });
  });

  const broken = (chunks: readonly JsonObject[], end?: string) =>
    start(() => streamed(chunks, end === undefined ? {} : { end }));

  test.each([
    { what: "breaks off", answer: [chunk({ content: "Half" })], end: ": that is all" },
    { what: "sends an error", answer: [chunk({ content: "Half" }), { error: { message: "out of memory" } }], end: "" },
    { what: "gives up", answer: [chunk({ content: "Half" }), finish("error")], end: undefined },
    {
      what: "writes arguments that are no JSON",
      answer: [callPiece(0, '{"city":', { id: "call_1", name: "weather" }), finish("tool_calls")],
      end: undefined,
    },
  ])("a stream that $what ends in an error and never in message_stop", async ({ answer, end }) => {
    const { client, gateway } = await broken(answer, end);
    await expect(client.messages.stream({ ...question, tools }).finalMessage()).rejects.toThrow(Anthropic.APIError);
    const body = JSON.stringify({ ...question, tools, stream: true });
    const text = await (await fetch(`${gateway.url}/v1/messages`, { method: "POST", body })).text();
    expect(text).toContain("event: error\n");
    expect(text).not.toContain("message_stop");
  });

  test("an answer whose arguments are no JSON is a failed answer, and the next request is served", async () => {
    const call = { id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":' } };
    const choices = [{ index: 0, message: { role: "assistant", tool_calls: [call] }, finish_reason: "tool_calls" }];
    const { client } = await start((count) => (count === 1 ? chatReply("", { choices }) : chatReply("Fine.")));
    await expect(client.messages.create({ ...question, tools })).rejects.toMatchObject({
      status: 502,
      message: expect.stringContaining("not a JSON object") as string,
    });
    expect((await client.messages.create(question)).content).toMatchObject([{ text: "Fine." }]);
  });
});
