import Anthropic from "@anthropic-ai/sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { question, says, startSandboxServer } from "../../../support/sandbox.ts";

let server: Awaited<ReturnType<typeof startSandboxServer>>;
let client: Anthropic;
beforeAll(async () => {
  server = await startSandboxServer();
  client = new Anthropic({ baseURL: server.url, apiKey: "none", maxRetries: 0 });
});
afterAll(() => server.close());

const weather = {
  type: "object",
  properties: {
    city: { type: "string" },
    days: { type: "integer", minimum: 2 },
    unit: { enum: ["celsius", "fahrenheit"] },
  },
  required: ["city", "days", "unit"],
} as const;
const expectedArguments = { city: "example", days: 2, unit: "celsius" };

describe("an unmodified Anthropic client", () => {
  const tools = [{ name: "weather", input_schema: { ...weather, required: [...weather.required] } }];

  test("reads a whole answer with usage and the fingerprint of a sandbox", async () => {
    const reply = await client.messages.create({
      model: "sandbox/faithful",
      max_tokens: 100,
      messages: says(question),
    });
    expect(reply).toMatchObject({
      type: "message",
      role: "assistant",
      content: [{ type: "text", text: "Lamps can be returned within 30 days." }],
      stop_reason: "end_turn",
      system_fingerprint: "sandbox-faithful",
    });
    expect(reply.usage.input_tokens).toBeGreaterThan(10);
    expect(reply.usage.output_tokens).toBeGreaterThan(5);
  });

  test("streams the same answer in several deltas", async () => {
    const stream = client.messages.stream({ model: "sandbox/faithful", max_tokens: 100, messages: says(question) });
    const deltas: string[] = [];
    const events: string[] = [];
    stream.on("text", (delta) => deltas.push(delta));
    stream.on("streamEvent", ({ type }) => events.push(type));
    const final = await stream.finalMessage();
    expect(final.content).toMatchObject([{ type: "text", text: "Lamps can be returned within 30 days." }]);
    expect(final).toMatchObject({ stop_reason: "end_turn", system_fingerprint: "sandbox-faithful" });
    expect(deltas.length).toBeGreaterThan(3);
    expect([...new Set(events)]).toEqual([
      "message_start",
      "content_block_start",
      "content_block_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
  });

  test("gets a tool call, whole and streamed, and an answer to the tool's result", async () => {
    const request = { model: "sandbox/tool-call", max_tokens: 100, messages: says("Weather?"), tools };
    const whole = await client.messages.create(request);
    expect(whole).toMatchObject({
      stop_reason: "tool_use",
      content: [{ type: "tool_use", name: "weather", input: expectedArguments }],
    });
    const parts: string[] = [];
    const streamed = await client.messages
      .stream(request)
      .on("inputJson", (part) => parts.push(part))
      .finalMessage();
    expect(streamed.content).toMatchObject([{ type: "tool_use", input: expectedArguments }]);
    expect(parts.filter(Boolean).length).toBeGreaterThan(1);

    const id = whole.content[0]?.type === "tool_use" ? whole.content[0].id : "";
    const result = {
      role: "user" as const,
      content: [{ type: "tool_result" as const, tool_use_id: id, content: "Weather: rain all day." }],
    };
    const messages = [...says("Weather?"), { role: "assistant" as const, content: whole.content }, result];
    const after = await client.messages.create({ ...request, messages });
    expect(after).toMatchObject({ stop_reason: "end_turn", content: [{ text: "Weather: rain all day." }] });
  });

  test("gets answers from documents, and not more tokens than it allows", async () => {
    const document = {
      type: "document" as const,
      source: { type: "text" as const, media_type: "text/plain" as const, data: "Lamps need 9 volts. Cables are red." },
    };
    const messages = [
      { role: "user" as const, content: [document, { type: "text" as const, text: "What do lamps need?" }] },
    ];
    const reply = await client.messages.create({ model: "faithful", max_tokens: 100, messages });
    expect(reply.content).toMatchObject([{ text: "Lamps need 9 volts." }]);
    const short = await client.messages.create({ model: "faithful", max_tokens: 2, messages });
    expect(short).toMatchObject({ stop_reason: "max_tokens", usage: { output_tokens: 2 } });
  });

  test("is told which models there are, and notices a stream that is cut", async () => {
    const request = { max_tokens: 100, messages: says(question) };
    await expect(client.messages.create({ ...request, model: "sandbox/nobody" })).rejects.toMatchObject({
      status: 404,
      error: { error: { type: "not_found_error" } },
    });
    await expect(
      client.messages.stream({ ...request, model: "sandbox/drops-mid-stream" }).finalMessage(),
    ).rejects.toBeInstanceOf(Error);
  });
});
