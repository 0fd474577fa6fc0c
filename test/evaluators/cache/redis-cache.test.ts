import { afterAll, beforeAll, expect, test } from "vitest";
import { createRedisCache } from "../../../evaluators/cache/redis-cache.ts";
import { connectRedis, type Redis } from "../../../gateway/redis.ts";
import { startRedis, type TestRedis } from "../../support/redis.ts";

let server: TestRedis;
let redis: Redis;
beforeAll(async () => {
  server = await startRedis();
  redis = await connectRedis({ url: server.url, report: () => {} });
});
afterAll(async () => {
  await redis.close();
  await server.close();
});

test("what one process keeps another finds, and it has an end", async () => {
  const other = await connectRedis({ url: server.url, report: () => {} });
  try {
    await createRedisCache(redis).set("a", '{"score":1}');
    expect(await createRedisCache(other).get("a")).toBe('{"score":1}');
    expect(await createRedisCache(other).get("b")).toBeUndefined();
    const left = await redis.eval("return redis.call('ttl', KEYS[1])", { keys: ["proctor:verdict:a"], arguments: [] });
    expect(Number(left)).toBeGreaterThan(29 * 24 * 60 * 60);
  } finally {
    await other.close();
  }
});

test("a Redis that is away is a cache that has nothing", async () => {
  const gone = await connectRedis({ url: "redis://127.0.0.1:1", report: () => {} });
  const cache = createRedisCache(gone);
  await expect(cache.set("a", "1")).resolves.toBeUndefined();
  expect(await cache.get("a")).toBeUndefined();
  await gone.close();
});
