import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterEach, describe, expect, test } from "vitest";
import {
  bytesOf,
  chatReply,
  chatStream,
  type FakeVendor,
  messagesReply,
  messagesStream,
  startFakeVendor,
  type VendorReply,
} from "../support/fake-vendor.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

const answer = "Refunds are possible within 30 days.";
const pieces = ["Refunds are ", "possible ", "within 30 days — ", "für alle 😀."];
const context = "<context>Refunds are possible within 30 days für alle.</context> How long do I have?";

let open: (FakeVendor | TestGateway)[] = [];
afterEach(async () => {
  for (const each of open.reverse()) await each.close();
  open = [];
});

async function start(kind: "openai" | "anthropic", reply: VendorReply, guardrails: object[] = []) {
  const vendor = await startFakeVendor(() => reply);
  const base_url = kind === "openai" ? `${vendor.url}/v1` : vendor.url;
  const gateway = await startTestGateway({
    providers: { vendor: { kind, base_url, api_key: "configured-key" } },
    models: { student: { role: "student", targets: [{ provider: "vendor", model: "vendor-model" }] } },
    guardrails,
  });
  open.push(vendor, gateway);
  return { vendor, gateway };
}

const held = [{ models: ["student"], output: [{ evaluator: "safety", mode: "hold" }] }];

/** What Proctor adds to a stream: its comment frame, and nothing else. */
const withoutComments = (text: string) => text.replace(/^: .*\n\n/gm, "");
const withoutUsage = (text: string) => text.replace(/^data: .*"choices":\[\].*\n\n/gm, "");

describe.each([
  { what: "without guardrails", guardrails: [] },
  { what: "with an answer that passed in hold", guardrails: held },
])("chat completions $what", ({ guardrails }) => {
  test("the client that does not stream gets the vendor's bytes", async () => {
    const reply = chatReply(answer);
    const { gateway } = await start("openai", reply, guardrails);
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ model: "student", messages: [{ role: "user", content: context }] }),
    });
    expect(await response.text()).toBe(bytesOf(reply));
    expect(response.headers.get("x-proctor-verdict")).toBe("allow");
    expect(response.headers.get("x-proctor-target")).toBe("vendor/vendor-model");
    expect(response.headers.get("x-proctor-trace-id")).toMatch(/^[0-9a-f]{32}$/);
    expect(Number(response.headers.get("x-proctor-overhead-ms"))).toBeGreaterThan(0);
  });

  test.each([1, 3, 7, 64, 0])("the stream, cut into chunks of %i bytes, arrives byte for byte", async (cut) => {
    const reply = chatStream(pieces, { cut });
    const { gateway } = await start("openai", reply, guardrails);
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ model: "student", stream: true, messages: [{ role: "user", content: context }] }),
    });
    const text = await response.text();
    expect(withoutComments(text)).toBe(withoutUsage(bytesOf(reply)));
    expect(text.match(/^: proctor (.*)\n\ndata: \[DONE\]\n\n$/m)?.[1]).toContain('"verdict":"allow"');
  });

  test("the official client reads both forms", async () => {
    const { vendor, gateway } = await start("openai", chatReply(answer), guardrails);
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "client-key", maxRetries: 0 });
    const request = { model: "student", messages: [{ role: "user" as const, content: context }], seed: 7 };
    const whole = await client.chat.completions.create(request);
    expect(whole.choices[0]?.message.content).toBe(answer);
    expect(whole).toHaveProperty("vendor_extension.kept", true);
    expect(vendor.requests[0]?.json).toEqual({ ...request, model: "vendor-model" });
    expect(vendor.requests[0]?.headers.authorization).toBe("Bearer configured-key");

    const streaming = await start("openai", chatStream(pieces, { cut: 5 }), guardrails);
    const streamingClient = new OpenAI({ baseURL: `${streaming.gateway.url}/v1`, apiKey: "client-key", maxRetries: 0 });
    const chunks = await Array.fromAsync(
      await streamingClient.chat.completions.create({
        ...request,
        stream: true,
        stream_options: { include_usage: true },
      }),
    );
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe(pieces.join(""));
    expect(chunks.at(-1)?.usage?.total_tokens).toBe(18);
  });
});

