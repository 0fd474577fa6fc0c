import { describe, expect, test } from "vitest";
import { regex } from "../../../evaluators/small/regex.ts";
import { placesOf, run } from "./run.ts";

const check = (output: string, options: object) => run(regex, { output }, options);

test("a pattern that must be there is found, with its places", async () => {
  const output = "🎉 order A-12 and A-345";
  const evaluation = await check(output, { pattern: "A-\\d+" });
  expect(evaluation).toMatchObject({
    outcome: "pass",
    score: 1,
    reason: "The pattern is found 2 times; it must be there.",
    claims: [
      { text: "A-12", start: 9, end: 13, field: "output", verdict: "supported", kind: "pattern" },
      { text: "A-345" },
    ],
  });
  expect(placesOf(evaluation, output)).toEqual(["A-12", "A-345"]);
  expect(await check("nothing", { pattern: "A-\\d+" })).toMatchObject({
    outcome: "fail",
    score: 0,
    reason: "The pattern is not found; it must be there.",
    claims: [],
  });
});

test("a pattern that is denied must not be there", async () => {
  expect(await check("order A-12", { pattern: "A-\\d+", mode: "deny" })).toMatchObject({
    outcome: "fail",
    score: 0,
    reason: "The pattern is found once; it may not be there.",
    claims: [{ text: "A-12", verdict: "violation" }],
  });
  expect(await check("nothing", { pattern: "A-\\d+", mode: "deny" })).toMatchObject({ outcome: "pass", score: 1 });
});

test.each([
  ["ABC", "abc", "", "fail"],
  ["ABC", "abc", "i", "pass"],
  ["a\nb", "^b$", "", "fail"],
  ["a\nb", "^b$", "m", "pass"],
  ["a\nb", "a.b", "", "fail"],
  ["a\nb", "a.b", "s", "pass"],
  ["A\nB", "^b$", "im", "pass"],
  ["Ünï", "^\\p{L}+$", "", "pass"],
])("%j against %s with the flags %j: %s", async (output, pattern, flags, outcome) => {
  expect((await check(output, { pattern, flags })).outcome).toBe(outcome);
});

test("an empty output neither passes a denial nor a pattern that fits everything", async () => {
  expect(await check(" ", { pattern: "x", mode: "deny" })).toMatchObject({
    outcome: "abstained",
    reason: "The output is empty.",
  });
  expect((await check("", { pattern: ".*" })).outcome).toBe("abstained");
  expect((await check("", { pattern: "x" })).outcome).toBe("fail");
  expect((await check(" ", { pattern: "\\s", mode: "deny" })).outcome).toBe("fail");
});

test("without a pattern there is nothing to examine", async () => {
  expect(await check("x", {})).toMatchObject({
    outcome: "abstained",
    reason: "No pattern is configured: set the option pattern.",
  });
});

test("a hundred matches are enough", async () => {
  const evaluation = await check("a".repeat(1000), { pattern: "a", mode: "deny" });
  expect(evaluation.claims).toHaveLength(100);
  expect(evaluation.reason).toBe("The pattern is found at least 100 times; it may not be there.");
  expect((await check("a".repeat(99), { pattern: "a", mode: "deny" })).reason).toBe(
    "The pattern is found 99 times; it may not be there.",
  );
});

test("a pattern on which others hang takes no time", async () => {
  expect((await check(`${"a".repeat(200_000)}!`, { pattern: "^(a+)+$" })).outcome).toBe("fail");
});

describe("options that cannot be used are refused when they are read", () => {
  test.each([
    ["(?=a)", /RE2 cannot compile the pattern \(.*\(\?=.*\)\. It has no look-ahead/],
    ["(a)\\1", /RE2 cannot compile/],
    ["(", /RE2 cannot compile the pattern \(.*missing closing/],
    ["a{1001}", /repeats at most 1000 times/],
    ["", /pattern/],
    ["a".repeat(10_001), /pattern/],
  ])("%s", (pattern, complaint) => {
    expect(() => regex.configure({ pattern })).toThrow(complaint);
  });

  test.each(["g", "ii", "I", "imsx"])("flags %s", (flags) => {
    expect(() => regex.configure({ pattern: "a", flags })).toThrow(/Flags are any of i, m and s, each once\./);
  });

  test("the longest pattern that is read is read", () => {
    expect(regex.configure({ pattern: "a".repeat(10_000), flags: "ims" }).name).toBe("regex");
  });
});
