import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createKey, hashKey } from "../../gateway/access/key-text.ts";
import {
  chatReply,
  chatStream,
  type FakeVendor,
  messagesReply,
  startFakeVendor,
  type VendorReply,
} from "../support/fake-vendor.ts";
import { startRedis, type TestRedis } from "../support/redis.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

const key = createKey();
const admin = createKey();

let redis: TestRedis;
let open: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());
afterEach(async () => {
  for (const each of open.toReversed()) await each.close();
  open = [];
});

async function vendorWith(answer: (count: number) => VendorReply = () => chatReply("Hello.")): Promise<FakeVendor> {
  const vendor = await startFakeVendor(({ path }, count) =>
    path.endsWith("/messages") ? messagesReply("Hello.") : answer(count),
  );
  open.push(vendor);
  return vendor;
}

interface Settings {
  readonly entry?: object;
  readonly provider?: object;
  readonly more?: object;
}

function configFor(vendor: FakeVendor, { entry = {}, provider = {}, more = {} }: Settings = {}) {
  const targets = [{ provider: "vendor", model: "m" }];
  const price = { input: 1000, output: 1000 };
  return {
    providers: {
      vendor: { kind: "openai", base_url: vendor.url, api_key: "sk-of-the-operator", ...provider },
      claude: { kind: "anthropic", base_url: vendor.url, api_key: "sk-of-the-operator" },
    },
    models: {
      student: { role: "student", targets, price },
      other: { role: "student", targets, price },
      claude: { role: "teacher", targets: [{ provider: "claude", model: "m" }], price },
      judge: { role: "judge", targets, price },
    },
    keys: [
      { name: "bot", hash: hashKey(key), ...entry },
      { name: "ops", hash: hashKey(admin), admin: true },
    ],
    ...more,
  };
}

async function gatewayWith(config: object, environment: Record<string, string> = {}): Promise<TestGateway> {
  const gateway = await startTestGateway(config, environment);
  open.push(gateway);
  return gateway;
}

interface Asking {
  readonly model?: string;
  readonly stream?: boolean;
  readonly signal?: AbortSignal;
  readonly headers?: Record<string, string>;
}

function ask({ url }: TestGateway, { model = "student", stream = false, signal, headers }: Asking = {}) {
  return fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
    body: JSON.stringify({ model, stream, max_tokens: 10, messages: [{ role: "user", content: "Hello?" }] }),
    ...(signal && { signal }),
  });
}

/** A stream that never says its end. */
function endless({ headers, chunks }: VendorReply): VendorReply {
  const text = chunks.map((chunk) => Buffer.from(chunk).toString("utf8")).join("");
  return { ...(headers && { headers }), chunks: [text.replace("data: [DONE]\n\n", "")], ending: "hang" };
}

const codeOf = async (reply: Response) => ((await reply.json()) as { error: { code: string } }).error.code;

describe("two gateways and one Redis", () => {
  test("let 100 of 200 requests through where the limit is 100, fired at once", async () => {
    const vendor = await vendorWith();
    const config = configFor(vendor, { entry: { rpm: 100 } });
    const gateways = [
      await gatewayWith(config, { REDIS_URL: redis.url }),
      await gatewayWith({ ...config, redis: redis.url }),
    ];
    const replies = await Promise.all(gateways.flatMap((gateway) => Array.from({ length: 100 }, () => ask(gateway))));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(100);
    const refused = replies.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(100);
    expect(vendor.requests).toHaveLength(100);
    for (const { headers } of refused) {
      expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
      expect(headers.get("x-ratelimit-remaining-requests")).toBe("0");
    }
    expect(gateways.flatMap(({ errors }) => errors)).toEqual([]);
  }, 30_000);

  test("share places and budgets", async () => {
    const vendor = await vendorWith((count) =>
      count === 1 ? endless(chatStream(["a", "b"], { usage: false })) : chatReply("Hello."),
    );
    const config = configFor(vendor, {
      entry: { name: "shared", concurrent: 1, usd_per_day: 0.02 },
      more: { redis: redis.url },
    });
    const [first, second] = [await gatewayWith(config), await gatewayWith(config)];
    const leaving = new AbortController();
    const stream = await ask(first, { stream: true, signal: leaving.signal });
    expect(stream.status).toBe(200);
    const refused = await ask(second);
    expect(refused.status).toBe(429);
    expect(await refused.text()).toContain("1 request under way at a time");
    leaving.abort();
    // What the stream cost, nobody knows, so its reservation stays.
    await vi.waitFor(async () => expect(await codeOf(await ask(second))).toBe("budget_exceeded"), 5000);
  });
});

describe("Redis that goes away", () => {
  test("is said once; each key is treated as it says, and limits hold again when it is back", async () => {
    const own = await startRedis();
    open.push(own);
    const vendor = await vendorWith();
    const config = configFor(vendor, { entry: { rpm: 3 } });
    const keys = [
      ...config.keys,
      { name: "lenient", hash: hashKey("x".repeat(40)), rpm: 1, on_limiter_error: "allow" },
    ];
    const gateway = await gatewayWith({ ...config, keys, redis: own.url });
    expect((await ask(gateway)).status).toBe(200);
    await own.stop();
    await vi.waitFor(() => expect(gateway.errors).toHaveLength(1), 5000);
    const refused = await ask(gateway);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await codeOf(refused)).toBe("limiter_unavailable");
    for (let times = 0; times < 3; times += 1)
      expect((await ask(gateway, { headers: { authorization: `Bearer ${"x".repeat(40)}` } })).status).toBe(200);
    expect((await ask(gateway, { headers: { authorization: `Bearer ${admin}` } })).status).toBe(200);
    await own.start();
    await vi.waitFor(() => expect(gateway.errors).toHaveLength(2), 10_000);
    expect((await ask(gateway)).status).toBe(200);
    expect(gateway.errors.map((line) => line.replace(/\(.*/, ""))).toEqual([
      `Redis at 127.0.0.1:${own.port} is away `,
      `Redis at 127.0.0.1:${own.port} is back.`,
    ]);
  }, 30_000);
});

