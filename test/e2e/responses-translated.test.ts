import OpenAI from "openai";
import { afterEach, describe, expect, test } from "vitest";
import { chatReply, chatStream, messagesReply, messagesStream, type VendorReply } from "../support/fake-vendor.ts";
import {
  events,
  failureOf,
  held,
  input,
  pieces,
  type ResponsesGateway,
  startResponsesGateway,
} from "../support/responses-gateway.ts";
import { startTestGateway } from "../support/test-gateway.ts";

const answer = pieces.join("");
const secret = "123-45-6789";

let open: ResponsesGateway[] = [];
afterEach(async () => {
  for (const each of open) await each.close();
  open = [];
});

async function start(...given: Parameters<typeof startResponsesGateway>): Promise<ResponsesGateway> {
  const started = await startResponsesGateway(...given);
  open.push(started);
  return started;
}

describe("responses from a chat target", () => {
  test("whose stream breaks off are an error to the client of responses", async () => {
    const { chunks } = chatStream(pieces);
    const cut = Buffer.from(chunks[0] ?? "").subarray(0, 600);
    const { client } = await start({ headers: events, chunks: [cut] }, { native: false });
    expect(await failureOf(client)).toMatch(/vendor/);
  });

  test("are whole responses with the answer, usage and the settings of the request", async () => {
    const { vendor, client } = await start(chatReply(answer), { native: false });
    const response = await client.responses.create({
      model: "student",
      instructions: "Be brief.",
      input,
      max_output_tokens: 50,
    });
    expect(response).toMatchObject({
      id: "resp_fake-1",
      object: "response",
      status: "completed",
      model: "fake-model-2026-01-01",
      instructions: "Be brief.",
      max_output_tokens: 50,
      error: null,
      output_text: answer,
      usage: { input_tokens: 11, output_tokens: 7, total_tokens: 18 },
    });
    expect(vendor.requests[0]?.json).toEqual({
      model: "vendor-model",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: input },
      ],
      max_tokens: 50,
    });
  });

  test.each([0, 3])("stream to the official client, cut into chunks of %i bytes", async (cut) => {
    const { client, vendor } = await start(chatStream(pieces, { cut }), { native: false });
    const stream = client.responses.stream({ model: "student", input });
    const deltas: string[] = [];
    stream.on("response.output_text.delta", ({ delta }) => deltas.push(delta));
    const final = await stream.finalResponse();
    expect(deltas).toEqual(pieces);
    expect(final).toMatchObject({ status: "completed", output_text: answer, usage: { total_tokens: 18 } });
    expect(vendor.requests[0]?.json).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  test("are parsed against a schema by the official client", async () => {
    const { vendor, client } = await start(chatReply('{"days":30}'), { native: false });
    const schema = { type: "object", properties: { days: { type: "integer" } }, required: ["days"] };
    const format = { type: "json_schema" as const, name: "refund", schema, strict: true };
    const response = await client.responses.parse({ model: "student", input, text: { format } });
    expect(JSON.parse(response.output_text)).toEqual({ days: 30 });
    expect(vendor.requests[0]?.json).toMatchObject({
      response_format: { type: "json_schema", json_schema: { name: "refund", schema, strict: true } },
    });
  });

  test("are withheld like any other", async () => {
    const { client } = await start(chatStream(["It is ", secret]), { native: false, guardrails: held() });
    const final = await client.responses.stream({ model: "student", input }).finalResponse();
    expect(final.output).toMatchObject([
      { content: [{ type: "refusal", refusal: expect.stringMatching("withheld") }] },
    ]);
    expect(JSON.stringify(final)).not.toContain(secret);
  });

  test("say what could not be translated", async () => {
    const { post } = await start(chatReply(answer), { native: false });
    const response = await post({ truncation: "auto", store: true, reasoning: { effort: "low", summary: "auto" } });
    expect(response.headers.get("x-proctor-dropped")).toBe("truncation, store, reasoning.summary");
  });

  test("refuse an earlier response, which no one has stored, before the model is called", async () => {
    const { vendor, client } = await start(chatReply(answer), { native: false });
    const call = client.responses.create({ model: "student", input, previous_response_id: "resp_0" });
    await expect(call).rejects.toMatchObject({ status: 400, param: "previous_response_id" });
    await expect(call).rejects.toThrow(/Send the items themselves/);
    expect(vendor.requests).toHaveLength(0);
  });

  test("keep the vendor's failure and its status", async () => {
    const error = { message: "Slow down.", type: "rate_limit_error", code: "rate_limit_exceeded" };
    const failure = { status: 429, headers: { "retry-after": "3" }, chunks: [JSON.stringify({ error })] };
    const { client } = await start(failure, { native: false });
    await expect(client.responses.create({ model: "student", input })).rejects.toMatchObject({
      status: 429,
      code: "rate_limit_exceeded",
    });
  });
});

