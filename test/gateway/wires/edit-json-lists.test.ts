import fc from "fast-check";
import { expect, test } from "vitest";
import { appendToList } from "../../../gateway/wires/edit-json.ts";

test("what is appended to a list leaves every other byte as it was", () => {
  const text = '{ "seed": 12345678901234567890, "list" : [ {"a": "]\\u0062"} ,2.0\n ] , "x":[1] }';
  expect(appendToList(text, "list", [{ b: 1 }, "c"])).toBe(
    '{ "seed": 12345678901234567890, "list" : [ {"a": "]\\u0062"} ,2.0,{"b":1},"c"\n ] , "x":[1] }',
  );
});

test("an empty list, a list that is not there and a member that is no list hold what was appended", () => {
  expect(appendToList('{"list":[ ]}', "list", [1, 2])).toBe('{"list":[1,2 ]}');
  expect(appendToList('{"other":1}', "list", [1])).toBe('{"other":1,"list":[1]}');
  expect(appendToList('{"list":null}', "list", [1])).toBe('{"list":[1]}');
});

test("the last elements give way", () => {
  expect(appendToList('{"list":[1, [2], {"a":[3]} ]}', "list", ["x"], 1)).toBe('{"list":[1, [2],"x" ]}');
  expect(appendToList('{"list":[1, 2]}', "list", ["x"], 2)).toBe('{"list":["x"]}');
  expect(appendToList('{"list":[1]}', "list", ["x"], 5)).toBe('{"list":["x"]}');
  expect(appendToList('{"list":[1, 2]}', "list", [], 1)).toBe('{"list":[1]}');
});

test("a list that stands twice is appended to twice, because readers take the last", () => {
  expect(appendToList('{"list":[1],"list":[ ]}', "list", [2])).toBe('{"list":[1,2],"list":[2 ]}');
});

test("whatever the list, the result says what the edited object says", () => {
  const list = fc.array(fc.jsonValue(), { maxLength: 4 });
  fc.assert(
    fc.property(
      fc.record({ before: fc.jsonValue(), list, after: fc.jsonValue() }),
      list,
      fc.nat(5),
      fc.constantFrom(undefined, 1, "\t"),
      (object, items, replaced, space) => {
        const kept = object.list.slice(0, Math.max(0, object.list.length - replaced));
        expect(JSON.parse(appendToList(JSON.stringify(object, null, space), "list", items, replaced))).toEqual(
          JSON.parse(JSON.stringify({ ...object, list: [...kept, ...items] })),
        );
      },
    ),
    { numRuns: 500 },
  );
});
