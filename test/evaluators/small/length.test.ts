import { describe, expect, test } from "vitest";
import { evaluate } from "../../../evaluators/evaluate.ts";
import { createEvaluatorSet } from "../../../evaluators/registry.ts";
import { length } from "../../../evaluators/small/length.ts";

const run = (output: string, options = {}) =>
  evaluate("length", { output }, { evaluators: createEvaluatorSet([length.configure(options)]) });

describe("the length of an answer", () => {
  test.each([
    [{ max: 3 }, "one two three", "one two three four", "at most 3 are allowed"],
    [{ min: 2 }, "one two", "one", "at least 2 are demanded"],
    [{ min: 2, max: 3 }, "one two three", "one", "2 to 3 are allowed"],
    [{ min: 2, max: 2 }, "don't stop", "a b c", "2 to 2 are allowed"],
    [{ unit: "characters", max: 2 }, " 👍🏽 ", "abc", "at most 2 are allowed"],
    [{ unit: "sentences", min: 2 }, "Dr. Lee came. He left.", "Dr. Lee came.", "at least 2 are demanded"],
    [{ unit: "tokens", max: 3 }, "a b c", "a b c d", "at most 3 are allowed"],
    [{ max: 4 }, "送料五百", "送料五百円", "at most 4 are allowed"],
  ])("within %j: %j, not %j", async (options, good, bad, demand) => {
    expect(await run(good, options)).toMatchObject({ outcome: "pass", score: 1 });
    const failed = await run(bad, options);
    expect(failed).toMatchObject({ outcome: "fail", score: 0 });
    expect(failed.reason).toMatch(
      new RegExp(`^The output has \\d+ (?:words|characters|sentences|tokens); ${demand}\\.$`, "u"),
    );
  });

  test("is said in the reason", async () => {
    expect((await run("one two", { min: 1, max: 3 })).reason).toBe("The output has 2 words; 1 to 3 are allowed.");
    expect((await run("one two", { unit: "tokens", max: 9 })).reason).toBe(
      "The output has 2 tokens; at most 9 are allowed.",
    );
  });

  test("is not judged without a bound", async () => {
    expect(await run("one two")).toMatchObject({
      outcome: "abstained",
      reason: "There is no bound to keep to. Set min, max or both in the options.",
    });
  });

  test("of nothing never passes, not even where nothing would be short enough", async () => {
    expect(await run(" \n", { max: 3 })).toMatchObject({ outcome: "fail", score: 0, reason: "The output is empty." });
    expect(await run("a", { min: 0, max: 1 })).toMatchObject({ outcome: "pass" });
  });

  test("cannot be bounded so that nothing passes, nor by what is no number of units", () => {
    expect(() => length.configure({ min: 3, max: 2 })).toThrow("must not be greater than max");
    expect(() => length.configure({ min: -1 })).toThrow(/min/);
    expect(() => length.configure({ max: 1.5 })).toThrow(/max/);
    expect(() => length.configure({ unit: "lines" })).toThrow(/unit/);
    expect(() => length.configure({ min: 2, max: 2 })).not.toThrow();
  });

  test("is counted in tokens in time that grows with it, and special tokens are text", async () => {
    for (const text of ["a".repeat(100_000), " ".repeat(100_000) + "a", "<|endoftext|>"]) {
      expect(await run(text, { unit: "tokens", min: 1 })).toMatchObject({ outcome: "pass" });
    }
  }, 20_000);

  test("is counted in parts only beyond 500 characters without a space", async () => {
    const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base");
    for (const word of ["ab1-".repeat(125), "ab1- ".repeat(125)]) {
      const count = countTokens(word);
      expect(await run(word, { unit: "tokens", min: count, max: count })).toMatchObject({ outcome: "pass" });
    }
  });
});
