import OpenAI from "openai";
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../gateway/wires/json.ts";
import { type FakeVendor, messagesReply, startFakeVendor, type VendorReply } from "../../support/fake-vendor.ts";
import {
  messagesEvents,
  messagesEventStream,
  textEvents,
  thinkingEvents,
  toolEvents,
} from "../../support/messages-events.ts";
import { startTestGateway, type TestGateway } from "../../support/test-gateway.ts";

let open: (FakeVendor | TestGateway)[] = [];
afterEach(async () => {
  for (const each of open.reverse()) await each.close();
  open = [];
});

const held = [{ models: ["student"], output: [{ evaluator: "safety", mode: "hold" }] }];

async function start(answer: (count: number) => VendorReply, guardrails: object[] = []) {
  const vendor = await startFakeVendor((_request, count) => answer(count));
  const gateway = await startTestGateway({
    providers: { vendor: { kind: "anthropic", base_url: vendor.url, api_key: "configured-key" } },
    models: {
      student: { role: "student", targets: [{ provider: "vendor", model: "vendor-model", max_tokens: 2048 }] },
    },
    guardrails,
  });
  open.push(vendor, gateway);
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "client-key", maxRetries: 0 });
  return { vendor, gateway, client };
}

const question = { model: "student", messages: [{ role: "user" as const, content: "How is the weather?" }] };
const tools = [
  { type: "function" as const, function: { name: "weather", parameters: { type: "object", properties: {} } } },
];
const paris = '{"city":"Paris — 巴黎 😀","days":3}';
const rome = '{"city":"Rome"}';
const thought = { type: "thinking", thinking: "Two cities — hm.", signature: "c2ln" };
const toolAnswer = messagesEvents(
  [
    thinkingEvents("c2ln", "Two cities", " — hm."),
    textEvents("Let me ", "look 😀."),
    toolEvents("toolu_1", "weather", "", paris.slice(0, 9), paris.slice(9, 20), paris.slice(20)),
    toolEvents("toolu_2", "weather", rome),
    toolEvents("toolu_3", "clock"),
  ],
  { stop_reason: "tool_use", stop_sequence: null },
);

