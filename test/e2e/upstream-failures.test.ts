import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import {
  chatReply,
  chatStream,
  type FakeVendor,
  messagesStream,
  startFakeVendor,
  type VendorReply,
} from "../support/fake-vendor.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

const anything = (body: unknown) => JSON.stringify(body);

describe("what goes wrong upstream", () => {
  let open: (FakeVendor | TestGateway)[] = [];
  afterEach(async () => {
    for (const each of open.reverse()) await each.close();
    open = [];
  });

  async function start(
    kind: "openai" | "anthropic",
    reply: VendorReply | ((count: number) => VendorReply),
    model: object = {},
    timeout: object = {},
  ) {
    const vendor = await startFakeVendor((_request, count) => (typeof reply === "function" ? reply(count) : reply));
    const gateway = await startTestGateway({
      providers: { vendor: { kind, base_url: vendor.url, api_key: "secret-key-1234", timeout } },
      models: { student: { targets: [{ provider: "vendor", model: "m" }], ...model } },
    });
    open.push(vendor, gateway);
    const chat = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "k", maxRetries: 0 });
    const messages = new Anthropic({ baseURL: gateway.url, apiKey: "k", maxRetries: 0 });
    const user = [{ role: "user" as const, content: "hi" }];
    return {
      vendor,
      gateway,
      askChat: (stream = false) => chat.chat.completions.create({ model: "student", messages: user, stream }),
      askMessages: () => messages.messages.create({ model: "student", max_tokens: 9, messages: user }),
    };
  }

  const vendorError = (status: number, error: object): VendorReply => ({
    status,
    headers: { "retry-after": "17", "x-request-id": "req_7" },
    chunks: [anything({ error })],
  });

  test("a vendor's 400 keeps its bytes: code, param and all", async () => {
    const { askChat } = await start(
      "openai",
      vendorError(400, {
        message: "too long",
        type: "invalid_request_error",
        param: "messages",
        code: "context_length_exceeded",
      }),
    );
    await expect(askChat()).rejects.toMatchObject({ status: 400, code: "context_length_exceeded", param: "messages" });
  });

  test("a vendor's 429 keeps its status, its body and Retry-After", async () => {
    const { askChat } = await start(
      "openai",
      vendorError(429, { message: "Rate limit reached", type: "requests", code: "rate_limit_exceeded" }),
    );
    const error = await askChat().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    expect(error).toMatchObject({
      code: "rate_limit_exceeded",
      message: expect.stringContaining("Rate limit reached"),
    });
    expect((error as InstanceType<typeof OpenAI.APIError>).headers?.get("retry-after")).toBe("17");
  });

  test("a vendor's 401 says whose key was refused, and shows no key", async () => {
    const { askChat, gateway } = await start(
      "openai",
      vendorError(401, {
        message: "Incorrect API key provided",
        type: "invalid_request_error",
        code: "invalid_api_key",
      }),
    );
    const error = (await askChat().catch((thrown: unknown) => thrown)) as Error;
    expect(error.message).toMatch(
      /Provider "vendor" refused the key that Proctor is configured with \(401\): Incorrect API key provided/,
    );
    expect(error).toMatchObject({ status: 401, code: "invalid_api_key" });
    const traces = await fetch(
      `${gateway.url}/api/v3/traces?query.start_time_min=2020-01-01T00:00:00Z&query.start_time_max=2100-01-01T00:00:00Z&query.service_name=proctor`,
    );
    const stored = await traces.text();
    expect(stored).toContain("Incorrect API key provided");
    expect(stored).not.toContain("secret-key-1234");
  });

  test("a failure that is no JSON is put into a sentence with its beginning", async () => {
    const { askChat } = await start("openai", {
      status: 500,
      headers: { "content-type": "text/html" },
      chunks: ["<h1>Bad gateway</h1>"],
    });
    await expect(askChat()).rejects.toMatchObject({
      status: 500,
      message: expect.stringContaining('Provider "vendor" answered 500: <h1>Bad gateway</h1>'),
    });
    const messages = await start("anthropic", { status: 503, chunks: [""] });
    await expect(messages.askMessages()).rejects.toMatchObject({
      status: 503,
      error: { type: "error", error: { message: expect.stringContaining("answered 503 with an empty body") } },
    });
  });

  test("an answer that comes compressed, unasked, is said and not passed on unexamined", async () => {
    const { askChat, vendor } = await start("openai", {
      headers: { "content-encoding": "gzip" },
      chunks: [gzipSync(Buffer.concat(chatReply("hidden").chunks.map((chunk) => Buffer.from(chunk))))],
    });
    await expect(askChat()).rejects.toMatchObject({
      status: 502,
      message: expect.stringContaining('content encoding "gzip"'),
    });
    expect(vendor.requests[0]?.headers["accept-encoding"]).toBe("identity");
  });

  test("an upstream that nobody serves is a 502 that names it", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    const { port } = server.address() as AddressInfo;
    await new Promise((done) => server.close(done));
    const gateway = await startTestGateway({
      providers: { gone: { kind: "openai", base_url: `http://127.0.0.1:${port}/v1` } },
      models: { student: { targets: [{ provider: "gone", model: "m" }] } },
    });
    open.push(gateway);
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      body: anything({ model: "student", messages: [{ role: "user", content: "hi" }] }),
    });
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({
      error: {
        code: "provider_unreachable",
        message: expect.stringMatching(/Provider "gone" cannot be reached \(ECONNREFUSED\)/),
      },
    });
    const spans = await gateway.spansOf(response.headers.get("x-proctor-trace-id") ?? "");
    expect(spans.find(({ name }) => name === "chat student")).toMatchObject({
      status: 2,
      attributes: { "error.type": "provider_unreachable" },
    });
    expect(spans.find(({ name }) => name === "chat /v1/chat/completions")).toMatchObject({ status: 2 });
  });

  test("a stream that breaks in the middle ends with an error in the dialect, never with [DONE]", async () => {
    const { gateway } = await start("openai", {
      ...chatStream(["one ", "two ", "three"]),
      chunks: chatStream(["one ", "two "], { cut: 400 }).chunks.slice(0, 2),
      ending: "reset",
    });
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      body: anything({ model: "student", stream: true, messages: [{ role: "user", content: "hi" }] }),
    });
    const text = await response.text();
    expect(text).toContain("one ");
    expect(text).not.toContain("[DONE]");
    expect(text).toMatch(
      /data: \{"error":\{"message":"Provider \\"vendor\\" broke off in the middle of its answer[^\n]*stream_broken[^\n]*\n\n$/,
    );
  });

  test.each([
    {
      kind: "openai" as const,
      path: "/v1/chat/completions",
      reply: chatStream(["one"]),
      drop: "data: [DONE]\n\n",
      error: /data: \{"error"/,
    },
    {
      kind: "anthropic" as const,
      path: "/v1/messages",
      reply: messagesStream(["one"]),
      drop: 'event: message_stop\ndata: {"type":"message_stop"}\n\n',
      error: /event: error\ndata: \{"type":"error"/,
    },
  ])("a stream that ends without its end is an error too ($kind)", async ({ kind, path, reply, drop, error }) => {
    const whole = Buffer.concat(reply.chunks.map((chunk) => Buffer.from(chunk))).toString();
    const { gateway } = await start(kind, { ...reply, chunks: [whole.replace(drop, "")] });
    const response = await fetch(gateway.url + path, {
      method: "POST",
      body: anything({ model: "student", stream: true, max_tokens: 5, messages: [{ role: "user", content: "hi" }] }),
    });
    const text = await response.text();
    expect(text).toMatch(error);
    expect(text).not.toContain(drop);
    expect(text).toContain("ended its answer without finishing it");
  });

  test("a stream that dies before its first event is an HTTP error", async () => {
    const { askChat } = await start("openai", { ...chatStream([]), chunks: [], ending: "reset" });
    await expect(askChat(true)).rejects.toMatchObject({ status: 502 });
  });

  test("time limits: no first event, and silence in the middle", async () => {
    const silent = await start(
      "openai",
      { ...chatStream([]), chunks: [], ending: "hang" },
      {},
      { first_event: "80ms" },
    );
    await expect(silent.askChat(true)).rejects.toMatchObject({
      status: 504,
      message: expect.stringContaining("sent no first event within 80 ms"),
    });
    const stalled = await start(
      "openai",
      { ...chatStream([]), chunks: chatStream(["one"]).chunks.map((chunk) => chunk.slice(0, 200)), ending: "hang" },
      {},
      { idle: "80ms" },
    );
    await expect(
      stalled.askChat(true).then((stream) => Array.fromAsync(stream as AsyncIterable<unknown>)),
    ).rejects.toThrow(/sent nothing more within 80 ms/);
  });

  test("a retry is a span of its own and the second answer is served", async () => {
    const retry = { attempts: 3, on: [429, "5xx", "connect"] };
    const { askChat, gateway, vendor } = await start(
      "openai",
      (count) =>
        count === 1
          ? { status: 503, chunks: ["{}"] }
          : count === 2
            ? { chunks: [], ending: "reset" }
            : chatReply("third time"),
      { retry },
    );
    const { data, response } = await askChat().withResponse();
    expect(data).toMatchObject({ choices: [{ message: { content: "third time" } }] });
    expect(vendor.requests).toHaveLength(3);
    const spans = await gateway.spansOf(response.headers.get("x-proctor-trace-id") ?? "");
    const tries = spans.filter(({ name }) => name === "chat student");
    expect(tries.map(({ status, attributes }) => [status, attributes["proctor.transport_retry"]])).toEqual([
      [2, undefined],
      [2, 1],
      [0, 2],
    ]);
    expect(response.headers.get("x-proctor-attempts")).toBe("1");
  });

  test("a client that leaves ends the call upstream", async () => {
    const { gateway, vendor } = await start("openai", {
      ...chatStream(
        Array.from({ length: 200 }, (_, index) => `piece ${index} `),
        { cut: 150 },
      ),
      chunkDelayMs: 20,
    });
    const leaving = new AbortController();
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      signal: leaving.signal,
      body: anything({ model: "student", stream: true, messages: [{ role: "user", content: "hi" }] }),
    });
    await response.body?.getReader().read();
    leaving.abort();
    await vendor.left;
    const spans = await gateway.spansOf(response.headers.get("x-proctor-trace-id") ?? "");
    expect(spans.find(({ name }) => name === "chat student")?.attributes).toMatchObject({
      "proctor.stream.aborted": true,
      "error.type": "client_closed",
    });
  });
});
