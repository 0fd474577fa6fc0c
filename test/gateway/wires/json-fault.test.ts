import fc from "fast-check";
import { expect, test } from "vitest";
import { faultInRequest } from "../../../gateway/wires/json-fault.ts";

const hostile = fc.constantFrom('"', "\\", ":", "{", "}", "[", "]", ",", '":', "\\u0061", " ", "a", "__proto__");
const key = fc.oneof(
  fc.string(),
  fc.array(hostile, { maxLength: 6 }).map((parts) => parts.join("")),
);
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    key,
    fc.double({ noNaN: true }),
    fc.constantFrom(true, null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4 }),
  ),
})).value;

test("what is written of a value has no fault, with white space or without", () => {
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 1, "\t"), (given, indent) => {
      expect(faultInRequest(JSON.stringify(given, null, indent))).toBeUndefined();
    }),
  );
});

test("a key that stands twice in an object is found, wherever the object is and however the key is written", () => {
  fc.assert(
    fc.property(
      fc.record({ before: value, name: key, after: value, isEscaped: fc.boolean(), levels: fc.nat(3) }),
      ({ before, name, after, isEscaped, levels }) => {
        const plain = JSON.stringify(name);
        const escaped = `"${name.split("").map(unitEscape).join("")}"`;
        const object = `{${plain}:${JSON.stringify(before)} , "other ${levels}" : [${JSON.stringify(after)}],${isEscaped ? escaped : plain} :1}`;
        const text = `${'[{"x":1},{"y":'.repeat(levels)}${object}${"}]".repeat(levels)}`;
        fc.pre(name !== `other ${levels}`);
        expect(JSON.parse(text)).toBeDefined();
        expect(faultInRequest(text)).toMatch(/^an object names ".* twice/s);
      },
    ),
  );
});

test("the same key in two objects, or as a text, is no fault", () => {
  expect(faultInRequest('[{"a":"a"},{"a":["a","a","a:"]},{"b":{"a":{"b":1,"a":2}}}]')).toBeUndefined();
});

test("five hundred levels are taken and one more is not", () => {
  const nest = (levels: number): string => `${'{"a":['.repeat(levels / 2)}${"]}".repeat(levels / 2)}`;
  expect(faultInRequest(nest(500))).toBeUndefined();
  expect(faultInRequest(nest(502))).toBe("it is nested deeper than 500 levels");
});

function unitEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
