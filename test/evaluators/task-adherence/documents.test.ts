import { describe, expect, test } from "vitest";
import { evaluate } from "../../../evaluators/evaluate.ts";
import { createEvaluatorSet } from "../../../evaluators/registry.ts";
import { findConstraints } from "../../../evaluators/task-adherence/constraints.ts";
import { withoutFence } from "../../../evaluators/task-adherence/documents.ts";
import { schemaIn } from "../../../evaluators/task-adherence/schemas.ts";
import { taskAdherence } from "../../../evaluators/task-adherence/task-adherence.ts";

const run = (sample: object) =>
  evaluate("task_adherence", sample, { evaluators: createEvaluatorSet([taskAdherence.configure()]) });
const ids = (instruction: string) => findConstraints(instruction).map(({ id }) => id);
const holds = (instruction: string, output: string) => findConstraints(instruction).map((one) => one.holds(output));

describe("a demanded document", () => {
  test.each([
    ["Return only valid JSON.", "detectable_format:json_format"],
    ["Give it as a JSON object.", "detectable_format:json_format"],
    ["Answer in YAML.", "format:yaml"],
    ["Return a YAML document.", "format:yaml"],
    ["Return the result as CSV.", "format:csv"],
    ["Convert it into XML.", "format:xml"],
    ["Output only valid HTML.", "format:html"],
    ["Return only Python code.", "format:code_only"],
    ["Respond with code only.", "format:code_only"],
  ])("is read from %j", (instruction, id) => {
    expect(ids(instruction)).toEqual([id]);
  });

  test.each([
    "What is JSON?",
    "Read the CSV file and tell me what it is about.",
    "Answer in HTML terms.",
    "Explain the YAML parser.",
    "Is it only code review?",
  ])("is none in %j", (instruction) => {
    expect(ids(instruction)).toEqual([]);
  });

  test.each([
    [
      "Return valid JSON.",
      ['{"a": 1}', "[1]", "```json\n1\n```", "null"],
      ["{a: 1}", "Sure: {}", '{"a":1,"a":2}', "```json\n1"],
    ],
    ["Return a JSON object.", ['{"a": 1}'], ["[1]", "null", "1"]],
    ["Return a JSON array.", ["[1]"], ['{"a": 1}', "null"]],
    ["Return JSON without code fences.", ["{}"], ["```json\n{}\n```"]],
    ["Answer in YAML.", ["a: 1\nb: [2]", "- a\n- b", "```yaml\na: 1\n```"], ["Just a sentence.", "a: [1", "a: b: c"]],
    ["Answer as CSV.", ["a,b\n1,2", '"a, b",c\n1,2'], ["a\nb", "a,b\n1", 'a,"b\n1,2', "prose"]],
    [
      "Answer in XML.",
      ["<a><b/><!-- c -->d</a>", '<?xml version="1.0"?><a/>'],
      ["<a><b></a></b>", "<a>", "</a>", "<a/><b/>", "a"],
    ],
    ["Answer in HTML.", ["<p>a</p>"], ["a", "<p>a"]],
    [
      "Return only code.",
      ["```js\nlet x;\n```", "```\na\n```\n\n```\nb\n```"],
      ["Here:\n```js\nlet x;\n```", "```js\na\n```\nDone.", "```a```b```c"],
    ],
  ])("%s", (instruction, good, bad) => {
    for (const output of good) expect([output, holds(instruction, output)]).toEqual([output, [true]]);
    for (const output of bad) expect([output, holds(instruction, output)]).toEqual([output, [false]]);
  });

  test("cannot be told where there is no code block, or where it is too long", () => {
    expect(holds("Return only code.", "let x = 1;")).toEqual([null]);
    expect(holds("Answer in YAML.", `a: ${"b".repeat(99_997)}`)).toEqual([true]);
    expect(holds("Answer in YAML.", `a: ${"b".repeat(99_998)}`)).toEqual([null]);
  });

  test("stands in a code block or not", () => {
    expect(withoutFence(" ```json\n{}\n``` ")).toBe("{}");
    expect(withoutFence('```{"a": 1}```')).toBe('{"a": 1}');
    expect(withoutFence("`````")).toBe("`````");
    expect(withoutFence("``````")).toBe("");
    expect(withoutFence("a ```b```")).toBe("a ```b```");
  });
});

