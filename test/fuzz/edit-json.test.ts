import fc from "fast-check";
import { expect, test } from "vitest";
import { editTopLevel } from "../../gateway/wires/edit-json.ts";
import type { JsonObject } from "../../gateway/wires/json.ts";
import { always, fuzzTimeout } from "./fuzz.ts";

/**
 * No key needs a backslash in JSON: where any object has the key "\\", the JSON.parse of Node may take such
 * a key for it (https://github.com/nodejs/node/issues/63785).
 */
const unit = fc.constantFrom("a", "ä", "😀", "{", "}", "[", "]", ",", ":", "/");

const anySpace = fc.constantFrom("", "", " ", "\n\t", "\r\n ");
/** Keys as they may be written; some are the same key. */
const anyKey = fc.constantFrom('"model"', '"m\\u006fdel"', '"proctor"', '"a"', '"__proto__"', '""', '"}"', '"😀"');
const anyValue = fc.oneof(
  fc.constantFrom("0", "-1.50", "12345678901234567890", "1E400", "true", "null", '"\\\\"', '"\\"}"', '"{"', '"ä\\ud83d"', "[]", "{}"),
  fc.json({ maxDepth: 3, stringUnit: unit }),
  fc.constantFrom('[ "]" , {"model" : 1} ]', '{"model": "inner", "x": ["}"]}'),
); // prettier-ignore

/** The text of an object, with white space wherever it may stand. */
const anyText = fc
  .tuple(fc.array(fc.tuple(anyKey, anyValue, anySpace, anySpace), { maxLength: 5 }), anySpace)
  .map(([members, space]) => {
    const inner = members.map(([key, value, before, after]) => `${before}${key}${after}:${before}${value}${after}`);
    return `${space}{${inner.join(",")}${members.length === 0 ? space : ""}}${space}`;
  });

const anyChanges = fc.dictionary(
  fc.constantFrom("model", "proctor", "a", "__proto__", "", "new"),
  fc.oneof(fc.constant(undefined), fc.jsonValue({ maxDepth: 1, stringUnit: unit })),
  { maxKeys: 4 },
);

test(
  "an edited text says what the edited object says, and every other member is written as it was",
  async () => {
    await always(fc.tuple(anyText, anyChanges), 1000, ([text, changes]) => {
      const edited = editTopLevel(text, changes);
      const before = JSON.parse(text) as JsonObject;
      const kept = Object.entries(before).filter(([key]) => !Object.hasOwn(changes, key));
      const set = Object.entries(changes).filter(([, value]) => value !== undefined);
      const after = JSON.parse(edited) as JsonObject;
      expect(sorted(after)).toBe(sorted(Object.fromEntries([...kept, ...set])));
      for (const [digits] of text.matchAll(/12345678901234567890|1E400|-1\.50/g))
        expect(editTopLevel(text, {})).toContain(digits);
    });
  },
  fuzzTimeout,
);

test(
  "an edit that changes nothing leaves the text as it was",
  async () => {
    await always(anyText, 300, (text) => {
      expect(editTopLevel(text, {})).toBe(text);
      expect(editTopLevel(text, { absent: undefined })).toBe(text);
    });
  },
  fuzzTimeout,
);

/** Members in the order of their names: an edit may put a new one anywhere. */
function sorted(object: JsonObject): string {
  return JSON.stringify(Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
