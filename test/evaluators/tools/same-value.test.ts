import fc from "fast-check";
import { expect, test } from "vitest";
import { isSameValue } from "../../../evaluators/tools/same-value.ts";

test.each([
  [1, 1, true],
  [1, "1", false],
  ["a", "A", false],
  [null, null, true],
  [null, {}, false],
  [[1, 2], [1, 2], true],
  [[1, 2], [2, 1], false],
  [[1], [1, 1], false],
  [[], {}, false],
  [{}, [], false],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [{ a: 1 }, { a: 1, b: undefined }, false],
  [{ a: 1, b: 2 }, { a: 1, c: 2 }, false],
  [{ toString: 1 }, {}, false],
  [{ a: { b: [1] } }, { a: { b: [1] } }, true],
  [{ a: { b: [1] } }, { a: { b: [2] } }, false],
  [{ a: 1 }, 1, false],
])("%j and %j are the same: %s", (a, b, same) => {
  expect(isSameValue(a, b)).toBe(same);
});

test("a value is the same as its copy, both ways", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const copy = JSON.parse(JSON.stringify(a)) as unknown;
      expect(isSameValue(JSON.parse(JSON.stringify(a)), copy)).toBe(true);
      expect(isSameValue(a, b)).toBe(isSameValue(b, a));
    }),
  );
});
