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
