import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changesBetween, levenshtein } from "../../../evaluators/small/levenshtein.ts";
import { run } from "./run.ts";

const check = (output: string, expected_output: string, options: object = {}) =>
  run(levenshtein, { output, expected_output }, options);

describe("published examples", () => {
  test.each([
    ["kitten", "sitting", 3],
    ["saturday", "sunday", 3],
    ["intention", "execution", 5],
    ["flaw", "lawn", 2],
    ["gumbo", "gambol", 2],
    ["", "abc", 3],
    ["abc", "abc", 0],
  ])("%s and %s are %i apart", (a, b, changes) => {
    expect(changesBetween([...a], [...b])).toBe(changes);
    expect(changesBetween([...b], [...a])).toBe(changes);
  });
});

/** The table of Wagner and Fischer, cell by cell. */
function byTable(a: readonly string[], b: readonly string[]): number {
  let row = [...b.keys(), b.length];
  for (const [i, one] of a.entries()) {
    const next = [i + 1];
    for (const [j, other] of b.entries()) {
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (one === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

test("any two texts are as far apart as the table says, an emoji counting as one character", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", "🎉", "🎈", "é"), { maxLength: 40 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(changesBetween(a, b)).toBe(byTable(a, b));
    }),
  );
});

test("the score is the share of the longer text that stays", async () => {
  expect(await check("kitten", "sitting")).toMatchObject({
    outcome: "fail",
    score: 1 - 3 / 7,
    reason: "3 of 7 characters must be changed to get expected_output.",
  });
  expect(await check("Oslo", "Oslo")).toMatchObject({ outcome: "pass", score: 1 });
  expect(await check("abcde", "abcdx")).toMatchObject({ outcome: "pass", score: 0.8 });
  expect(await check("abcd", "abcx")).toMatchObject({ outcome: "fail", score: 0.75 });
  expect(await check("🎉", "🎈")).toMatchObject({ score: 0 });
  expect(await check("", "abc")).toMatchObject({ outcome: "fail", score: 0 });
});

test("capitals count unless they are ignored", async () => {
  expect((await check("OSLO", "oslo")).score).toBe(0);
  expect((await check("OSLO", "oslo", { ignore_case: true })).score).toBe(1);
});

test("two empty texts decide nothing", async () => {
  expect(await check("", "")).toMatchObject({
    outcome: "abstained",
    reason: "output and expected_output are both empty.",
  });
});

test("texts that are too long are an error that says how long they are", async () => {
  expect(await check("a".repeat(20_001), "b".repeat(20_001))).toMatchObject({
    outcome: "error",
    score: null,
    reason:
      "Texts of 20001 and 20001 characters are too long to compare; up to 20,000 each always work. Shorten them, or use rouge_l.",
    error: { code: "invalid_input", retryable: false },
  });
});

test("20,000 characters each are compared, and any number that is mostly the same", async () => {
  expect((await check("a".repeat(20_000), "b".repeat(20_000))).score).toBe(0);
  const same = "a".repeat(200_000);
  expect((await check(`${same}x${same}`, `${same}yz${same}`)).reason).toMatch(/^2 of 400002 /);
});

test("a sample without an expected output is skipped", async () => {
  expect((await run(levenshtein, { output: "x" })).outcome).toBe("skipped");
});
