import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { Limits } from "../../../gateway/access/limits.ts";
import { createMemoryLimits } from "../../../gateway/access/memory-limits.ts";
import { createRedisLimits } from "../../../gateway/access/redis-limits.ts";
import { connectRedis, type Redis } from "../../../gateway/redis.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";

let server: TestRedis;
let redis: Redis;
let count = 0;
beforeAll(async () => {
  server = await startRedis();
  redis = await connectRedis({ url: server.url, report: () => {} });
});
afterAll(async () => {
  await redis.close();
  await server.close();
});
afterEach(() => void vi.useRealTimers());

/** A name that no other test has used. */
const fresh = (): string => `key-${(count += 1)}`;

describe.each([
  ["in memory", () => createMemoryLimits()],
  ["in Redis", () => createRedisLimits(redis)],
] satisfies readonly [string, () => Limits][])("limits %s", (_where, create) => {
  test("a counter takes exactly what fits, however many ask at once", async () => {
    const counter = create().counter(fresh(), { limit: 100, seconds: 60 });
    const answers = await Promise.all(Array.from({ length: 250 }, () => counter.take("minute", 1)));
    expect(answers.filter(({ isTaken }) => isTaken)).toHaveLength(100);
    expect(Math.max(...answers.filter(({ isTaken }) => isTaken).map(({ total }) => total))).toBe(100);
  });

  test("what did not fit was not counted", async () => {
    const counter = create().counter(fresh(), { limit: 10, seconds: 60 });
    expect(await counter.take("minute", 8)).toMatchObject({ isTaken: true, total: 8 });
    expect(await counter.take("minute", 3)).toMatchObject({ isTaken: false, total: 11 });
    expect(await counter.take("minute", 2)).toMatchObject({ isTaken: true, total: 10 });
    expect(await counter.take("minute", 1)).toMatchObject({ isTaken: false, total: 11 });
  });

  test("what is given back can be taken again, and what was used beyond the limit counts", async () => {
    const counter = create().counter(fresh(), { limit: 10, seconds: 60 });
    await counter.take("minute", 10);
    await counter.adjust("minute", -4);
    expect(await counter.take("minute", 4)).toMatchObject({ isTaken: true, total: 10 });
    await counter.adjust("minute", 7);
    expect(await counter.take("minute", 0)).toMatchObject({ isTaken: false, total: 17 });
    await counter.adjust("minute", -16);
    expect(await counter.take("minute", 9)).toMatchObject({ isTaken: true, total: 10 });
  });

  test("windows and names are counted apart, and say when they begin anew", async () => {
    const limits = create();
    const counter = limits.counter(fresh(), { limit: 1, seconds: 60 });
    const { resetsInMs = 0 } = await counter.take("a", 1);
    expect(resetsInMs).toBeGreaterThan(50_000);
    expect(resetsInMs).toBeLessThanOrEqual(60_000);
    expect((await counter.take("b", 1)).isTaken).toBe(true);
    expect((await counter.take("a", 1)).isTaken).toBe(false);
    expect((await limits.counter(fresh(), { limit: 1, seconds: 60 }).take("a", 1)).isTaken).toBe(true);
  });

  test("a counter of the same name goes on where it was, under the limit that it has now", async () => {
    const limits = create();
    const name = fresh();
    await limits.counter(name, { limit: 5, seconds: 60 }).take("minute", 5);
    const raised = limits.counter(name, { limit: 7, seconds: 60 });
    expect(await raised.take("minute", 2)).toMatchObject({ isTaken: true, total: 7 });
    expect((await limits.counter(name, { limit: 6, seconds: 60 }).take("minute", 1)).isTaken).toBe(false);
  });

  test("a window of a month is kept for as long as a month", async () => {
    const counter = create().counter(fresh(), { limit: 10, seconds: 40 * 24 * 60 * 60 });
    await counter.take("month:2026-11", 10);
    await new Promise((done) => setTimeout(done, 30));
    expect((await counter.take("month:2026-11", 1)).isTaken).toBe(false);
    expect((await counter.take("month:2026-12", 1)).isTaken).toBe(true);
  });

  test("sums of billionths of a dollar stay exact", async () => {
    const limit = 1_000_000 * 1_000_000_000;
    const counter = create().counter(fresh(), { limit, seconds: 60 });
    await counter.take("day", limit - 3);
    expect(await counter.take("day", 3)).toMatchObject({ isTaken: true, total: limit });
    expect((await counter.take("day", 1)).isTaken).toBe(false);
  });

  test("places are taken up to their number, and each is given back once", async () => {
    const places = create().places(fresh(), 3);
    const taken = await Promise.all(Array.from({ length: 10 }, () => places.take()));
    const leaves = taken.filter((leave) => leave !== undefined);
    expect(leaves).toHaveLength(3);
    await leaves[0]?.();
    await leaves[0]?.();
    const again = await Promise.all([places.take(), places.take()]);
    expect(again.filter((leave) => leave !== undefined)).toHaveLength(1);
  });
});

