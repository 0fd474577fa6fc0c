import OpenAI, { APIError } from "openai";
import { afterEach, describe, expect, test } from "vitest";
import type { ProviderReply } from "../../../gateway/providers/provider.ts";
import { translateReply } from "../../../gateway/translation/translate-reply.ts";
import type { TranslatedExchange } from "../../../gateway/translation/translation.ts";
import type { JsonObject } from "../../../gateway/wires/json.ts";
import { wires } from "../../../gateway/wires/registry.ts";
import type { Wire } from "../../../gateway/wires/wire.ts";
import { type FakeVendor, startFakeVendor, type VendorReply } from "../../support/fake-vendor.ts";
import { messagesEvents, messagesEventStream, textEvents } from "../../support/messages-events.ts";
import { startTestGateway, type TestGateway } from "../../support/test-gateway.ts";

/** A translation that changes nothing, so that what the driver itself does can be seen. */
const plain: TranslatedExchange = {
  body: {},
  dropped: [],
  reply: (body) => ({ translated: body }),
  event: (body) => [{ type: "content", said: body["type"] ?? "chunk" }],
  end: () => [{ type: "content", said: "end" }],
};

async function* bytesOf(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text));
}

function reply(status: number, text: string, headers: Record<string, string> = {}): ProviderReply {
  return { status, headers: { "content-type": "application/json", ...headers }, body: bytesOf(text) };
}

async function textOf({ body }: ProviderReply): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

async function translated(given: ProviderReply, client: Wire, target: Wire): Promise<string> {
  return textOf(translateReply(given, plain, { client, target, provider: "vendor" }));
}

const { chat, messages } = wires;

function messagesError(type: string, message: string): JsonObject {
  return { type: "error", error: { type, message }, request_id: "req_1" };
}

function chatError(type: string, code: string | null, message: string): JsonObject {
  return { error: { message, type, param: null, code } };
}

describe("a failure of a messages vendor, for a chat client", () => {
  test.each([
    [400, "invalid_request_error", "invalid_request_error", "provider_failed"],
    [401, "authentication_error", "invalid_request_error", "invalid_api_key"],
    [402, "billing_error", "insufficient_quota", "insufficient_quota"],
    [403, "permission_error", "invalid_request_error", "permission_denied"],
    [404, "not_found_error", "invalid_request_error", "model_not_found"],
    [413, "request_too_large", "invalid_request_error", "request_too_large"],
    [429, "rate_limit_error", "rate_limit_error", "rate_limit_exceeded"],
    [500, "api_error", "server_error", "provider_failed"],
    [504, "timeout_error", "server_error", "timeout"],
    [529, "overloaded_error", "server_error", "overloaded"],
  ])("%i %s is %s with the code %s", async (status, given, type, code) => {
    const body = JSON.stringify(messagesError(given, "What went wrong."));
    expect(JSON.parse(await translated(reply(status, body), chat, messages))).toEqual({
      error: { message: "What went wrong.", type, param: null, code },
    });
  });

  test("a conversation that is too long has the code that chat clients look for", async () => {
    const body = JSON.stringify(
      messagesError("invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"),
    );
    expect(JSON.parse(await translated(reply(400, body), chat, messages))).toMatchObject({
      error: { type: "invalid_request_error", code: "context_length_exceeded" },
    });
  });
});

describe("a failure of a chat vendor, for a messages client", () => {
  test.each([
    [400, "invalid_request_error", null, "invalid_request_error"],
    [401, "invalid_request_error", "invalid_api_key", "authentication_error"],
    [403, "invalid_request_error", null, "permission_error"],
    [404, "invalid_request_error", "model_not_found", "not_found_error"],
    [413, "invalid_request_error", null, "request_too_large"],
    [422, "invalid_request_error", null, "invalid_request_error"],
    [429, "requests", "rate_limit_exceeded", "rate_limit_error"],
    [500, "server_error", null, "api_error"],
    [503, "server_error", null, "overloaded_error"],
  ])("%i %s (%s) is %s", async (status, type, code, wanted) => {
    const body = JSON.stringify(chatError(type, code, "What went wrong."));
    expect(JSON.parse(await translated(reply(status, body), messages, chat))).toEqual({
      type: "error",
      error: { type: wanted, message: "What went wrong." },
    });
  });

  test("a conversation that is too long begins with the words that messages clients look for", async () => {
    const said = "This model's maximum context length is 8192 tokens.";
    const body = JSON.stringify(chatError("invalid_request_error", "context_length_exceeded", said));
    expect(JSON.parse(await translated(reply(400, body), messages, chat))).toEqual({
      type: "error",
      error: { type: "invalid_request_error", message: `prompt is too long: ${said}` },
    });
  });
});

test("a failure that is not in the vendor's dialect stays as it is", async () => {
  expect(await translated(reply(502, "<html>Bad gateway</html>"), chat, messages)).toBe("<html>Bad gateway</html>");
});

test("headers that say something of the vendor's bytes go, the others stay", () => {
  const headers = { "content-length": "9", "content-md5": "x", etag: "y", "retry-after": "7", "request-id": "req_1" };
  const given = translateReply(reply(429, "{}", headers), plain, {
    client: chat,
    target: messages,
    provider: "vendor",
  });
  expect(given.status).toBe(429);
  expect(given.headers).toEqual({ "content-type": "application/json", "retry-after": "7", "request-id": "req_1" });
});

