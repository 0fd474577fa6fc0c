import { expect, test } from "vitest";
import { createMemoryCache } from "../../../evaluators/cache/memory-cache.ts";

test("what was set is got, and what was not is undefined", async () => {
  const cache = createMemoryCache();
  await cache.set("a", "one");
  expect(await cache.get("a")).toBe("one");
  expect(await cache.get("b")).toBeUndefined();
});

test("past the number of entries what was used longest ago goes", async () => {
  const cache = createMemoryCache({ mostEntries: 2 });
  await cache.set("a", "1");
  await cache.set("b", "2");
  await cache.get("a");
  await cache.set("c", "3");
  expect([await cache.get("a"), await cache.get("b"), await cache.get("c")]).toEqual(["1", undefined, "3"]);
});

test("keys and texts together stay within the number of characters", async () => {
  const cache = createMemoryCache({ mostCharacters: 10 });
  await cache.set("k", "123456789");
  expect(await cache.get("k")).toBe("123456789");
  await cache.set("l", "1");
  expect([await cache.get("k"), await cache.get("l")]).toEqual([undefined, "1"]);
});

test("a text that is longer than all may be together is not kept", async () => {
  const cache = createMemoryCache({ mostCharacters: 10 });
  await cache.set("k", "1234567890");
  expect(await cache.get("k")).toBeUndefined();
});