test("in memory a minute that is over counts nothing any more", async () => {
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
  const counter = createMemoryLimits().counter(fresh(), { limit: 1, seconds: 60 });
  expect((await counter.take("minute", 1)).isTaken).toBe(true);
  vi.advanceTimersByTime(59_999);
  expect((await counter.take("minute", 1)).isTaken).toBe(false);
  vi.advanceTimersByTime(2);
  expect((await counter.take("minute", 1)).isTaken).toBe(true);
});

describe("Redis", () => {
  test("two gateways count together, requests as well as places", async () => {
    const other = await connectRedis({ url: server.url, report: () => {} });
    try {
      const name = fresh();
      const both = [createRedisLimits(redis), createRedisLimits(other)];
      const counters = both.map((limits) => limits.counter(name, { limit: 100, seconds: 60 }));
      const times = Array.from({ length: 100 });
      const asked = counters.flatMap((counter) => times.map(() => counter.take("minute", 1)));
      expect((await Promise.all(asked)).filter(({ isTaken }) => isTaken)).toHaveLength(100);
      const rooms = both.map((limits) => limits.places(name, 5));
      const held = await Promise.all(rooms.flatMap((places) => times.map(() => places.take())));
      expect(held.filter((leave) => leave !== undefined)).toHaveLength(5);
    } finally {
      await other.close();
    }
  });

  test("everything that is kept there has an end", async () => {
    const limits = createRedisLimits(redis);
    await limits.counter("bounded", { limit: 1, seconds: 60 }).take("minute", 1);
    await limits.places("bounded", 1).take();
    for (const key of ["proctor:used:bounded:minute", "proctor:calls:bounded"]) {
      const left = Number(await redis.eval("return redis.call('pttl', KEYS[1])", { keys: [key], arguments: [] }));
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(60_000);
    }
  });

  test("the place of a gateway that was killed falls free when its lease has run out", async () => {
    const places = createRedisLimits(redis).places("killed", 1);
    expect(await places.take()).toBeDefined();
    expect(await places.take()).toBeUndefined();
    const inThePast = "return redis.call('zadd', KEYS[1], 1, redis.call('zrange', KEYS[1], 0, 0)[1])";
    await redis.eval(inThePast, { keys: ["proctor:calls:killed"], arguments: [] });
    expect(await places.take()).toBeDefined();
  });

  test("places that are held are renewed before their lease runs out", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const limits = createRedisLimits(redis);
    await limits.places("renewed", 1).take();
    await redis.eval("return redis.call('pexpire', KEYS[1], 5000)", { keys: ["proctor:calls:renewed"], arguments: [] });
    vi.advanceTimersByTime(15_000);
    const ttl = () =>
      redis.eval("return redis.call('pttl', KEYS[1])", { keys: ["proctor:calls:renewed"], arguments: [] });
    await expect.poll(async () => Number(await ttl())).toBeGreaterThan(30_000);
    limits.close();
  });
});

test("a Redis that is away is said once, answers with an error at once, and is used again when it is back", async () => {
  const own = await startRedis();
  const said: string[] = [];
  const connection = await connectRedis({ url: own.url, report: (line) => void said.push(line) });
  const counter = createRedisLimits(connection).counter("k", { limit: 10, seconds: 60 });
  try {
    await counter.take("minute", 1);
    expect(said).toEqual([]);
    await own.stop();
    await expect(counter.take("minute", 1)).rejects.toThrow(/closed|offline|ECONN/i);
    await vi.waitFor(() => expect(said).toHaveLength(1), 5000);
    await expect(counter.take("minute", 1)).rejects.toThrow("The client is offline");
    expect(said[0]).toContain(`Redis at 127.0.0.1:${own.port} is away (`);
    await own.start();
    await vi.waitFor(() => expect(said).toHaveLength(2), 10_000);
    expect(said[1]).toBe(`Redis at 127.0.0.1:${own.port} is back.`);
    expect(await counter.take("minute", 1)).toMatchObject({ isTaken: true, total: 1 });
  } finally {
    await connection.close();
    await own.close();
  }
}, 30_000);

test("a Redis that hangs is not waited for", async () => {
  const own = await startRedis();
  const said: string[] = [];
  const connection = await connectRedis({ url: own.url, report: (line) => void said.push(line) });
  try {
    own.freeze();
    await expect(connection.get("k")).rejects.toThrow("no answer in 1000 ms");
    await expect(connection.get("k")).rejects.toThrow("Redis gives no answers at the moment.");
    expect(said).toEqual([expect.stringContaining("is away (no answer in 1000 ms)")]);
    own.thaw();
    await vi.waitFor(async () => expect(await connection.get("k")).toBeNull(), { timeout: 10_000, interval: 200 });
    expect(said).toEqual([expect.any(String), `Redis at 127.0.0.1:${own.port} is back.`]);
  } finally {
    own.thaw();
    await connection.close();
    await own.close();
  }
});

test("a start goes on without a Redis that is not there, and no password is said", async () => {
  const said: string[] = [];
  const report = (line: string): void => void said.push(line);
  const connection = await connectRedis({ url: "redis://me:very-secret@127.0.0.1:1/0", report });
  expect(connection.isReady()).toBe(false);
  expect(said).toHaveLength(1);
  expect(said[0]).toContain("Redis at 127.0.0.1:1 is away (ECONNREFUSED)");
  expect(said.join()).not.toContain("very-secret");
  await connection.close();
});
