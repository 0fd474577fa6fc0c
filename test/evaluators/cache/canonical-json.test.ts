import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../../../evaluators/cache/canonical-json.ts";

test.each([
  [{ b: 1, a: [2, { d: null, c: "x" }] }, '{"a":[2,{"c":"x","d":null}],"b":1}'],
  [{ a: undefined, b: [undefined] }, '{"b":[null]}'],
  ["é\n", '"é\\n"'],
  [undefined, "null"],
  [{ 10: "x", 9: "y", a: true }, '{"10":"x","9":"y","a":true}'],
])("%j is one text", (value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

test("the order of keys makes no difference, at any depth", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
    }),
  );
});

test("different values are different texts", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 40 },
  );
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, each]) => [key, reversed(each)]),
  );
}