describe.each([
  { what: "without guardrails", guardrails: [] },
  { what: "with an answer that passed in hold", guardrails: held },
])("messages $what", ({ guardrails }) => {
  test.each([1, 3, 7, 64, 0])("the stream, cut into chunks of %i bytes, arrives byte for byte", async (cut) => {
    const reply = messagesStream(pieces, { cut });
    const { gateway } = await start("anthropic", reply, guardrails);
    const response = await fetch(`${gateway.url}/v1/messages`, {
      method: "POST",
      body: JSON.stringify({
        model: "student",
        stream: true,
        max_tokens: 50,
        messages: [{ role: "user", content: context }],
      }),
    });
    const text = await response.text();
    expect(withoutComments(text)).toBe(bytesOf(reply));
    expect(text).toMatch(/\n\n: proctor \{.*\}\n\nevent: message_stop\n/);
  });

  test("the official client reads both forms", async () => {
    const { vendor, gateway } = await start("anthropic", messagesReply(answer), guardrails);
    const client = new Anthropic({ baseURL: gateway.url, apiKey: "client-key", maxRetries: 0 });
    const request = {
      model: "student",
      max_tokens: 50,
      system: [{ type: "text" as const, text: "Be brief.", cache_control: { type: "ephemeral" as const } }],
      messages: [{ role: "user" as const, content: context }],
    };
    const whole = await client.messages.create(request);
    expect(whole.content[0]).toEqual({ type: "text", text: answer });
    expect(whole).toHaveProperty("vendor_extension.kept", true);
    expect(vendor.requests[0]?.json).toEqual({ ...request, model: "vendor-model" });
    expect(vendor.requests[0]?.headers["x-api-key"]).toBe("configured-key");

    const streaming = await start("anthropic", messagesStream(pieces, { cut: 5 }), guardrails);
    const streamingClient = new Anthropic({ baseURL: streaming.gateway.url, apiKey: "client-key", maxRetries: 0 });
    const message = await streamingClient.messages.stream(request).finalMessage();
    expect(message.content[0]).toMatchObject({ type: "text", text: pieces.join("") });
    expect(message.usage.output_tokens).toBe(7);
  });
});

test("numbers that JavaScript cannot hold reach the vendor digit for digit", async () => {
  const { vendor, gateway } = await start("openai", chatReply(answer));
  const body =
    '{"model": "student", "seed": 12345678901234567890, "temperature": 1.0, "messages": [{"role":"user","content":"hi"}], "proctor": {"context": ["x"]}}';
  await fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", body });
  expect(vendor.requests[0]?.text).toBe(
    '{"model": "vendor-model", "seed": 12345678901234567890, "temperature": 1.0, "messages": [{"role":"user","content":"hi"}]}',
  );
});

test("the caller's key is never passed on unless the configuration says so", async () => {
  const vendor = await startFakeVendor(() => chatReply(answer));
  const gateway = await startTestGateway({
    providers: {
      plain: { kind: "openai", base_url: `${vendor.url}/v1` },
      open: { kind: "openai", base_url: `${vendor.url}/v1`, pass_through_auth: true },
    },
    models: {
      plain: { targets: [{ provider: "plain", model: "m" }] },
      open: { targets: [{ provider: "open", model: "m" }] },
    },
  });
  open.push(vendor, gateway);
  for (const model of ["plain", "open"]) {
    await new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: "caller-key", maxRetries: 0 }).chat.completions.create({
      model,
      messages: [{ role: "user", content: "hi" }],
    });
  }
  expect(vendor.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, "Bearer caller-key"]);
});