describe.each([
  { what: "without guardrails", guardrails: [] },
  { what: "with an answer that passed in hold", guardrails: held },
])("the official chat client on a messages target $what", ({ guardrails }) => {
  test("reads an answer in one piece, and the vendor gets its own path, key and version", async () => {
    const { client, vendor } = await start(() => messagesReply("Rain, then sun."), guardrails);
    const { data, response } = await client.chat.completions.create({ ...question, verbosity: "low" }).withResponse();
    expect(data.choices[0]?.message).toMatchObject({ role: "assistant", content: "Rain, then sun.", refusal: null });
    expect(data.choices[0]?.finish_reason).toBe("stop");
    expect(data.usage).toMatchObject({ prompt_tokens: 14, completion_tokens: 7, total_tokens: 21 });
    expect(response.headers.get("x-proctor-dropped")).toBe("verbosity, reply.vendor_extension");
    expect(response.headers.get("x-proctor-verdict")).toBe("allow");
    expect(vendor.requests[0]).toMatchObject({
      path: "/v1/messages",
      headers: { "x-api-key": "configured-key", "anthropic-version": "2023-06-01" },
      json: { model: "vendor-model", max_tokens: 2048, messages: question.messages },
    });
  });

  test.each([1, 2, 3, 7, 61, 0])("reads a stream of tool calls that was cut into chunks of %i bytes", async (cut) => {
    const { client } = await start(() => messagesEventStream(toolAnswer, { cut }), guardrails);
    const stream = client.chat.completions.stream({ ...question, tools, stream_options: { include_usage: true } });
    const { choices, usage } = await stream.finalChatCompletion();
    expect(choices[0]?.finish_reason).toBe("tool_calls");
    expect(choices[0]?.message).toMatchObject({
      content: "Let me look 😀.",
      thinking_blocks: [thought],
      tool_calls: [
        { id: "toolu_1", type: "function", function: { name: "weather", arguments: paris } },
        { id: "toolu_2", type: "function", function: { name: "weather", arguments: rome } },
        { id: "toolu_3", type: "function", function: { name: "clock", arguments: "{}" } },
      ],
    });
    expect(usage).toMatchObject({
      prompt_tokens: 17,
      completion_tokens: 7,
      prompt_tokens_details: { cached_tokens: 4 },
    });
  });

  test("shows a usage chunk only to those who asked, and ends with [DONE] after the comment", async () => {
    const { gateway } = await start(() => messagesEventStream(toolAnswer), guardrails);
    const ask = async (extra: JsonObject): Promise<string> => {
      const body = JSON.stringify({ ...question, stream: true, ...extra });
      return (await fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", body })).text();
    };
    expect(await ask({})).not.toContain('"usage"');
    const asked = await ask({ stream_options: { include_usage: true } });
    expect(asked.match(/"choices":\[\],"usage"/g)).toHaveLength(1);
    expect(asked).toMatch(/\n\n: proctor \{.*\}\n\ndata: \[DONE\]\n\n$/);
  });
});

test("a conversation goes on over several turns of parallel tools, with the thinking that was signed", async () => {
  const { client, vendor } = await start((count) =>
    count === 1 ? messagesEventStream(toolAnswer, { cut: 5 }) : messagesReply("Rain in Paris, sun in Rome."),
  );
  const first = await client.chat.completions.stream({ ...question, tools }).finalChatCompletion();
  const said = first.choices[0]?.message;
  const results = (said?.tool_calls ?? []).map(({ id }, at) => ({
    role: "tool" as const,
    tool_call_id: id,
    content: `Result ${at}`,
  }));
  const messages = [...question.messages, said ?? { role: "assistant" as const }, ...results];
  const second = await client.chat.completions.create({ ...question, messages, tools });
  expect(second.choices[0]?.message.content).toBe("Rain in Paris, sun in Rome.");
  expect(vendor.requests[1]?.json["messages"]).toEqual([
    { role: "user", content: "How is the weather?" },
    {
      role: "assistant",
      content: [
        thought,
        { type: "text", text: "Let me look 😀." },
        { type: "tool_use", id: "toolu_1", name: "weather", input: JSON.parse(paris) },
        { type: "tool_use", id: "toolu_2", name: "weather", input: JSON.parse(rome) },
        { type: "tool_use", id: "toolu_3", name: "clock", input: {} },
      ],
    },
    {
      role: "user",
      content: [1, 2, 3].map((at) => ({
        type: "tool_result",
        tool_use_id: `toolu_${at}`,
        content: `Result ${at - 1}`,
      })),
    },
  ]);
});

test("a stream with CRLF line ends reads the same", async () => {
  const { client } = await start(() => messagesEventStream(toolAnswer, { cut: 3, newline: "\r\n" }));
  const { choices } = await client.chat.completions.stream({ ...question, tools }).finalChatCompletion();
  expect(choices[0]?.message.tool_calls?.map((call) => "function" in call && call.function.arguments)).toEqual([
    paris,
    rome,
    "{}",
  ]);
});

test("a refusal of the model is one for the client", async () => {
  const ending = { stop_reason: "refusal", stop_details: { type: "refusal", explanation: "Not that." } };
  const { client } = await start(() => messagesEventStream(messagesEvents([], ending)));
  const chunks = [];
  for await (const chunk of await client.chat.completions.create({ ...question, stream: true })) chunks.push(chunk);
  expect(chunks.map(({ choices }) => choices[0]?.delta.refusal ?? "").join("")).toBe("Not that.");
  expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe("content_filter");
});

test("structured output is asked for in the vendor's words and read by the client", async () => {
  const { client, vendor } = await start(() => messagesReply('{"city":"Paris"}'));
  const schema = {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  };
  const { choices } = await client.chat.completions.parse({
    ...question,
    response_format: { type: "json_schema", json_schema: { name: "place", strict: true, schema } },
  });
  expect(JSON.parse(choices[0]?.message.content ?? "")).toEqual({ city: "Paris" });
  expect(vendor.requests[0]?.json["output_config"]).toEqual({ format: { type: "json_schema", schema } });
});

test("what cannot be translated is refused before the vendor is asked", async () => {
  const { client, vendor } = await start(() => messagesReply("never"));
  await expect(client.chat.completions.create({ ...question, n: 2 })).rejects.toMatchObject({
    status: 400,
    code: "invalid_request",
    param: "n",
    message: expect.stringContaining("Send it once for each choice.") as string,
  });
  expect(vendor.requests).toHaveLength(0);
});

test("what a streamed answer leaves out is named in the last comment", async () => {
  const cited = { type: "content_block_delta", delta: { type: "citations_delta", citation: { cited_text: "x" } } };
  const [begin = {}, ...rest] = textEvents("Hi");
  const { gateway } = await start(() => messagesEventStream(messagesEvents([[begin, cited, ...rest]])));
  const body = JSON.stringify({ ...question, stream: true, seed: 1 });
  const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", body });
  expect(response.headers.get("x-proctor-dropped")).toBe("seed");
  expect(await response.text()).toContain('"dropped":["seed","reply.content[].citations"]');
});
