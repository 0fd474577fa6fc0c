import fc from "fast-check";
import { expect, test } from "vitest";
import { placeOf } from "../../../evaluators/tools/json-places.ts";

function passage(json: string, path: readonly string[]): string | undefined {
  const place = placeOf(json, path);
  return place && json.slice(place.start, place.end);
}

test("a value stands where its path leads, in a text with spaces, escapes and brackets in strings", () => {
  const json = ' { "a" : [ 1 , {"b\\"}" : -2.5e+3} ] ,\n"é": "]\\\\", "end":null } ';
  expect(passage(json, [])).toBe(json.trim());
  expect(passage(json, ["a", "0"])).toBe("1");
  expect(passage(json, ["a", "1"])).toBe('{"b\\"}" : -2.5e+3}');
  expect(passage(json, ["a", "1", 'b"}'])).toBe("-2.5e+3");
  expect(passage(json, ["é"])).toBe('"]\\\\"');
  expect(passage(json, ["end"])).toBe("null");
});

test("a member of an object also says where its key begins, and an element where it begins itself", () => {
  const json = '{"first":true,"second":[7]}';
  expect(placeOf(json, ["second"])).toEqual({ keyStart: 14, start: 23, end: 26 });
  expect(placeOf(json, ["second", "0"])).toEqual({ keyStart: 24, start: 24, end: 25 });
  expect(placeOf(json, [])).toEqual({ keyStart: 0, start: 0, end: 27 });
});

test("a path that leads nowhere has no place", () => {
  expect(placeOf('{"a":[1]}', ["b"])).toBeUndefined();
  expect(placeOf('{"a":[1]}', ["a", "1"])).toBeUndefined();
  expect(placeOf('{"a":[]}', ["a", "0"])).toBeUndefined();
  expect(placeOf('{"a":1}', ["a", "0"])).toBeUndefined();
  expect(placeOf("{}", ["a"])).toBeUndefined();
});

test("every value of any JSON text is found", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(3), (value, indent) => {
      const json = JSON.stringify(value, null, indent);
      for (const [path, one] of valuesOf(value)) expect(JSON.parse(passage(json, path) ?? "")).toEqual(one);
    }),
  );
});

test("a text of 200 KB takes no time", () => {
  const json = JSON.stringify({ a: "[{".repeat(50_000), b: Array.from({ length: 20_000 }, () => 1), c: 5 });
  expect(passage(json, ["c"])).toBe("5");
});

function* valuesOf(value: unknown, path: readonly string[] = []): Generator<[readonly string[], unknown]> {
  yield [path, JSON.parse(JSON.stringify(value))];
  if (typeof value !== "object" || value === null) return;
  for (const [key, one] of Object.entries(value)) yield* valuesOf(one, [...path, key]);
}
