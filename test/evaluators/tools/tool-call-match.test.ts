import { describe, expect, test } from "vitest";
import { toolCallMatch } from "../../../evaluators/tools/tool-call-match.ts";
import { run } from "../small/run.ts";

const call = (name: string, values: object) => ({ name, arguments: JSON.stringify(values) });
const paris = call("weather", { city: "Paris", days: 2 });
const oslo = call("weather", { city: "Oslo", days: 2 });

function match(made: readonly object[], expected: readonly object[], options: object = {}) {
  return run(toolCallMatch, { tool_calls: made, expected_tool_calls: expected }, options);
}

describe("in the mode exact", () => {
  test("the same call passes, however its keys are ordered and its text is spaced", async () => {
    const other = { name: "weather", arguments: ' {"days" : 2.0, "city" : "Paris"} ' };
    expect(await match([other], [paris])).toMatchObject({
      outcome: "pass",
      score: 1,
      reason: "1 of 1 expected tool call was made, and nothing that is not allowed.",
      claims: [],
      criteria: [
        { id: "expected_1", question: "Was expected call 1 (weather) made?", verdict: "yes" },
        { id: "nothing_else", verdict: "yes" },
      ],
    });
  });

  test.each([
    ["another value", call("weather", { city: "paris", days: 2 })],
    ["another type", call("weather", { city: "Paris", days: "2" })],
    ["an argument fewer", call("weather", { city: "Paris" })],
    ["an argument more", call("weather", { city: "Paris", days: 2, unit: "c" })],
    ["arguments that are no JSON", { name: "weather", arguments: '{"city":"Paris","days":2' }],
    ["arguments that name a key twice", { name: "weather", arguments: '{"city":"Paris","days":2,"days":2}' }],
  ])("%s fails, with a claim on the arguments", async (_what, made) => {
    expect(await match([made], [paris])).toMatchObject({
      outcome: "fail",
      score: 0,
      reason: "0 of 1 expected tool call were made: 1 is missing, 1 was made that fits none.",
      claims: [
        {
          text: made.arguments,
          start: 0,
          end: made.arguments.length,
          field: "tool_calls",
          verdict: "violation",
          kind: "other_arguments",
        },
      ],
      criteria: [
        { id: "expected_1", verdict: "no" },
        { id: "nothing_else", verdict: "no" },
      ],
    });
  });

  test("another tool fails, with a claim on its name", async () => {
    const { claims } = await match([call("news", {})], [paris]);
    expect(claims).toMatchObject([{ text: "news", start: 3, end: 7, kind: "unexpected_tool" }]);
  });

  test("two long numbers that differ only at the end are two", async () => {
    const of = (id: string) => ({ name: "get", arguments: `{"id":${id}}` });
    expect((await match([of("9007199254740993")], [of("9007199254740992")])).outcome).toBe("fail");
    expect((await match([of("9007199254740993")], [of("9007199254740993")])).outcome).toBe("pass");
  });

  test("calls may come in any order, and each counts once", async () => {
    expect((await match([oslo, paris], [paris, oslo])).outcome).toBe("pass");
    expect(await match([paris, paris], [paris, oslo])).toMatchObject({
      score: 0.5,
      reason: "1 of 2 expected tool calls was made: 1 is missing, 1 was made that fits none.",
      claims: [{ text: paris.arguments }],
      criteria: [{ verdict: "yes" }, { verdict: "no" }, { verdict: "no" }],
    });
  });

  test("the order counts when it is asked for", async () => {
    const same = { order: "same" };
    expect((await match([paris, oslo], [paris, oslo], same)).outcome).toBe("pass");
    expect(await match([oslo, paris], [paris, oslo], same)).toMatchObject({ score: 0, outcome: "fail" });
    expect((await match([paris], [paris, oslo], same)).score).toBe(0.5);
  });

  test("a call too many and a call too few both count against the score", async () => {
    expect(await match([paris, oslo, oslo], [paris])).toMatchObject({
      score: 1 / 3,
      reason: "1 of 1 expected tool call was made: 2 were made that fit none.",
    });
    expect(await match([], [paris, oslo])).toMatchObject({
      score: 0,
      reason: "0 of 2 expected tool calls were made: 2 are missing.",
    });
  });
});

