import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { exampleOf } from "../../../../gateway/providers/sandbox/example-of.ts";

describe("tool arguments", () => {
  const schemas: readonly (readonly [string, object])[] = [
    ["nothing", {}],
    [
      "required ones",
      {
        type: "object",
        properties: { city: { type: "string" }, days: { type: "integer", minimum: 2 }, unit: { enum: ["c", "f"] } },
        required: ["city", "days", "unit"],
      },
    ],
    ["all when none is required", { type: "object", properties: { a: { type: "string" }, b: { type: "boolean" } } }],
    [
      "nested",
      {
        type: "object",
        properties: {
          a: {
            type: "array",
            items: { type: "object", properties: { b: { type: "number" } }, required: ["b"] },
            minItems: 2,
          },
        },
        required: ["a"],
      },
    ],
    [
      "alternatives",
      {
        type: "object",
        properties: { a: { anyOf: [{ type: "null" }, { type: "string", minLength: 20 }] } },
        required: ["a"],
      },
    ],
    [
      "nullable",
      { type: "object", properties: { a: { type: ["null", "integer"], minimum: 7, multipleOf: 5 } }, required: ["a"] },
    ],
    [
      "references",
      {
        type: "object",
        properties: { a: { $ref: "#/$defs/x" } },
        required: ["a"],
        $defs: { x: { type: "string", maxLength: 3 } },
      },
    ],
    [
      "joined",
      {
        allOf: [
          { type: "object", properties: { a: { const: 1 } }, required: ["a"] },
          { properties: { b: { enum: ["x"] } }, required: ["b"] },
        ],
      },
    ],
    [
      "exclusive",
      {
        type: "object",
        properties: { a: { type: "number", exclusiveMinimum: 3, maximum: 5 }, b: { type: "integer", maximum: -2 } },
        required: ["a", "b"],
      },
    ],
  ];

  test.each(schemas)("fit their schema: %s", (_name, schema) => {
    const check = new Ajv({ strict: false }).compile(schema);
    check(exampleOf(schema));
    expect(check.errors).toBeNull();
  });

  test("end for a schema that contains itself", () => {
    const tree = { type: "object", properties: { next: { $ref: "#" } }, required: ["next"] };
    expect(JSON.stringify(exampleOf(tree)).length).toBeLessThan(1_000);
    expect(exampleOf({ $ref: "#" })).toEqual({});
  });
});