describe("tools over several turns", () => {
  const tools = ["look_up", "count"].map((name) => ({
    type: "function" as const,
    name,
    parameters: { type: "object", properties: {} },
    strict: false,
  }));

  /** Parallel calls whose arguments come in pieces and in turns. */
  const chatCalls = (): VendorReply => {
    const chunk = (delta: object, finish_reason: string | null = null) =>
      `data: ${JSON.stringify({ id: "chatcmpl-1", created: 1_760_000_000, model: "m", choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
    const call = (index: number, members: object) => chunk({ tool_calls: [{ index, ...members }] });
    return {
      headers: events,
      chunks: [
        chunk({ role: "assistant", content: "Let me see. " }),
        call(0, { id: "call_a", type: "function", function: { name: "look_up", arguments: "" } }),
        call(1, { id: "call_b", type: "function", function: { name: "count", arguments: '{"of":' } }),
        call(0, { function: { arguments: '{"city":"Kö' } }),
        call(1, { function: { arguments: '"lamps"}' } }),
        call(0, { function: { arguments: 'ln"}' } }),
        chunk({}, "tool_calls"),
        "data: [DONE]\n\n",
      ],
    };
  };

  test("go to a chat target and back", async () => {
    const { vendor, client } = await start((count) => (count === 1 ? chatCalls() : chatStream(pieces)), {
      native: false,
    });
    const first = await client.responses.stream({ model: "student", input, tools }).finalResponse();
    const calls = first.output.filter((item) => item.type === "function_call");
    expect(calls.map(({ call_id, name, arguments: given }) => [call_id, name, given])).toEqual([
      ["call_a", "look_up", '{"city":"Köln"}'],
      ["call_b", "count", '{"of":"lamps"}'],
    ]);
    const outputs = calls.map(({ call_id }) => ({
      type: "function_call_output" as const,
      call_id,
      output: `result of ${call_id}`,
    }));
    const history = first.output as OpenAI.Responses.ResponseInputItem[];
    const second = await client.responses
      .stream({ model: "student", input: [{ role: "user", content: input }, ...history, ...outputs], tools })
      .finalResponse();
    expect(second.output_text).toBe(answer);
    expect(vendor.requests[1]?.json["messages"]).toEqual([
      { role: "user", content: input },
      {
        role: "assistant",
        content: "Let me see. ",
        tool_calls: [
          { id: "call_a", type: "function", function: { name: "look_up", arguments: '{"city":"Köln"}' } },
          { id: "call_b", type: "function", function: { name: "count", arguments: '{"of":"lamps"}' } },
        ],
      },
      { role: "tool", tool_call_id: "call_a", content: "result of call_a" },
      { role: "tool", tool_call_id: "call_b", content: "result of call_b" },
    ]);
  });

  /** Signed thinking and a call. */
  const messagesCalls = (): VendorReply => {
    const frame = (type: string, members: object = {}) =>
      `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
    const delta = (index: number, members: object) => frame("content_block_delta", { index, delta: members });
    const block = (index: number, content_block: object) => frame("content_block_start", { index, content_block });
    return {
      headers: events,
      chunks: [
        frame("message_start", { message: { id: "msg_1", model: "m", usage: { input_tokens: 5, output_tokens: 1 } } }),
        block(0, { type: "thinking", thinking: "", signature: "" }),
        delta(0, { type: "thinking_delta", thinking: "I must look it up." }),
        delta(0, { type: "signature_delta", signature: "signed" }),
        frame("content_block_stop", { index: 0 }),
        block(1, { type: "tool_use", id: "toolu_1", name: "look_up", input: {} }),
        delta(1, { type: "input_json_delta", partial_json: '{"city":' }),
        delta(1, { type: "input_json_delta", partial_json: '"Köln"}' }),
        frame("content_block_stop", { index: 1 }),
        frame("message_delta", { delta: { stop_reason: "tool_use" }, usage: { output_tokens: 9 } }),
        frame("message_stop"),
      ],
    };
  };

  test("go to a messages target and back, with the thinking that it signed", async () => {
    const { vendor, client } = await start((count) => (count === 1 ? messagesCalls() : messagesStream(pieces)), {
      kind: "anthropic",
    });
    const first = await client.responses
      .stream({ model: "student", input, tools, reasoning: { effort: "low" } })
      .finalResponse();
    const call = first.output.find((item) => item.type === "function_call");
    expect(call).toMatchObject({ call_id: "toolu_1", name: "look_up", arguments: '{"city":"Köln"}' });
    expect(first.output[0]).toMatchObject({ type: "reasoning", summary: [{ text: "I must look it up." }] });
    const second = await client.responses
      .stream({
        model: "student",
        input: [
          { role: "user", content: input },
          ...(first.output as OpenAI.Responses.ResponseInputItem[]),
          { type: "function_call_output", call_id: "toolu_1", output: "30 days" },
        ],
        tools,
        reasoning: { effort: "low" },
      })
      .finalResponse();
    expect(second.output_text).toBe(answer);
    expect(vendor.requests[1]?.json["messages"]).toEqual([
      { role: "user", content: input },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "I must look it up.", signature: "signed" },
          { type: "tool_use", id: "toolu_1", name: "look_up", input: { city: "Köln" } },
        ],
      },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "30 days" }] },
    ]);
  });
});

test("responses come from a messages target in one piece", async () => {
  const { vendor, client } = await start(messagesReply(answer), { kind: "anthropic" });
  const response = await client.responses.create({ model: "student", instructions: "Be brief.", input });
  expect(response).toMatchObject({ status: "completed", output_text: answer, usage: { input_tokens: 14 } });
  expect(vendor.requests[0]?.json).toMatchObject({ system: "Be brief.", messages: [{ role: "user", content: input }] });
});

test("the sandbox answers responses without a network", async () => {
  const gateway = await startTestGateway();
  const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "none", maxRetries: 0 });
  const response = await client.responses.create({ model: "student", input });
  await gateway.close();
  expect(response.output_text).toContain("30 days");
});
