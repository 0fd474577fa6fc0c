import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { question, says, startSandboxServer } from "../../../support/sandbox.ts";

let server: Awaited<ReturnType<typeof startSandboxServer>>;
let client: OpenAI;
beforeAll(async () => {
  server = await startSandboxServer();
  client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "none", maxRetries: 0 });
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

describe("an unmodified OpenAI client", () => {
  const tools = [{ type: "function" as const, function: { name: "weather", parameters: { ...weather } } }];

  test("reads a whole answer with usage and the fingerprint of a sandbox", async () => {
    const reply = await client.chat.completions.create({ model: "sandbox/faithful", messages: says(question) });
    expect(reply).toMatchObject({
      object: "chat.completion",
      model: "sandbox/faithful",
      system_fingerprint: "sandbox-faithful",
    });
    expect(reply.choices).toMatchObject([
      {
        index: 0,
        message: { role: "assistant", content: "Lamps can be returned within 30 days." },
        finish_reason: "stop",
      },
    ]);
    expect(reply.usage?.total_tokens).toBe((reply.usage?.prompt_tokens ?? 0) + (reply.usage?.completion_tokens ?? 0));
    expect(reply.usage?.completion_tokens).toBeGreaterThan(5);
  });

  test("streams the same answer in several deltas", async () => {
    const stream = client.chat.completions.stream({
      model: "sandbox/faithful",
      messages: says(question),
      stream_options: { include_usage: true },
    });
    const deltas: string[] = [];
    stream.on("content", (delta) => deltas.push(delta));
    const final = await stream.finalChatCompletion();
    expect(deltas.length).toBeGreaterThan(3);
    expect(final.choices[0]?.message.content).toBe("Lamps can be returned within 30 days.");
    expect(final).toMatchObject({ system_fingerprint: "sandbox-faithful" });
    expect(final.usage?.completion_tokens).toBeGreaterThan(5);
  });

  test("gets a tool call, whole and streamed, and an answer to the tool's result", async () => {
    const request = { model: "sandbox/tool-call", messages: says("Weather?"), tools };
    const whole = await client.chat.completions.create(request);
    expect(whole.choices[0]).toMatchObject({
      finish_reason: "tool_calls",
      message: { content: null, tool_calls: [{ type: "function", function: { name: "weather" } }] },
    });
    const streamed = await client.chat.completions.stream(request).finalChatCompletion();
    const call = streamed.choices[0]?.message.tool_calls?.[0];
    if (call?.type !== "function") throw new Error("no function call");
    expect(JSON.parse(call.function.arguments)).toEqual(expectedArguments);

    const result = { role: "tool" as const, tool_call_id: call.id, content: "Weather: rain all day." };
    const messages = [...says("Weather?"), { role: "assistant" as const, tool_calls: [call] }, result];
    const after = await client.chat.completions.create({ ...request, messages });
    expect(after.choices[0]).toMatchObject({ finish_reason: "stop", message: { content: "Weather: rain all day." } });
  });

  test("gets as many choices as it asks for, and not more tokens than it allows", async () => {
    const two = await client.chat.completions.create({
      model: "faithful",
      messages: says(question),
      n: 2,
      max_completion_tokens: 3,
    });
    expect(two.choices.map(({ index, finish_reason }) => [index, finish_reason])).toEqual([
      [0, "length"],
      [1, "length"],
    ]);
    expect(two.usage?.completion_tokens).toBe(6);
    const streamed = await client.chat.completions
      .stream({ model: "faithful", messages: says(question), n: 2 })
      .finalChatCompletion();
    expect(streamed.choices.map(({ message }) => message.content)).toEqual(
      Array(2).fill("Lamps can be returned within 30 days."),
    );
  });

  test("is told which models there are", async () => {
    const asked = client.chat.completions.create({ model: "sandbox/faithfull", messages: says("Hi") });
    await expect(asked).rejects.toMatchObject({
      status: 404,
      code: "model_not_found",
      message: expect.stringContaining("sandbox/faithful, sandbox/unfaithful") as unknown,
    });
  });

  test("notices a stream that is cut, and a body that breaks off", async () => {
    const deltas: string[] = [];
    const broken = client.chat.completions.stream({ model: "sandbox/drops-mid-stream", messages: says(question) });
    broken.on("content", (delta) => deltas.push(delta));
    await expect(broken.finalChatCompletion()).rejects.toBeInstanceOf(Error);
    expect(deltas.join("")).toMatch(/^Lamps/);
    await expect(
      client.chat.completions.create({ model: "sandbox/drops-mid-stream", messages: says(question) }),
    ).rejects.toBeInstanceOf(Error);
  });
});