test("an error under a status of success does not become an answer", async () => {
  const body = JSON.stringify(messagesError("api_error", "Broken."));
  expect(JSON.parse(await translated(reply(200, body), chat, messages))).toMatchObject({
    error: { message: "Broken." },
  });
});

test("a reply that is no JSON object is a failure that names the provider", async () => {
  await expect(translated(reply(200, "oops"), chat, messages)).rejects.toThrow(
    /Provider "vendor" answered with a body/,
  );
});

describe("a stream", () => {
  const events = { "content-type": "text/event-stream" };

  test("ends with the client's last frame, once, and what comes after the end is not sent on", async () => {
    const { chunks } = messagesEventStream([...messagesEvents([textEvents("Hi")]), { type: "message_stop" }]);
    const given = {
      status: 200,
      headers: events,
      body: bytesOf(...chunks.map((chunk) => Buffer.from(chunk).toString())),
    };
    const text = await translated(given, chat, messages);
    expect(text.match(/data: \[DONE\]\n\n/g)).toHaveLength(1);
    expect(text).toMatch(/"said":"end"\}\n\ndata: \[DONE\]\n\n$/);
  });

  test("that breaks off has no last frame", async () => {
    const given = { ...reply(200, 'event: ping\ndata: {"type":"ping"}\n\nevent: mess'), headers: events };
    expect(await translated(given, chat, messages)).toBe('data: {"type":"content","said":"ping"}\n\n');
  });

  test("with a vendor's error ends with it, in the client's words", async () => {
    const error = JSON.stringify(messagesError("overloaded_error", "Overloaded"));
    const given = {
      ...reply(200, `event: error\ndata: ${error}\n\ndata: {"type":"message_stop"}\n\n`),
      headers: events,
    };
    expect(await translated(given, chat, messages)).toBe(
      'data: {"error":{"message":"Overloaded","type":"server_error","param":null,"code":"overloaded"}}\n\n',
    );
  });

  test("with a chat vendor's error ends with it too", async () => {
    const given = {
      ...reply(200, 'data: {"error":{"message":"No memory","type":"server_error"}}\n\ndata: [DONE]\n\n'),
      headers: events,
    };
    expect(await translated(given, messages, chat)).toBe(
      'event: error\ndata: {"type":"error","error":{"type":"api_error","message":"No memory"}}\n\n',
    );
  });

  test.each(['data: {"type":\n\n', "data: [1]\n\n", 'data: {"type":"ping","type":"message_stop"}\n\n'])(
    "with an event that cannot be read in one way only is broken: %j",
    async (frame) => {
      await expect(translated({ ...reply(200, frame), headers: events }, chat, messages)).rejects.toMatchObject({
        code: "stream_broken",
      });
    },
  );
});

describe("through the gateway, the official chat client of a messages target", () => {
  let open: (FakeVendor | TestGateway)[] = [];
  afterEach(async () => {
    for (const each of open.reverse()) await each.close();
    open = [];
  });

  async function failureOf(answer: VendorReply, stream = false): Promise<APIError> {
    const vendor = await startFakeVendor(() => answer);
    const gateway = await startTestGateway({
      providers: { vendor: { kind: "anthropic", base_url: vendor.url, api_key: "configured-key" } },
      models: { student: { role: "student", targets: [{ provider: "vendor", model: "m" }], retry: { attempts: 1 } } },
      guardrails: [],
    });
    open.push(vendor, gateway);
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "client-key", maxRetries: 0 });
    const request = { model: "student", messages: [{ role: "user" as const, content: "Hello" }] };
    try {
      if (!stream) await client.chat.completions.create(request);
      else for await (const chunk of await client.chat.completions.create({ ...request, stream })) void chunk;
    } catch (thrown) {
      if (thrown instanceof APIError) return thrown;
      throw thrown;
    }
    throw new Error("The request did not fail.");
  }

  test.each([400, 404, 413, 429, 500, 529])("gets the error class of the status %i", async (status) => {
    const chunks = [JSON.stringify(messagesError("api_error", "What went wrong."))];
    const error = await failureOf({ status, chunks, headers: { "retry-after": "7" } });
    expect(error.status).toBe(status);
    expect(error.message).toContain("What went wrong.");
    expect(error.headers?.get("retry-after")).toBe("7");
  });

  test.each([401, 403])("is told at %i that it was the gateway's key, not its own", async (status) => {
    const error = await failureOf({
      status,
      chunks: [JSON.stringify(messagesError("authentication_error", "bad key"))],
    });
    expect(error.status).toBe(status);
    expect(error.message).toContain("refused the key that Proctor is configured with");
  });

  test("a stream that fails in its middle is an error and no answer", async () => {
    const half = messagesEvents([textEvents("Half an ans")]).slice(0, 4);
    const error = await failureOf(
      messagesEventStream([...half, messagesError("overloaded_error", "Overloaded")]),
      true,
    );
    expect(error.message).toContain("Overloaded");
  });

  test("a stream that breaks off in its middle is an error and no answer", async () => {
    const half = messagesEventStream(messagesEvents([textEvents("Half an ans")]).slice(0, 4));
    const error = await failureOf({ ...half, ending: "reset" }, true);
    expect(error.message).toContain("broke off in the middle of its answer");
  });
});
