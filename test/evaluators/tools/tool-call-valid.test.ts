import { describe, expect, test } from "vitest";
import { toolCallValid } from "../../../evaluators/tools/tool-call-valid.ts";
import { run } from "../small/run.ts";

const weather = {
  name: "get_weather",
  parameters: {
    type: "object",
    required: ["city"],
    properties: {
      city: { type: "string" },
      days: { type: "integer", minimum: 1 },
      unit: { type: "string", enum: ["celsius", "fahrenheit"] },
      place: { type: "object", required: ["lat"], properties: { lat: { type: "float" } } },
    },
  },
};
const ping = { name: "ping" };

function check(json: string, options: object = {}, tools: readonly object[] = [weather, ping]) {
  return run(toolCallValid, { tools, tool_calls: [{ name: "get_weather", arguments: json }] }, options);
}

describe("a call", () => {
  test("that fits its tool passes", async () => {
    const evaluation = await check('{"city": "Oslo", "days": 2, "unit": "celsius", "place": {"lat": 3}}');
    expect(evaluation).toMatchObject({
      outcome: "pass",
      score: 1,
      reason: "The tool call fits its tool.",
      claims: [],
      criteria: [{ id: "call_1", question: "Does call 1 fit its tool?", verdict: "yes", weight: 1 }],
    });
  });

  test.each([
    ["lacks a required argument", '{"days": 2}', "missing_argument", '{"days": 2}', "1 missing argument"],
    ["lacks a required member inside", '{"city":"x","place":{}}', "missing_argument", "{}", "1 missing argument"],
    ["has an argument of the wrong type", '{"city": 5}', "wrong_type", "5", "1 wrong type"],
    [
      "has a value outside of the enum",
      '{"city":"x","unit": "kelvin"}',
      "not_in_enum",
      '"kelvin"',
      "1 value outside of the allowed ones",
    ],
    ["has a value that does not fit", '{"city":"x","days":0}', "wrong_value", "0", "1 value that does not fit"],
    ["has an unknown argument", '{"city":"x", "town" : [1]}', "unknown_argument", '"town" : [1]', "1 unknown argument"],
    ["is no JSON", '{"city": "x"', "not_json", '{"city": "x"', "1 unreadable JSON text"],
    ["is no object", '["x"]', "not_an_object", '["x"]', "1 text that is no object"],
    ["names an argument twice", '{"city":"x","city":"y"}', "repeated_key", '{"city":"x","city":"y"}', "1 repeated key"],
    ["has no arguments at all", "", "missing_argument", "", "1 missing argument"],
  ])("that %s fails", async (...[, json, kind, passage, counted]) => {
    const evaluation = await check(json);
    expect(evaluation).toMatchObject({
      outcome: "fail",
      score: 0,
      reason: `The tool call does not fit the tools: ${counted}.`,
      claims: [{ text: passage, kind, field: "tool_calls", verdict: "violation" }],
      criteria: [{ id: `call_1_${kind}_1`, verdict: "no", weight: 1, evidence: passage }],
    });
    const [claim] = evaluation.claims ?? [];
    expect(json.slice(claim?.start, claim?.end)).toBe(passage);
  });

  test("of a tool that was not offered fails, with the place of the name behind the arguments", async () => {
    const call = { name: "get_wether", arguments: '{"city":"x"}' };
    const evaluation = await run(toolCallValid, { tools: [weather], tool_calls: [call] });
    expect(evaluation).toMatchObject({
      outcome: "fail",
      reason: "The tool call does not fit the tools: 1 unknown tool.",
      claims: [{ text: "get_wether", start: 13, end: 23, kind: "unknown_tool" }],
      criteria: [{ question: "Call 1: the tool must be one that was offered" }],
    });
  });

  test("that is nested without end fails", async () => {
    const evaluation = await check(`{"city":${"[".repeat(500)}${"]".repeat(500)}}`);
    expect(evaluation.reason).toBe("The tool call does not fit the tools: 1 text that is nested too deeply.");
  });

  test("of a tool without parameters has no arguments, written as nothing or as an empty object", async () => {
    const of = (json: string) => run(toolCallValid, { tools: [ping], tool_calls: [{ name: "ping", arguments: json }] });
    expect((await of("")).outcome).toBe("pass");
    expect((await of(" {} ")).outcome).toBe("pass");
    expect((await of('{"a":1}')).outcome).toBe("fail");
  });

  test("keeps emoji and escapes in their places", async () => {
    const json = '{"city":"🎉","unit":"🌡️ \\u00e9"}';
    const { claims = [] } = await check(json);
    expect(claims.map(({ text, start }) => [text, start])).toEqual([['"🌡️ \\u00e9"', 20]]);
  });
});

test("unknown arguments can be allowed", async () => {
  expect((await check('{"city":"x","town":1}', { unknown_arguments: "allow" })).outcome).toBe("pass");
  expect((await check('{"city":5,"town":1}', { unknown_arguments: "allow" })).outcome).toBe("fail");
});

test("every problem of a call is told, and the score is the share of calls without one", async () => {
  const evaluation = await run(toolCallValid, {
    tools: [weather, ping],
    tool_calls: [
      { name: "get_weather", arguments: { city: "Oslo" } },
      { name: "get_weather", arguments: '{"days":0,"x":1,"y":2}' },
      { name: "nothing", arguments: "{}" },
      { name: "ping", arguments: "{}" },
    ],
  });
  expect(evaluation).toMatchObject({
    outcome: "fail",
    score: 0.5,
    reason:
      "2 of 4 tool calls do not fit the tools: 1 missing argument, 1 value that does not fit, 2 unknown arguments, 1 unknown tool.",
  });
  expect(evaluation.claims?.map(({ text }) => text)).toEqual([
    '{"days":0,"x":1,"y":2}',
    "0",
    '"x":1',
    '"y":2',
    "nothing",
  ]);
  expect(evaluation.criteria?.map(({ id }) => id)).toEqual([
    "call_1",
    "call_2_missing_argument_1",
    "call_2_wrong_value_2",
    "call_2_unknown_argument_3",
    "call_2_unknown_argument_4",
    "call_3_unknown_tool_1",
    "call_4",
  ]);
});

