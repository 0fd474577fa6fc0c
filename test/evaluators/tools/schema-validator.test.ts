import { describe, expect, test } from "vitest";
import { EvaluatorError } from "../../../evaluators/errors.ts";
import { mostProblems, validatorFor } from "../../../evaluators/tools/schema-validator.ts";

function keywordsOf(schema: object, value: unknown): string[] {
  return validatorFor(schema as never)(value).map(({ keyword }) => keyword);
}

function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof EvaluatorError && error.code === "invalid_input" && !error.retryable) return error.message;
    throw error;
  }
  return "no refusal";
}

test("every problem is told with its keyword, its path and what is demanded", () => {
  const validate = validatorFor({
    type: "object",
    required: ["a"],
    properties: { a: {}, b: { type: "array", items: { enum: ["x"] } }, "c/~d": { type: "integer" } },
    additionalProperties: false,
  });
  expect(validate({ b: ["x", "y"], "c/~d": "1", e: 1 })).toEqual([
    { keyword: "required", path: [], demand: "must have required property 'a'" },
    { keyword: "additionalProperties", path: ["e"], demand: "must NOT have additional properties" },
    { keyword: "enum", path: ["b", "1"], demand: "must be equal to one of the allowed values" },
    { keyword: "type", path: ["c/~d"], demand: "must be integer" },
  ]);
  expect(validate({ a: 1, b: [] })).toEqual([]);
});

test("no more problems are told than anyone reads", () => {
  expect(mostProblems).toBe(20);
  expect(
    keywordsOf(
      { items: { type: "string" } },
      Array.from({ length: 30 }, () => 1),
    ),
  ).toHaveLength(20);
});

test("names that every object has are not there unless they are given", () => {
  expect(keywordsOf({ required: ["constructor", "toString"] }, {})).toEqual(["required", "required"]);
  expect(keywordsOf({ properties: {}, additionalProperties: false }, JSON.parse('{"__proto__":1}'))).toEqual([
    "additionalProperties",
  ]);
});

test("drafts 7, 2019-09 and 2020-12 are read, with or without their names", () => {
  const draft7 = { $schema: "http://json-schema.org/draft-07/schema#", items: [{ type: "string" }] };
  const draft2019 = { properties: { a: {} }, unevaluatedProperties: false, dependentRequired: { a: ["b"] } };
  const draft2020 = { $schema: "https://json-schema.org/draft/2020-12/schema", prefixItems: [{ type: "string" }] };
  expect(keywordsOf(draft7, [1])).toEqual(["type"]);
  expect(keywordsOf(draft2019, { a: 1 })).toEqual(["dependentRequired"]);
  expect(keywordsOf(draft2019, { c: 1 })).toEqual(["unevaluatedProperties"]);
  expect(keywordsOf(draft2020, [1])).toEqual(["type"]);
  expect(keywordsOf({ prefixItems: [{ type: "string" }] }, [1])).toEqual(["type"]);
});

test("formats are checked", () => {
  expect(keywordsOf({ format: "date" }, "2026-02-30")).toEqual(["format"]);
  expect(keywordsOf({ format: "date" }, "2026-02-28")).toEqual([]);
  expect(keywordsOf({ format: "email" }, "nobody")).toEqual(["format"]);
});

test("items are the same whatever the order of their keys, and 100,000 of them take no time", () => {
  expect(
    keywordsOf({ uniqueItems: true }, [
      { a: 1, b: [2] },
      { b: [2], a: 1 },
    ]),
  ).toEqual(["uniqueItems"]);
  expect(keywordsOf({ uniqueItems: true }, [{ a: 1 }, [["a", 1]], "a", { a: "1" }])).toEqual([]);
  expect(keywordsOf({ uniqueItems: false }, [1, 1])).toEqual([]);
  expect(
    keywordsOf(
      { uniqueItems: true },
      Array.from({ length: 100_000 }, (_, a) => ({ a })),
    ),
  ).toEqual([]);
});

test("two schemas of the same $id do not meet", () => {
  expect(keywordsOf({ $id: "https://example.com/a", type: "string" }, 1)).toEqual(["type"]);
  expect(keywordsOf({ $id: "https://example.com/a", type: "number" }, 1)).toEqual([]);
});

test("a schema is compiled once", () => {
  const schema = { type: "object", title: "compiled once" };
  expect(validatorFor({ ...schema })).toBe(validatorFor({ ...schema }));
  expect(validatorFor({ ...schema, title: "another" })).not.toBe(validatorFor(schema));
});

