import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { connectRedis, type Redis } from "../../../gateway/redis.ts";
import { type BreakerStore, createMemoryBreakerStore } from "../../../gateway/routing/circuit-breaker.ts";
import { createRedisBreakerStore } from "../../../gateway/routing/redis-breaker-store.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";

describe("breakers that replicas share", () => {
  let server: TestRedis;
  const clients: Redis[] = [];
  beforeAll(async () => {
    server = await startRedis();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
  });
  afterAll(() => server.close());

  const rules = { failures: 3, window: 60_000, open_for: 60_000 };
  let targets = 0;
  const fresh = () => `provider/model-${(targets += 1)}`;

  async function replica(): Promise<BreakerStore> {
    const client = await connectRedis({ url: server.url, report: () => {} });
    clients.push(client);
    return createRedisBreakerStore(client, createMemoryBreakerStore());
  }
  const failed = { outcome: "failed", isProbe: false } as const;
  const answered = { outcome: "answered", isProbe: false } as const;

  test("open for all when the failures of all are too many", async () => {
    const target = fresh();
    const [one, two] = [await replica(), await replica()];
    await one.leave(target, rules, failed);
    await two.leave(target, rules, failed);
    expect(await one.enter(target, rules)).toEqual({ state: "closed", mayCall: true, retryAfterMs: 0 });
    await one.leave(target, rules, failed);
    const seen = await two.enter(target, rules);
    expect(seen).toMatchObject({ state: "open", mayCall: false });
    expect(seen.retryAfterMs).toBeGreaterThan(50_000);
    expect(seen.retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  test("stay closed while at least half of the calls are answered", async () => {
    const target = fresh();
    const store = await replica();
    for (let index = 0; index < 4; index += 1) await store.leave(target, rules, answered);
    for (let index = 0; index < 3; index += 1) await store.leave(target, rules, failed);
    expect(await store.enter(target, rules)).toMatchObject({ state: "closed" });
    for (let index = 0; index < 2; index += 1) await store.leave(target, rules, failed);
    expect(await store.enter(target, rules)).toMatchObject({ state: "open" });
  });

  test("let one call of all find out whether the provider is back, and close for all when it is", async () => {
    const target = fresh();
    const short = { ...rules, open_for: 100 };
    const stores = [await replica(), await replica()] as const;
    for (let index = 0; index < 3; index += 1) await stores[0].leave(target, short, failed);
    await expect
      .poll(async () => (await stores[0].enter(target, { ...rules, open_for: 60_000 })).state)
      .toBe("half_open");
    const others = await Promise.all(
      Array.from({ length: 10 }, (_, index) => stores[index % 2 === 0 ? 0 : 1].enter(target, rules)),
    );
    expect(others.filter(({ mayCall }) => mayCall)).toEqual([]);
    await stores[0].leave(target, rules, { outcome: "answered", isProbe: true });
    expect(await stores[1].enter(target, rules)).toMatchObject({ state: "closed", mayCall: true });
  });

  test("open again for all when that call fails, and ask again when it said nothing", async () => {
    const target = fresh();
    const short = { ...rules, open_for: 50 };
    const [one, two] = [await replica(), await replica()];
    for (let index = 0; index < 3; index += 1) await one.leave(target, short, failed);
    await expect.poll(async () => (await one.enter(target, rules)).state).toBe("half_open");
    await one.leave(target, rules, { outcome: "nothing", isProbe: true });
    expect(await two.enter(target, rules)).toMatchObject({ state: "half_open", mayCall: true });
    await two.leave(target, rules, { outcome: "failed", isProbe: true });
    expect(await one.enter(target, rules)).toMatchObject({ state: "open", mayCall: false });
  });

  test("forget failures that are older than their window", async () => {
    const target = fresh();
    const short = { ...rules, window: 200 };
    const store = await replica();
    await store.leave(target, short, failed);
    await store.leave(target, short, failed);
    await new Promise((done) => setTimeout(done, 300));
    await store.leave(target, short, failed);
    expect(await store.enter(target, short)).toMatchObject({ state: "closed" });
  });

  test("while Redis is away every process goes by what it has seen itself", async () => {
    const target = fresh();
    const store = await replica();
    await store.leave(target, rules, failed);
    await store.leave(target, rules, failed);
    await server.stop();
    const started = performance.now();
    expect(await store.enter(target, rules)).toMatchObject({ state: "closed", mayCall: true });
    await store.leave(target, rules, failed);
    expect(await store.enter(target, rules)).toMatchObject({ state: "open", mayCall: false });
    expect(performance.now() - started).toBeLessThan(5000);
    await server.start();
  });

  test("a Redis that gives no sign of life is not waited for with every call", async () => {
    const target = fresh();
    const store = createRedisBreakerStore({ eval: () => new Promise(() => {}) }, createMemoryBreakerStore());
    const started = performance.now();
    for (let index = 0; index < 20; index += 1) expect((await store.enter(target, rules)).mayCall).toBe(true);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