test("one bad call of several is told in the singular, and good ones in the plural", async () => {
  const good = { name: "ping", arguments: "{}" };
  const bad = { name: "pong", arguments: "{}" };
  const reasonOf = async (...tool_calls: object[]) => (await run(toolCallValid, { tools: [ping], tool_calls })).reason;
  expect(await reasonOf(good, bad)).toBe("1 of 2 tool calls does not fit the tools: 1 unknown tool.");
  expect(await reasonOf(good, good)).toBe("All 2 tool calls fit their tools.");
});

test("no more than 200 problems are told one by one, and all are counted", async () => {
  const tool_calls = Array.from({ length: 300 }, () => ({ name: "pong", arguments: "{}" }));
  const evaluation = await run(toolCallValid, { tools: [ping], tool_calls });
  expect(evaluation.claims).toHaveLength(200);
  expect(evaluation.criteria).toHaveLength(200);
  expect(evaluation.reason).toBe("300 of 300 tool calls do not fit the tools: 300 unknown tools.");
});

test("what a criterion quotes is cut, and what a claim marks is not", async () => {
  const { claims, criteria } = await check(JSON.stringify({ city: "x", unit: "k".repeat(500) }));
  expect(claims?.[0]?.text).toHaveLength(502);
  expect(criteria?.[0]?.evidence).toHaveLength(200);
});

describe("nothing to examine", () => {
  test("an answer without calls is abstained from, or fails where one is required", async () => {
    const sample = { tools: [weather], output: "It will rain." };
    expect(await run(toolCallValid, sample)).toMatchObject({
      outcome: "abstained",
      reason: "The answer makes no tool call, so there is none to check.",
    });
    expect(await run(toolCallValid, sample, { required: true })).toMatchObject({
      outcome: "fail",
      score: 0,
      reason: "The answer makes no tool call, and at least one is required.",
    });
    expect((await run(toolCallValid, { tools: [], tool_calls: [] })).outcome).toBe("abstained");
  });

  test("a sample without tools or without an answer is skipped, with the field", async () => {
    expect(await run(toolCallValid, { tool_calls: [] })).toMatchObject({
      outcome: "skipped",
      reason: "Not examined: the sample has no tools.",
    });
    expect((await run(toolCallValid, { tools: [] })).reason).toBe(
      "Not examined: the sample has no output or tool_calls.",
    );
    expect((await run(toolCallValid, {})).reason).toBe(
      "Not examined: the sample has no tools and output or tool_calls.",
    );
  });

  test("no tool at all was offered, and a call of one fails", async () => {
    expect((await check("{}", {}, [])).outcome).toBe("fail");
  });
});

describe("tools that make no sense are an error", () => {
  test("with the same name twice", async () => {
    expect(await check("{}", {}, [ping, ping])).toMatchObject({
      outcome: "error",
      score: null,
      error: {
        code: "invalid_input",
        message: "Two of the sample's tools have the same name. Keep one of them.",
        retryable: false,
      },
    });
  });

  test("with a schema that cannot be compiled, when it is called", async () => {
    const broken = { name: "get_weather", parameters: { properties: { city: { type: "colour" } } } };
    expect(await check('{"city":1}', {}, [broken])).toMatchObject({
      outcome: "error",
      error: { code: "invalid_input" },
    });
    const other = { name: "other", parameters: { type: "colour" } };
    expect((await check('{"city":"x"}', {}, [weather, other])).outcome).toBe("pass");
  });
});

test("identifiers of any length are whole numbers", async () => {
  const tool = { name: "get_weather", parameters: { properties: { id: { type: "integer" } } } };
  expect((await check('{"id": 90071992547409931234}', {}, [tool])).outcome).toBe("pass");
});

describe("tools that may be called", () => {
  test("can be fewer than those that were offered", async () => {
    const options = { allowed: ["ping", "get_wether"] };
    const evaluation = await check('{"city":"x"}', options);
    expect(evaluation).toMatchObject({
      outcome: "fail",
      reason: "The tool call does not fit the tools: 1 tool that is not allowed.",
      claims: [{ text: "get_weather", kind: "tool_not_allowed" }],
      criteria: [{ id: "call_1_tool_not_allowed_1", question: "Call 1: the tool must be one that is allowed" }],
    });
    const calling = (name: string) =>
      run(toolCallValid, { tools: [weather, ping], tool_calls: [{ name, arguments: "{}" }] }, options);
    expect((await calling("ping")).outcome).toBe("pass");
    expect((await calling("get_wether")).reason).toBe("The tool call does not fit the tools: 1 unknown tool.");
  });

  test("can be none", async () => {
    expect((await check('{"city":"x"}', { allowed: [] })).outcome).toBe("fail");
  });
});

test("a tool that takes a text is given any text, and its name counts all the same", async () => {
  const tools = [{ name: "get_weather", arguments: "text" }];
  expect((await check("SELECT * FROM weather", {}, tools)).outcome).toBe("pass");
  expect((await check('{"city":', {}, tools)).outcome).toBe("pass");
  expect((await check("SELECT 1", { allowed: ["ping"] }, tools)).outcome).toBe("fail");
  expect((await check("SELECT 1", {}, [{ name: "sql", arguments: "text" }])).outcome).toBe("fail");
});
