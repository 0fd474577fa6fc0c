import { expect, test } from "vitest";
import { isObject, readExactJson, readJson } from "../../../evaluators/tools/json-text.ts";

test("a JSON text is read", () => {
  expect(readJson('{"a":[1,null,"x"]}')).toEqual({ value: { a: [1, null, "x"] } });
});

test.each(["", "{", '{"a":1', "{'a':1}", "{a:1}", '{"a":1,}', "NaN", "{} {}", "nil"])("%j is no JSON", (text) => {
  expect(readJson(text)).toEqual({ problem: "not_json" });
});

test("a key that is given twice in one object is refused, and the same key in two objects is not", () => {
  expect(readJson('{"a":1,"a":1}')).toEqual({ problem: "repeated_key" });
  expect(readJson('{"a":1,"\\u0061":2}')).toEqual({ problem: "repeated_key" });
  expect(readJson('[{"a":1},{"a":2}]')).toEqual({ value: [{ a: 1 }, { a: 2 }] });
});

test("nesting is followed 128 deep and no deeper", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  expect(readJson(nested(128))).toHaveProperty("value");
  expect(readJson(nested(129))).toEqual({ problem: "too_deep" });
  expect(readJson('{"a":'.repeat(200) + "1" + "}".repeat(200))).toEqual({ problem: "too_deep" });
  expect(readJson(nested(100_000))).not.toHaveProperty("value");
});

test("for comparing, whole numbers that a double cannot hold stay apart", () => {
  expect(readJson("9007199254740993")).toEqual({ value: 9_007_199_254_740_992 });
  expect(readExactJson("9007199254740993")).toEqual({ value: 9_007_199_254_740_993n });
  expect(readExactJson("-9007199254740993")).toEqual({ value: -9_007_199_254_740_993n });
  expect(readExactJson('[9007199254740991,1.5,"9007199254740993"]')).toEqual({
    value: [9_007_199_254_740_991, 1.5, "9007199254740993"],
  });
});

test("only an object is an object", () => {
  expect([{}, [], null, "x", 1, undefined].map(isObject)).toEqual([true, false, false, false, false, false]);
});