describe("a JSON Schema", () => {
  const schema = { type: "object", properties: { age: { type: "integer" } }, required: ["age"] };
  const unfit = { outcome: "fail", score: 0, reason: "1 of 1 checkable constraint is not met: JSON Schema." };

  test("that the sample gives is kept to by the whole answer", async () => {
    expect(await run({ output: '{"age": 3}', schema })).toMatchObject({ outcome: "pass", score: 1 });
    expect(await run({ output: '```json\n{"age": 3}\n```', schema })).toMatchObject({ outcome: "pass" });
    for (const output of ['{"age": "3"}', "{}", "three", '{"age": 1, "age": 2}', ""]) {
      expect(await run({ output, schema })).toMatchObject(unfit);
    }
  });

  test("says all that 'answer in JSON' says, and joins the other demands", async () => {
    const { criteria, reason } = await run({
      input: "Answer in JSON and use no commas.",
      output: '{"age": 3}',
      schema,
    });
    expect(reason).toBe("All 2 checkable constraints are met.");
    expect(criteria).toEqual([
      { id: "punctuation:no_comma", question: "Is the answer free of commas?", verdict: "yes", weight: 1 },
      {
        id: "format:json_schema",
        question: "Is the whole answer JSON that fits the schema?",
        verdict: "yes",
        weight: 1,
      },
    ]);
  });

  test("joins given constraints as well", async () => {
    const constraints = [{ id: "punctuation:no_comma" }];
    expect(await run({ output: '{"age": 3, "x": 1}', schema, constraints })).toMatchObject({
      outcome: "fail",
      score: 0.5,
    });
  });

  test("that cannot be used is an error", async () => {
    expect(await run({ output: "{}", schema: { type: "number", minimum: "x" } })).toMatchObject({
      outcome: "error",
      score: null,
      error: { code: "invalid_input" },
    });
  });

  test("is read from the instruction that shows it", async () => {
    const shown = `Match this JSON schema:\n\`\`\`json\n${JSON.stringify(schema)}\n\`\`\`\nWho is old?`;
    expect(await run({ input: shown, output: '{"age": 3}' })).toMatchObject({ outcome: "pass" });
    expect(await run({ system: shown, input: "Me?", output: '{"age": null}' })).toMatchObject({ outcome: "fail" });
  });

  test.each([
    ["no mention of a schema", JSON.stringify(schema)],
    ["an object that is no schema", 'Follow the JSON schema {"age": 3}'],
    ["an object that does not end", 'Follow the JSON schema {"properties": {"a": 1}'],
    ["no object", "Follow the JSON schema of the house."],
    ["an array", "Follow the JSON schema [1] {]"],
    ["something too long", `Follow the JSON schema {"enum": ["${"x".repeat(20_000)}"]}`],
  ])("is not read where there is %s", (_what, instruction) => {
    expect(schemaIn(instruction)).toBeNull();
  });

  test("is read to its own end, past braces and quotation marks in strings", () => {
    const odd = { enum: ['}"{', "\\"], $schema: "x" };
    expect(schemaIn(`It must conform to the schema ${JSON.stringify(odd)} and be {brief}.`)).toEqual(odd);
  });
});

test("what cannot be decided is said beside what was", async () => {
  const { outcome, reason, criteria } = await run({
    input: "Return only code and use no commas.",
    output: "let x = 1;",
  });
  expect([outcome, reason]).toEqual([
    "pass",
    "The only checkable constraint is met. 1 more cannot be decided on this answer.",
  ]);
  expect(criteria?.map(({ verdict }) => verdict)).toEqual(["unsure", "yes"]);
  expect(await run({ input: "Return only code in lower case.", output: "1 + 1" })).toMatchObject({
    outcome: "abstained",
    reason: "The answer does not allow to decide any of the 2 checkable constraints.",
  });
});
