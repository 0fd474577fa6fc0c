import fc from "fast-check";
import { expect, test } from "vitest";
import { repeatsAKey } from "../../../evaluators/judge/json-shape.ts";

const awkward = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom('"', "\\", '\\"', ":", '{"a":1}', "__proto__"));
const anyJson = fc.jsonValue({ stringUnit: "binary" });

test("no JSON text that was written from a value repeats a key, whatever its strings hold", () => {
  fc.assert(
    fc.property(
      fc.oneof(anyJson, fc.dictionary(awkward, awkward), fc.array(awkward)),
      fc.constantFrom(0, 1, 3),
      (value, indent) => {
        const json = JSON.stringify(value, null, indent);
        expect(repeatsAKey(json)).toBe(false);
      },
    ),
    { numRuns: 500 },
  );
});

test("a key that stands twice is found, however deep, far apart, escaped or in which order", () => {
  fc.assert(
    fc.property(awkward, anyJson, fc.array(fc.tuple(awkward, anyJson)), fc.nat(5), (key, value, between, depth) => {
      const others = between.map(([name, each]) => `${JSON.stringify(`${name}!`)}:${JSON.stringify(each)},`).join("");
      const escaped = `"${[...key].map((each) => [...Array(each.length).keys()].map((at) => `\\u${each.charCodeAt(at).toString(16).padStart(4, "0")}`).join("")).join("")}"`;
      const object = `{${JSON.stringify(key)}:1,${others}${escaped}:${JSON.stringify(value)}}`;
      const json = `${'[{"outer":'.repeat(depth)}${object}${"}]".repeat(depth)}`;
      expect(repeatsAKey(json)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