describe("the official clients", () => {
  test("see the errors of their own dialect", async () => {
    const { url } = await gatewayWith(
      configFor(await vendorWith(), { entry: { models: ["student", "claude"], rpm: 2 } }),
    );
    const chat = (apiKey: string) => new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
    const messages = (apiKey: string) => new Anthropic({ baseURL: url, apiKey, maxRetries: 0 });
    const hello = [{ role: "user" as const, content: "Hello?" }];
    const byChat = (apiKey: string, model: string) =>
      chat(apiKey).chat.completions.create({ model, messages: hello, max_completion_tokens: 5 });
    const byMessages = (apiKey: string, model: string) =>
      messages(apiKey).messages.create({ model, messages: hello, max_tokens: 5 });
    await expect(byChat("wrong", "student")).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    await expect(byMessages("wrong", "claude")).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
    await expect(byChat(key, "other")).rejects.toBeInstanceOf(OpenAI.PermissionDeniedError);
    await expect(byMessages(key, "other")).rejects.toBeInstanceOf(Anthropic.PermissionDeniedError);
    expect((await byChat(key, "student")).choices[0]?.message.content).toBe("Hello.");
    const { response } = await messages(key)
      .messages.create({ model: "claude", messages: hello, max_tokens: 5 })
      .withResponse();
    expect(response.headers.get("anthropic-ratelimit-requests-remaining")).toBe("0");
    await expect(byChat(key, "student")).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    const refused = await byMessages(key, "claude").catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Anthropic.RateLimitError);
    expect(refused).toMatchObject({ error: { type: "error", error: { type: "rate_limit_error" } } });
  });
});

describe("a place", () => {
  test("is held until a stream has ended, and is free when its client leaves, whenever that is", async () => {
    const vendor = await vendorWith(() => ({ ...chatStream(["a", "b", "c"], { cut: 40 }), chunkDelayMs: 5 }));
    const gateway = await gatewayWith(configFor(vendor, { entry: { concurrent: 2 } }));
    for (let round = 0; round < 30; round += 1) {
      const leaving = new AbortController();
      const stream = ask(gateway, { stream: true, signal: leaving.signal }).then((reply) => reply.text());
      setTimeout(() => leaving.abort(), round);
      await stream.catch(() => {});
    }
    const whole = async () => {
      const replies = await Promise.all([ask(gateway, { stream: true }), ask(gateway, { stream: true })]);
      const texts = await Promise.all(replies.map((reply) => reply.text()));
      return replies.map(({ status }, index) => status === 200 && texts[index]?.includes("[DONE]"));
    };
    await vi.waitFor(async () => expect(await whole()).toEqual([true, true]), 5000);
  }, 20_000);
});

describe("a budget", () => {
  const spent = { entry: { usd_per_day: 0.045 } };

  test("is charged with what calls cost, and with nothing where the vendor itself refused", async () => {
    const vendor = await vendorWith((count) =>
      count <= 3 ? { status: 500, chunks: ['{"error":{"message":"no"}}'] } : chatReply("Hello."),
    );
    const gateway = await gatewayWith(configFor(vendor, spent));
    for (let times = 0; times < 3; times += 1) expect((await ask(gateway)).status).toBe(500);
    // 18 tokens at 0.001 USD, twice; a third call may cost more than is left.
    expect((await ask(gateway)).headers.get("x-proctor-cost-usd")).toBe("0.018000000");
    expect((await ask(gateway)).status).toBe(200);
    const refused = await ask(gateway);
    expect(refused.status).toBe(429);
    expect(refused.headers.get("x-should-retry")).toBe("false");
    expect(await codeOf(refused)).toBe("budget_exceeded");
  });

  test("is charged with nothing for a request that cannot be translated", async () => {
    const vendor = await vendorWith();
    const gateway = await gatewayWith(configFor(vendor, spent));
    const untranslatable = { model: "student", input: "Hello?", previous_response_id: "resp_1" };
    const post = () =>
      fetch(`${gateway.url}/v1/responses`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify({ ...untranslatable, max_output_tokens: 10 }),
      });
    for (let times = 0; times < 8; times += 1) expect((await post()).status).toBe(400);
    expect(vendor.requests).toEqual([]);
    expect((await ask(gateway)).status).toBe(200);
  });

  test("keeps reserved what a broken stream may have cost", async () => {
    const vendor = await vendorWith(() => ({ ...chatStream(["a"], { usage: false, cut: 50 }), ending: "reset" }));
    const gateway = await gatewayWith(configFor(vendor, { entry: { usd_per_day: 0.02 } }));
    await (await ask(gateway, { stream: true })).text().catch(() => {});
    await vi.waitFor(async () => expect((await ask(gateway)).status).toBe(429), 5000);
  });
});
