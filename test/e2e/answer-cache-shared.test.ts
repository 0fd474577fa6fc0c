import { afterEach, expect, test } from "vitest";
import { createKey, hashKey } from "../../gateway/index.ts";
import { chatReply, type FakeVendor, startFakeVendor } from "../support/fake-vendor.ts";
import { startRedis, type TestRedis } from "../support/redis.ts";
import { startTestGateway, type TestGateway } from "../support/test-gateway.ts";

let open: (FakeVendor | TestGateway | TestRedis)[] = [];
afterEach(async () => {
  for (const each of open.reverse()) await each.close();
  open = [];
});

async function startVendor(): Promise<FakeVendor> {
  const vendor = await startFakeVendor(() => chatReply("Within 30 days."));
  open.push(vendor);
  return vendor;
}

async function startGateway(vendor: FakeVendor, extra: object = {}, student: object = {}): Promise<TestGateway> {
  const gateway = await startTestGateway({
    providers: { vendor: { kind: "openai", base_url: `${vendor.url}/v1` } },
    models: { student: { targets: [{ provider: "vendor", model: "m" }], cache: { ttl: "1m" }, ...student } },
    ...extra,
  });
  open.push(gateway);
  return gateway;
}

async function cacheOf(gateway: TestGateway, headers: Record<string, string> = {}): Promise<string | null> {
  const reply = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers,
    body: JSON.stringify({ model: "student", messages: [{ role: "user", content: "How long?" }] }),
  });
  expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining("Within 30 days.")]);
  return reply.headers.get("x-proctor-cache");
}

test("gateways that share a Redis share answers, as long as the same examiners stand before them", async () => {
  const redis = await startRedis();
  open.push(redis);
  const vendor = await startVendor();
  const shared = { redis: redis.url };
  const first = await startGateway(vendor, shared);
  const second = await startGateway(vendor, shared);
  const hold = (threshold: number) => ({
    ...shared,
    guardrails: [{ models: ["student"], output: [{ evaluator: "toxicity", mode: "hold" }] }],
    evaluators: { toxicity: { threshold } },
  });
  const guarded = await startGateway(vendor, hold(0.5));
  const guardedOtherwise = await startGateway(vendor, hold(0.6));
  const elsewhere = await startGateway(vendor, shared, { targets: [{ provider: "vendor", model: "m2" }] });
  await expect.poll(() => cacheOf(first)).toBe("hit");
  expect(await cacheOf(second)).toBe("hit");
  expect(await cacheOf(guarded)).toBe("miss");
  await expect.poll(() => cacheOf(guarded)).toBe("hit");
  expect(await cacheOf(guardedOtherwise)).toBe("miss");
  expect(await cacheOf(elsewhere)).toBe("miss");
});

test("a Redis that is away, or says nothing, is a cache that has nothing", async () => {
  const redis = await startRedis();
  open.push(redis);
  const gateway = await startGateway(await startVendor(), { redis: redis.url });
  await expect.poll(() => cacheOf(gateway)).toBe("hit");
  redis.freeze();
  expect(await cacheOf(gateway)).toBe("miss");
  redis.thaw();
  await redis.stop();
  expect(await cacheOf(gateway)).toBe("miss");
});

test("keys do not see each other's answers", async () => {
  const keys = ["one", "two"].map((name) => ({ name, key: createKey() }));
  const gateway = await startGateway(await startVendor(), {
    keys: keys.map(({ name, key }) => ({ name, hash: hashKey(key) })),
  });
  const as = (index: number) => cacheOf(gateway, { authorization: `Bearer ${keys[index]?.key ?? ""}` });
  await expect.poll(() => as(0)).toBe("hit");
  expect(await as(1)).toBe("miss");
});

test("an answer from the cache counts as a request for the caller's limits", async () => {
  const key = createKey();
  const gateway = await startGateway(await startVendor(), { keys: [{ name: "one", hash: hashKey(key), rpm: 20 }] });
  const ask = () =>
    fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "x-api-key": key },
      body: JSON.stringify({ model: "student", messages: [{ role: "user", content: "How long?" }] }),
    });
  const replies: { readonly status: number; readonly cache: string | null }[] = [];
  for (let index = 0; index < 25; index += 1) {
    const reply = await ask();
    await reply.text();
    replies.push({ status: reply.status, cache: reply.headers.get("x-proctor-cache") });
  }
  expect(replies.filter(({ status }) => status === 429)).toHaveLength(5);
  expect(replies.some(({ cache }) => cache === "hit")).toBe(true);
});
