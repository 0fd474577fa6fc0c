import { describe, expect, test } from "vitest";
import { jsonSchema } from "../../../evaluators/small/json-schema.ts";
import { placesOf, run } from "./run.ts";

const schema = {
  type: "object",
  required: ["name"],
  properties: { name: { type: "string" }, tags: { type: "array", items: { enum: ["new", "old"] } } },
};
const check = (output: string, options: object = {}) => run(jsonSchema, { output, schema }, options);

test("an output that fits passes", async () => {
  expect(await check('\n{"name": "Ann", "tags": ["new"]} ')).toMatchObject({
    outcome: "pass",
    score: 1,
    reason: "The output fits the schema.",
  });
});

test("an output that does not fit fails with every problem in its place", async () => {
  const output = '{"tags": ["new", "🎉", 5]}';
  const evaluation = await check(output);
  expect(evaluation).toMatchObject({
    outcome: "fail",
    score: 0,
    reason: "The output does not fit the schema: 3 problems (required, enum).",
    claims: [
      { text: output, start: 0, field: "output", verdict: "violation", kind: "required" },
      { text: '"🎉"', start: 17, kind: "enum" },
      { text: "5", start: 23, end: 24, kind: "enum" },
    ],
    criteria: [
      { id: "required_1", question: "The output must have required property 'name'", verdict: "no", weight: 1 },
      { id: "enum_2" },
      { id: "enum_3" },
    ],
  });
  expect(placesOf(evaluation, output)).toHaveLength(3);
  expect((await check("[]")).reason).toBe("The output does not fit the schema: 1 problem (type).");
});

test.each([
  ["", "not_json", "The output is not JSON."],
  ["Here you are: {}", "not_json", "The output is not JSON."],
  ['{"name":"Ann"} {}', "not_json", "The output is not JSON."],
  ['{"name":"Ann","name":"Bob"}', "repeated_key", "The output names a key of an object twice."],
  [`{"name":${"[".repeat(200)}${"]".repeat(200)}}`, "too_deep", "The output is nested more than 128 deep."],
])("%j fails", async (output, kind, reason) => {
  expect(await check(output)).toMatchObject({
    outcome: "fail",
    score: 0,
    reason,
    claims: [{ text: output, start: 0, end: output.length, kind, verdict: "violation" }],
  });
});

describe("JSON in a code fence", () => {
  const fenced = '```json\n{"name": 5}\n```\n';

  test("is read only when the options say so, with its places in the output", async () => {
    expect((await check(fenced)).reason).toBe("The output is not JSON.");
    const evaluation = await check(fenced, { fenced: true });
    expect(evaluation.claims).toMatchObject([{ text: "5", start: 17, end: 18, kind: "type" }]);
    expect((await check('```\n{"name":"Ann"}\n```', { fenced: true })).outcome).toBe("pass");
    expect((await check(' ```JSON \r\n{"name":"Ann"}```', { fenced: true })).outcome).toBe("pass");
    expect((await check('{"name":"Ann"}', { fenced: true })).outcome).toBe("pass");
  });

  test.each([
    'Here: ```json\n{"name":"Ann"}\n```',
    '```json\n{"name":"Ann"}\n``` Done.',
    '```json\n{"name":"Ann"}',
    '```python\n{"name":"Ann"}\n```',
    "```",
    "```json\n```",
  ])("is not read from %j", async (output) => {
    expect((await check(output, { fenced: true })).outcome).toBe("fail");
  });
});

describe("the schema", () => {
  test("of the options comes before that of the sample", async () => {
    const options = { schema: { type: "array" } };
    expect((await check("[]", options)).outcome).toBe("pass");
    expect((await check('{"name":"Ann"}', options)).outcome).toBe("fail");
    expect((await run(jsonSchema, { output: "[]" }, options)).outcome).toBe("pass");
  });

  test("is needed", async () => {
    expect(await run(jsonSchema, { output: "{}" })).toMatchObject({
      outcome: "abstained",
      reason: "There is no schema: set the option schema or the sample's schema.",
    });
    expect((await run(jsonSchema, { schema })).reason).toBe("Not examined: the sample has no output.");
  });

  test("stops the start when it cannot be compiled, and is an error in a sample", async () => {
    const broken = { type: "colour" };
    expect(() => jsonSchema.configure({ schema: broken })).toThrow(/The JSON Schema cannot be used/);
    expect(await run(jsonSchema, { output: "{}", schema: broken })).toMatchObject({
      outcome: "error",
      score: null,
      error: { code: "invalid_input" },
    });
  });
});