describe("in the mode possible", () => {
  const options = { mode: "possible" };
  const possible = call("weather", { city: ["Paris", "Paris, France"], days: [2, ""] });

  test("any acceptable value passes, and what may be left out may be", async () => {
    expect((await match([call("weather", { city: "paris france" })], [possible], options)).outcome).toBe("pass");
    expect((await match([paris], [possible], options)).outcome).toBe("pass");
    expect((await match([oslo], [possible], options)).outcome).toBe("fail");
    expect((await match([call("weather", { days: 2 })], [possible], options)).outcome).toBe("fail");
    expect((await match([call("news", { city: "Paris" })], [possible], options)).outcome).toBe("fail");
    expect((await match([{ name: "weather", arguments: "[]" }], [possible], options)).outcome).toBe("fail");
  });

  test("calls are paired so that as many as possible have their counterpart", async () => {
    const wide = call("weather", { city: ["Paris", "Oslo"] });
    const narrow = call("weather", { city: ["Paris"] });
    const made = [call("weather", { city: "Paris" }), call("weather", { city: "Oslo" })];
    expect((await match(made, [wide, narrow], options)).outcome).toBe("pass");
  });

  test("what a tool of the sample requires may not be left out", async () => {
    const sample = { tool_calls: [call("weather", { city: "Paris" })], expected_tool_calls: [possible] };
    const tools = [{ name: "weather", parameters: { required: ["city", "days"] } }];
    const others = [{ name: "news", parameters: { required: ["days"] } }, { name: "weather" }];
    expect((await run(toolCallMatch, { ...sample, tools }, options)).outcome).toBe("fail");
    expect((await run(toolCallMatch, { ...sample, tools: others }, options)).outcome).toBe("pass");
    expect((await run(toolCallMatch, { ...sample, tools, tool_calls: [paris] }, options)).outcome).toBe("pass");
  });

  test("an expected call that lists no values is an error that says how to write it", async () => {
    const evaluation = await match([paris], [possible, paris], options);
    expect(evaluation).toMatchObject({ outcome: "error", score: null, error: { code: "invalid_input" } });
    expect(evaluation.reason).toMatch(/^In the mode "possible", every argument .* number 2 has one that is not\./);
  });
});

test("an answer without calls passes where none is expected, and fails where one is", async () => {
  expect(await run(toolCallMatch, { output: "Hello.", expected_tool_calls: [] })).toMatchObject({
    outcome: "pass",
    score: 1,
    reason: "No tool call was expected and none was made.",
  });
  expect((await run(toolCallMatch, { output: "Hello.", expected_tool_calls: [paris] })).outcome).toBe("fail");
  expect(await match([paris], [])).toMatchObject({
    outcome: "fail",
    reason: "0 of 0 expected tool calls were made: 1 was made that fits none.",
  });
});

test("a sample without expected calls or without an answer is skipped", async () => {
  expect((await run(toolCallMatch, { tool_calls: [] })).reason).toBe(
    "Not examined: the sample has no expected_tool_calls.",
  );
  expect((await run(toolCallMatch, { expected_tool_calls: [] })).reason).toBe(
    "Not examined: the sample has no output or tool_calls.",
  );
});

test("expected arguments that cannot be read are an error, with their number", async () => {
  const evaluation = await match([paris], [paris, { name: "weather", arguments: "{" }]);
  expect(evaluation).toMatchObject({ outcome: "error", error: { code: "invalid_input" } });
  expect(evaluation.reason).toMatch(/^Number 2 of expected_tool_calls has arguments that are no JSON object/);
  expect((await match([paris], [{ name: "weather", arguments: "[1]" }])).outcome).toBe("error");
});

test("500 calls are compared, and 501 are an error", async () => {
  const calls = (count: number) => Array.from({ length: count }, () => paris);
  expect((await match(calls(500), calls(500))).outcome).toBe("pass");
  expect(await match(calls(501), [paris])).toMatchObject({
    outcome: "error",
    reason: "There are 501 tool calls; at most 500 are compared.",
  });
  expect((await match([paris], calls(501))).outcome).toBe("error");
});
