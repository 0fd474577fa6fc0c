import { expect, test } from "vitest";
import { areaUnderCurve } from "../../bench/support/area-under-curve.ts";

test("the area is the share of pairs that are in the right order, ties counting half", () => {
  expect(areaUnderCurve([3, 4], [1, 2])).toBe(1);
  expect(areaUnderCurve([1, 2], [3, 4])).toBe(0);
  expect(areaUnderCurve([1, 1], [1])).toBe(0.5);
  expect(areaUnderCurve([1, 3], [2])).toBe(0.5);
  expect(areaUnderCurve([2, 3, 5], [1, 3])).toBeCloseTo((1 + 1 + 1 + 0 + 0.5 + 1) / 6);
  expect(areaUnderCurve([], [1])).toBeNaN();
});