test("a pattern runs in linear time, and is a JavaScript pattern otherwise", () => {
  expect(keywordsOf({ pattern: "^(a+)+$" }, `${"a".repeat(100_000)}!`)).toEqual(["pattern"]);
  expect(keywordsOf({ pattern: "^\\u0041\\d$" }, "A1")).toEqual([]);
  expect(keywordsOf({ patternProperties: { "^x": { type: "string" } } }, { x1: 1, y: 1 })).toEqual(["type"]);
});

describe("a schema that cannot be used is refused with the reason", () => {
  test.each([
    [
      "a type that does not exist",
      { type: "colour" },
      /type must be equal to one of the allowed values|schema is invalid/,
    ],
    [
      "a reference to the network",
      { $ref: "https://example.com/schema.json" },
      /can't resolve reference https:\/\/example/,
    ],
    ["a reference to nowhere", { $ref: "#/$defs/none" }, /can't resolve reference/],
    ["a pattern that would have to look ahead", { pattern: "(?=a)" }, /invalid or unsupported Perl syntax/],
    ["an unknown dialect's number", { minimum: "5" }, /schema is invalid/],
  ])("%s", (_kind, schema, why) => {
    const refusal = refusalOf(() => validatorFor(schema));
    expect(refusal).toMatch(why);
    expect(refusal).toMatch(/^The JSON Schema cannot be used: .*\. Correct it or leave it out\.$/);
  });

  test("one that is too large, and not one of just the size that is allowed", () => {
    const of = (length: number) => ({ description: "x".repeat(length - '{"description":""}'.length) });
    expect(refusalOf(() => validatorFor(of(200_001)))).toMatch(/it has 200001 characters, more than 200000/);
    expect(validatorFor(of(200_000))(1)).toEqual([]);
  });

  test("one that is nested too deeply", () => {
    let schema: object = { type: "string" };
    for (let depth = 0; depth < 9000; depth += 1) schema = { not: schema };
    expect(refusalOf(() => validatorFor(schema as never))).toMatch(/cannot be used/);
  });

  test("one whose references double at every step, when it is used", () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [
        `d${at}`,
        at === 39 ? { type: "string" } : { allOf: [{ $ref: `#/$defs/d${at + 1}` }, { $ref: `#/$defs/d${at + 1}` }] },
      ]),
    );
    const validate = validatorFor({ $ref: "#/$defs/d0", $defs });
    expect(refusalOf(() => validate(1))).toMatch(/takes more than 1000000 steps/);
  });

  test("one that refers to itself without an end, when it is used", () => {
    const validate = validatorFor({ $ref: "#" });
    expect(refusalOf(() => validate(1))).toMatch(/refers to itself without an end|steps/);
  });
});

test("a schema that refers to itself for what is inside checks a large value", () => {
  const tree = { type: "object", properties: { next: { $ref: "#" }, value: { type: "integer" } } };
  const list = Array.from({ length: 100 }).reduce<object>((next, _none, value) => ({ next, value }), {});
  expect(keywordsOf(tree, list)).toEqual([]);
  expect(validatorFor(tree)({ next: { next: { value: "x" } } })).toEqual([
    { keyword: "type", path: ["next", "next", "value"], demand: "must be integer" },
  ]);
});

test("the steps of one value are not counted for the next", () => {
  const validate = validatorFor({ items: { $ref: "#/$defs/a" }, $defs: { a: { type: "integer" } } });
  const items = Array.from({ length: 60_000 }, () => 1);
  for (let round = 0; round < 20; round += 1) expect(validate(items)).toEqual([]);
});

test("a number that is too large for a double is neither a number nor an integer", () => {
  const huge: unknown = JSON.parse("1e400");
  expect(keywordsOf({ type: "integer" }, huge)).toEqual(["type"]);
  expect(keywordsOf({ type: "number" }, huge)).toEqual(["type"]);
});

test("a value with millions of problems is judged by the first, and neither time nor memory runs out", () => {
  const required = Array.from({ length: 500 }, (_, at) => `n${at}`);
  const items = Array.from({ length: 5000 }, () => ({}));
  expect(keywordsOf({ items: { required } }, items)).toEqual(["required"]);
  expect(keywordsOf({ items: { required } }, items.slice(0, 10))).toHaveLength(mostProblems);
});

test("alternatives that would be tried millions of times are refused, and a few are not", () => {
  const schema = { contains: { anyOf: Array.from({ length: 500 }, (_, at) => ({ const: at + 0.5 })) } };
  const numbers = Array.from({ length: 30_000 }, (_, at) => at);
  expect(refusalOf(() => validatorFor(schema)(numbers))).toContain("it is too large for a value of this size");
  expect(validatorFor(schema)([0.5])).toEqual([]);
});
