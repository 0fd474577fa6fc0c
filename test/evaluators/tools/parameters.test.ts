import { expect, test } from "vitest";
import { argumentsSchema, requiredBy } from "../../../evaluators/tools/parameters.ts";

test.each([
  ["dict", "object"],
  ["HashMap", "object"],
  ["float", "number"],
  ["double", "number"],
  ["tuple", "array"],
  ["ArrayList", "array"],
  ["list", "array"],
  ["String", "string"],
  ["str", "string"],
  ["char", "string"],
  ["int", "integer"],
  ["long", "integer"],
  ["bool", "boolean"],
  ["None", "null"],
  ["integer", "integer"],
  ["colour", "colour"],
])("the type %s is read as %s", (written, type) => {
  expect(argumentsSchema({ properties: { a: { type: written } } }, false)).toEqual({
    type: "object",
    properties: { a: { type } },
  });
});

test("the type any demands nothing, alone or among others", () => {
  const schema = argumentsSchema(
    { properties: { a: { type: "any" }, b: { type: ["int", "Any"] }, c: { type: ["int", "long", "null"] } } },
    false,
  );
  expect(schema["properties"]).toEqual({ a: {}, b: {}, c: { type: ["integer", "null"] } });
});

test("types are read at every depth, and not where a name or a value only looks like one", () => {
  const schema = argumentsSchema(
    {
      type: "dict",
      properties: {
        type: { type: "float", enum: [{ type: "float" }], default: { type: "float" } },
        list: { type: "tuple", items: { anyOf: [{ type: "float" }, { type: "dict" }] } },
      },
      $defs: { type: { type: "float" } },
    },
    false,
  );
  expect(schema).toEqual({
    type: "object",
    properties: {
      type: { type: "number", enum: [{ type: "float" }], default: { type: "float" } },
      list: { type: "array", items: { anyOf: [{ type: "number" }, { type: "object" }] } },
    },
    $defs: { type: { type: "number" } },
  });
});

test("a required argument may say so itself", () => {
  const parameters = {
    type: "object",
    required: ["a"],
    properties: {
      a: { type: "string", required: true },
      b: { type: "string", required: true },
      c: { type: "string", required: false },
      d: { type: "object", properties: { e: { required: true } } },
    },
  };
  expect(requiredBy(parameters)).toEqual(["a", "b"]);
  expect(argumentsSchema(parameters, false)["properties"]).toMatchObject({ d: { required: ["e"] } });
  expect(requiredBy(undefined)).toEqual([]);
  expect(requiredBy({ required: [1, "x"] })).toEqual(["x"]);
});

test("an argument named required is an argument", () => {
  const schema = argumentsSchema({ properties: { required: { type: "boolean" } }, required: ["required"] }, true);
  expect(schema).toEqual({
    type: "object",
    properties: { required: { type: "boolean" } },
    required: ["required"],
    unevaluatedProperties: false,
  });
});

test("undeclared arguments are refused where arguments are declared and nothing else is said", () => {
  const closes = (parameters: object | undefined, refuse = true) =>
    "unevaluatedProperties" in argumentsSchema(parameters as never, refuse) &&
    argumentsSchema(parameters as never, refuse)["unevaluatedProperties"] === false;
  expect(closes({ properties: {} })).toBe(true);
  expect(closes(undefined)).toBe(true);
  expect(closes({ anyOf: [{ properties: { a: {} } }] })).toBe(true);
  expect(closes({ $ref: "#/$defs/a", $defs: { a: {} } })).toBe(true);
  expect(closes({ type: "object" })).toBe(false);
  expect(closes({ properties: {} }, false)).toBe(false);
  expect(closes({ properties: {}, additionalProperties: true })).toBe(false);
  expect(closes({ properties: {}, unevaluatedProperties: true })).toBe(false);
});
