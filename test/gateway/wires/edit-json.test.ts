import fc from "fast-check";
import { expect, test } from "vitest";
import { editTopLevel } from "../../../gateway/wires/edit-json.ts";

test("replacing a member leaves every other byte as it was", () => {
  const text = '{ "model" : "student",\n  "seed": 12345678901234567890, "x": 1.0, "a\\u0062": {"model": "inner"} }';
  expect(editTopLevel(text, { model: "m1" })).toBe(
    '{ "model" : "m1",\n  "seed": 12345678901234567890, "x": 1.0, "a\\u0062": {"model": "inner"} }',
  );
});

test("removing the first, a middle and the last member leaves valid JSON", () => {
  const text = '{"a": [1, "}"], "b": {"c": "\\""}, "d": null}';
  expect(JSON.parse(editTopLevel(text, { a: undefined }))).toEqual({ b: { c: '"' }, d: null });
  expect(JSON.parse(editTopLevel(text, { b: undefined }))).toEqual({ a: [1, "}"], d: null });
  expect(JSON.parse(editTopLevel(text, { d: undefined }))).toEqual({ a: [1, "}"], b: { c: '"' } });
  expect(JSON.parse(editTopLevel(text, { a: undefined, b: undefined, d: undefined }))).toEqual({});
});

test("a key that stands twice is replaced twice, because readers take the last", () => {
  expect(editTopLevel('{"model":"a","model":"b"}', { model: "c" })).toBe('{"model":"c","model":"c"}');
});

test("whatever the object and the changes, the result says what the edited object says", () => {
  const key = fc.constantFrom("model", "proctor", "stream_options", "other", 'quo"te', "\u0000");
  const changes = fc.dictionary(key, fc.oneof(fc.jsonValue(), fc.constant(undefined)));
  fc.assert(
    fc.property(
      fc.dictionary(key, fc.jsonValue()),
      changes,
      fc.constantFrom(undefined, 1, "\t"),
      (object, edits, space) => {
        const expected = { ...object, ...edits };
        const kept = Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined));
        expect(JSON.parse(editTopLevel(JSON.stringify(object, null, space), edits))).toEqual(
          JSON.parse(JSON.stringify(kept)),
        );
      },
    ),
    { numRuns: 500 },
  );
});
