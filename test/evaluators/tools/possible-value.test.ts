import { describe, expect, test } from "vitest";
import { areAcceptable, isPossible } from "../../../evaluators/tools/possible-value.ts";

/** Whether one argument with this value is acceptable. */
function isOk(given: unknown, ...values: readonly unknown[]): boolean {
  return areAcceptable({ a: given }, { a: values });
}

describe("arguments", () => {
  test("may be left out only where nothing is among the acceptable values", () => {
    expect(areAcceptable({}, { a: ["x", ""] })).toBe(true);
    expect(areAcceptable({}, { a: ["x"] })).toBe(false);
    expect(areAcceptable({}, {})).toBe(true);
  });

  test("that are not in the map are not acceptable", () => {
    expect(areAcceptable({ a: "x", b: 1 }, { a: ["x"] })).toBe(false);
    expect(areAcceptable({ toString: 1 }, {})).toBe(false);
  });

  test("have one of the values, and all arguments have theirs", () => {
    expect(isOk("Paris", "Lyon", "Paris")).toBe(true);
    expect(isOk("Nice", "Lyon", "Paris")).toBe(false);
    expect(areAcceptable({ a: 1, b: 2 }, { a: [1], b: [3] })).toBe(false);
  });
});

describe("strings", () => {
  test.each([
    ["San Francisco, CA", "san francisco ca"],
    ["2026-02-28", "2026/02/28"],
    ["x^2 * y_1", "x2y1"],
    ["it's", 'IT"S'],
    ["a.b", "AB"],
  ])("%j stands for %j", (given, value) => {
    expect(isOk(given, value)).toBe(true);
  });

  test.each([
    ["a+b", "ab"],
    ["a;b", "ab"],
    ["é", "e"],
    ["5", 5],
    ["true", true],
  ])("%j does not stand for %j", (given, value) => {
    expect(isOk(given, value)).toBe(false);
  });
});

describe("other values", () => {
  test("are compared as they are", () => {
    expect(isOk(5, 5.0)).toBe(true);
    expect(isOk(5, 5.1)).toBe(false);
    expect(isOk(5, "5")).toBe(false);
    expect(isOk(true, true)).toBe(true);
    expect(isOk(true, 1)).toBe(false);
    expect(isOk(null, null)).toBe(true);
    expect(isOk(null, "null")).toBe(false);
  });

  test("lists agree in length, order and elements, with strings as elsewhere", () => {
    expect(isOk(["A b", 1], ["ab", 1])).toBe(true);
    expect(isOk([1, 2], [2, 1])).toBe(false);
    expect(isOk([1], [1, 2])).toBe(false);
    expect(isOk([1, 2], [1])).toBe(false);
    expect(isOk([], [])).toBe(true);
    expect(isOk([1], 1)).toBe(false);
    expect(isOk([[1], [2]], [[1], [2]])).toBe(true);
  });

  test("objects have acceptable values for each key, and keys may be left out as arguments may", () => {
    const budget = { min: [300], max: [400, 450], currency: ["USD", ""] };
    expect(isOk({ min: 300, max: 450 }, budget)).toBe(true);
    expect(isOk({ min: 300, max: 400, currency: "usd" }, budget)).toBe(true);
    expect(isOk({ min: 300 }, budget)).toBe(false);
    expect(isOk({ min: 300, max: 400, extra: 1 }, budget)).toBe(false);
    expect(isOk({ min: 300, max: 401 }, budget)).toBe(false);
    expect(isOk({ min: 300, max: 450 }, { min: 300, max: 450 })).toBe(false);
    expect(isOk({}, [])).toBe(false);
  });

  test("lists of objects agree object by object, in their order", () => {
    const wanted = [
      { field: ["age"], value: ["25", 25] },
      { field: ["job"], value: ["cook"] },
    ];
    expect(
      isOk(
        [
          { field: "age", value: 25 },
          { field: "job", value: "Cook" },
        ],
        wanted,
      ),
    ).toBe(true);
    expect(
      isOk(
        [
          { field: "job", value: "cook" },
          { field: "age", value: 25 },
        ],
        wanted,
      ),
    ).toBe(false);
    expect(isOk([{ field: "age", value: 25 }], wanted)).toBe(false);
  });
});

test("only a map to lists can be a map of acceptable values", () => {
  expect(isPossible({ a: [1], b: [] })).toBe(true);
  expect(isPossible({})).toBe(true);
  expect(isPossible({ a: [1], b: 2 })).toBe(false);
  expect(isPossible([[1]])).toBe(false);
});
