import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { UnderWay } from "../../gateway/under-way.ts";

test("what has come is there until it goes, in whatever order", () => {
  const underWay = new UnderWay<{ name: string }>();
  const names = () => Array.from(underWay, ({ name }) => name).toSorted();
  const [first, second, third] = ["first", "second", "third"].map((name) => underWay.add({ name }));
  expect(names()).toEqual(["first", "second", "third"]);
  second?.();
  expect(names()).toEqual(["first", "third"]);
  expect(underWay.size).toBe(2);
  const fourth = underWay.add({ name: "fourth" });
  expect(names()).toEqual(["first", "fourth", "third"]);
  for (const leave of [first, third, fourth]) leave?.();
  expect(underWay.size).toBe(0);
  expect(names()).toEqual([]);
});

test("who goes twice takes nobody else along", () => {
  const underWay = new UnderWay<{ name: string }>();
  const leave = underWay.add({ name: "first" });
  leave();
  underWay.add({ name: "in the same place" });
  leave();
  expect(underWay.size).toBe(1);
  expect(Array.from(underWay, ({ name }) => name)).toEqual(["in the same place"]);
});

test("what has gone does not grow old", () => {
  const underWay = new UnderWay<{ texts: string[] }>();
  const leaving: (() => void)[] = [];
  const oneMore = () => {
    leaving.push(underWay.add({ texts: Array.from({ length: 200 }, (_, index) => `text ${index}`) }));
    if (leaving.length > 16) leaving.shift()?.();
  };
  for (let count = 0; count < 20; count += 1) oneMore();
  // As after a quiet minute: what keeps the items is old. With a Set the old space grows by tens of megabytes from here.
  for (let times = 0; times < 3; times += 1) collectAll();
  const before = oldSpaceBytes();
  for (let count = 0; count < 20_000; count += 1) oneMore();
  expect((oldSpaceBytes() - before) / 2 ** 20).toBeLessThan(8);
});

function collectAll(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

function oldSpaceBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space")?.space_used_size ?? 0;
}
