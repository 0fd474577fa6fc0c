import { expect, test } from "vitest";
import { equals } from "../../../evaluators/small/equals.ts";
import { run } from "./run.ts";

const check = (output: string, expected_output: string, options: object = {}) =>
  run(equals, { output, expected_output }, options);

test("the same text passes, any other fails with the first difference", async () => {
  expect(await check("Oslo", "Oslo")).toMatchObject({
    outcome: "pass",
    score: 1,
    reason: "The output equals expected_output.",
  });
  expect(await check("Oslo!", "Oslo")).toMatchObject({
    outcome: "fail",
    score: 0,
    reason: "The output differs from expected_output, first at character 5.",
  });
  expect((await check("Oslo", "Bergen")).reason).toMatch(/first at character 1\./);
  expect((await check("Oslo", "Osla")).reason).toMatch(/first at character 4\./);
});

test.each([
  [" Oslo\n", "Oslo", { trim: true }],
  ["OSLO", "oslo", { ignore_case: true }],
  ["straße", "STRASSE", { ignore_case: true }],
  ["a  b\n\tc", "a b c", { collapse_space: true }],
  ["e\u0301", "é", { normal_form: "NFC" }],
  ["ﬁve ５", "five 5", { normal_form: "NFKC" }],
  [" A  b ", "a B", { trim: true, collapse_space: true, ignore_case: true }],
])("%j equals %j only with %j", async (output, expected, options) => {
  expect((await check(output, expected)).outcome).toBe("fail");
  expect((await check(output, expected, options)).outcome).toBe("pass");
});

test.each([
  ["ﬁve", "five", { normal_form: "NFC" }],
  [" a", "a", { collapse_space: true }],
  ["a  b", "a b", { trim: true }],
])("%j does not equal %j with %j", async (output, expected, options) => {
  expect((await check(output, expected, options)).outcome).toBe("fail");
});

test("two empty texts decide nothing, and one is a difference", async () => {
  expect(await check("", "")).toMatchObject({
    outcome: "abstained",
    reason: "output and expected_output are both empty.",
  });
  expect((await check(" ", "", { trim: true })).outcome).toBe("abstained");
  expect((await check("", "x")).outcome).toBe("fail");
  expect((await check("x", "")).outcome).toBe("fail");
});

test("a sample without an expected output is skipped", async () => {
  expect((await run(equals, { output: "x" })).reason).toBe("Not examined: the sample has no expected_output.");
});
