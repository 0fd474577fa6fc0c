import { describe, expect, test } from "vitest";
import { numericClose } from "../../../evaluators/small/numeric-close.ts";
import { run } from "./run.ts";

const check = (output: string, expected_output: string, options: object = {}) =>
  run(numericClose, { output, expected_output }, options);
const outcomeOf = async (output: string, expected: string, options: object = {}) =>
  (await check(output, expected, options)).outcome;

test("the last number of the output is the answer", async () => {
  expect(await check("3 boxes of 14 make 42.", "The answer is 42")).toMatchObject({
    outcome: "pass",
    score: 1,
    reason: "The number in the output is the expected one.",
    claims: [{ text: "42", start: 19, end: 21, field: "output", verdict: "supported", kind: "number" }],
  });
  expect(await check("42 minus 1 is 41.", "42")).toMatchObject({
    outcome: "fail",
    score: 0,
    reason: "The number in the output is not the expected one.",
    claims: [{ text: "41", verdict: "contradicted", kind: "number" }],
  });
});

describe("when only one number is asked for", () => {
  const only = { pick: "only" };

  test("one passes or fails, and one that is repeated is one", async () => {
    expect(await outcomeOf("It is 42.", "42", only)).toBe("pass");
    expect(await outcomeOf("It is 41.", "42", only)).toBe("fail");
    expect(await outcomeOf("42. Yes, 42!", "42", only)).toBe("pass");
  });

  test("several decide nothing", async () => {
    expect(await check("41 or 42", "42", only)).toMatchObject({
      outcome: "abstained",
      reason: "The output has several numbers, and the only one is asked for.",
    });
    expect(await outcomeOf("$42 or €42", "42", only)).toBe("abstained");
    expect(await check("42", "41 or 42", only)).toMatchObject({
      outcome: "abstained",
      reason: "expected_output has several numbers, and the only one is asked for.",
    });
  });
});

test.each([
  ["1,234.50", "1234.5", {}, "pass"],
  ["2.5 million", "2500000", {}, "pass"],
  ["1.234,56", "1234.56", {}, "pass"],
  ["-5", "5", {}, "fail"],
  ["42.00001", "42", {}, "pass"],
  ["42.0001", "42", {}, "fail"],
  ["42.0001", "42", { relative: 1e-5 }, "pass"],
  ["42.5", "42", { absolute: 0.5 }, "pass"],
  ["42.51", "42", { absolute: 0.5 }, "fail"],
  ["41.5", "42", { absolute: 0.5 }, "pass"],
  ["1.1", "1", { absolute: 0.1, relative: 0 }, "pass"],
  ["1.1000001", "1", { absolute: 0.1, relative: 0 }, "fail"],
  ["110", "100", { relative: 0.1 }, "pass"],
  ["111", "100", { relative: 0.1 }, "fail"],
  ["-90", "-100", { relative: 0.1 }, "pass"],
  ["0.3", "0.1", { absolute: 0.1, relative: 2 }, "pass"],
  ["0.30001", "0.1", { absolute: 0.1, relative: 2 }, "fail"],
  ["0", "0", { relative: 0 }, "pass"],
  ["0.0000001", "0", {}, "fail"],
  ["1.234", "1234", { decimal_mark: "," }, "pass"],
  ["1.234", "1234", {}, "fail"],
])("%s beside %s with %j: %s", async (output, expected, options, outcome) => {
  expect(await outcomeOf(output, expected, options)).toBe(outcome);
});

describe("percent", () => {
  test("is a hundredth beside a number without it", async () => {
    expect(await outcomeOf("50%", "0.5")).toBe("pass");
    expect(await outcomeOf("0.5", "50%")).toBe("pass");
    expect(await outcomeOf("50%", "50")).toBe("fail");
    expect(await outcomeOf("0.5%", "0.5")).toBe("fail");
  });

  test("is points where the options say so", async () => {
    expect(await outcomeOf("50%", "50", { percent: "points" })).toBe("pass");
    expect(await outcomeOf("50%", "0.5", { percent: "points" })).toBe("fail");
  });

  test("is itself beside percent", async () => {
    expect(await outcomeOf("50%", "50 percent")).toBe("pass");
    expect(await outcomeOf("5%", "50%", { absolute: 1 })).toBe("fail");
  });
});

describe("currency", () => {
  test("must not be another, and may be left out", async () => {
    expect(await outcomeOf("$5", "5 dollars")).toBe("pass");
    expect(await outcomeOf("$5", "5")).toBe("pass");
    expect(await outcomeOf("5", "€5")).toBe("pass");
    expect(await check("$5", "€5")).toMatchObject({
      outcome: "fail",
      score: 0,
      reason: "The number in the output is in another currency.",
      claims: [{ text: "$5", verdict: "contradicted", kind: "currency" }],
    });
    expect(await outcomeOf("5%", "$5")).toBe("fail");
  });
});

test("an output without a number fails, and an expected output without one decides nothing", async () => {
  expect(await check("Many.", "42")).toMatchObject({ outcome: "fail", score: 0, reason: "The output has no number." });
  expect(await outcomeOf("", "42")).toBe("fail");
  expect(await check("42", "many")).toMatchObject({
    outcome: "abstained",
    reason: "expected_output has no number to compare with.",
  });
});

test("numbers beyond all bounds are none, so that two of them are not the same", async () => {
  expect(await outcomeOf("1".repeat(400), "2".repeat(400))).toBe("abstained");
  expect(await outcomeOf("1".repeat(400), "5")).toBe("fail");
});

test("a sample without an expected output is skipped, and tolerances below zero are refused", async () => {
  expect((await run(numericClose, { output: "5" })).outcome).toBe("skipped");
  expect(() => numericClose.configure({ absolute: -1 })).toThrow(/absolute/);
  expect(() => numericClose.configure({ relative: -1 })).toThrow(/relative/);
});
