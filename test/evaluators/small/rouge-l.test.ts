import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { longestCommon, rougeL } from "../../../evaluators/small/rouge-l.ts";
import { run } from "./run.ts";

const check = (output: string, expected_output: string, options: object = {}) =>
  run(rougeL, { output, expected_output }, options);

describe("the examples of Lin (2004), section 3.1", () => {
  const reference = "police killed the gunman";
  test.each([
    ["police kill the gunman", 3 / 4],
    ["the gunman kill police", 2 / 4],
    ["the gunman police killed", 2 / 4],
  ])("%s", async (candidate, score) => {
    expect((await check(candidate, reference)).score).toBe(score);
  });
});

test("precision and recall weigh as beta says", async () => {
  const [output, expected] = ["a b", "a b c d"];
  expect((await check(output, expected)).score).toBeCloseTo((2 * 1 * 0.5) / (1 + 0.5), 12);
  expect((await check(output, expected, { beta: 2 })).score).toBeCloseTo((5 * 1 * 0.5) / (0.5 + 4 * 1), 12);
  expect((await check(expected, output, { beta: 2 })).score).toBeCloseTo((5 * 0.5 * 1) / (1 + 4 * 0.5), 12);
});

test("the verdict falls at the threshold", async () => {
  expect(await check("a b x y", "a b c d")).toMatchObject({
    outcome: "pass",
    score: 0.5,
    reason: "2 words are common in order, of 4 in the output and 4 in expected_output.",
  });
  expect((await check("a b x y z", "a b c d")).outcome).toBe("fail");
});

test.each([
  ["The GUNMAN, killed!", "the gunman killed", 1],
  ["é", "e\u0301", 1],
  ["今日は雨", "今日は雪", 3 / 4],
  ["hello世界", "hello 世界", 1],
  ["привет мир", "Привет, мир!", 1],
  ["नमस्ते दुनिया", "नमस्ते", 2 / 3],
  ["5 parcels", "five parcels", 1 / 2],
  ["", "a", 0],
  ["🎉", "a", 0],
])("%j against %j scores %d", async (output, expected, score) => {
  expect((await check(output, expected)).score).toBeCloseTo(score, 12);
});

test("an expected output without words decides nothing", async () => {
  expect(await check("a", " ?! 🎉")).toMatchObject({ outcome: "abstained", reason: "expected_output has no words." });
});

/** The usual table, cell by cell. */
function byTable(a: readonly string[], b: readonly string[]): number {
  let row = b.map(() => 0);
  for (const one of a) {
    const next: number[] = [];
    for (const [j, other] of b.entries()) {
      const diagonal = (row[j - 1] ?? 0) + (one === other ? 1 : 0);
      next.push(Math.max(diagonal, row[j] ?? 0, next[j - 1] ?? 0));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

test("the longest common sequence is that of the table", () => {
  const words = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 80 });
  fc.assert(
    fc.property(words, words, (a, b) => {
      expect(longestCommon(a, b)).toBe(byTable(a, b));
    }),
  );
});

test("texts that are too long are an error that says how long they are", async () => {
  expect(await check("a ".repeat(20_001), "b ".repeat(20_001))).toMatchObject({
    outcome: "error",
    score: null,
    reason: "Texts of 20001 and 20001 words are too long to compare; up to 20,000 each always work. Shorten them.",
    error: { code: "invalid_input" },
  });
  const words = (count: number, of: number) =>
    Array.from({ length: count }, (_, at) => `w${(at * 7919) % of}`).join(" ");
  expect((await check(words(5000, 97), words(5000, 97))).score).toBe(1);
});

test("a beta that makes no sense is refused", () => {
  expect(() => rougeL.configure({ beta: 0 })).toThrow(/beta/);
  expect(() => rougeL.configure({ beta: 101 })).toThrow(/beta/);
});
