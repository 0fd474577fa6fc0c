import { describe, expect, test } from "vitest";
import { overlapping } from "../../../../gateway/guardrails/redaction/overlapping.ts";
import { isTokens, isTokensOf } from "../../../../gateway/guardrails/redaction/tokens.ts";

const other = "other-delta" as const;

describe("tokens with their probabilities", () => {
  test.each([
    [other, "logprobs", true],
    [other, "3 logprobs", true],
    [other, "3logprobs", false],
    [other, "logprobs 3", false],
    [other, "citations", false],
    [other, undefined, false],
    ["text-delta", "logprobs", false],
  ] as const)("are told by their place: %s %s", (type, part, isOne) => {
    expect(isTokens({ type, choice: 0, ...(part === undefined ? {} : { part }) })).toBe(isOne);
  });

  const tokens = (part: string, choice = 0) => ({ type: other, choice, part });
  const said = (type: "text-delta" | "refusal-delta" | "reasoning-delta", part: string) => ({ type, choice: 0, part });

  test("of a choice are those of its text and its refusal", () => {
    expect(isTokensOf(tokens("logprobs"), said("text-delta", "content"))).toBe(true);
    expect(isTokensOf(tokens("logprobs"), said("refusal-delta", "refusal"))).toBe(true);
    expect(isTokensOf(tokens("logprobs"), said("reasoning-delta", "reasoning"))).toBe(false);
    expect(isTokensOf(tokens("logprobs", 1), said("text-delta", "content"))).toBe(false);
  });

  test("of a part are those of what is said in it", () => {
    expect(isTokensOf(tokens("3 logprobs"), said("text-delta", "3"))).toBe(true);
    expect(isTokensOf(tokens("3 logprobs"), said("text-delta", "4"))).toBe(false);
    expect(isTokensOf(tokens("3 logprobs", 1), said("text-delta", "3"))).toBe(false);
    expect(isTokensOf(tokens("citations"), said("text-delta", "3"))).toBe(false);
  });
});

describe("the stretches that share something with one of a text", () => {
  const stretches = [
    { start: 0, end: 2 },
    { start: 2, end: 4 },
    { start: 6, end: 9 },
    { start: 9, end: 10 },
  ];

  test("are those that any letter of it lies in", () => {
    for (let start = 0; start <= 11; start += 1) {
      for (let end = start + 1; end <= 12; end += 1) {
        const shared = stretches.filter((each) => each.end > start && each.start < end);
        expect(overlapping(stretches, start, end)).toEqual(shared);
      }
    }
  });

  test("are none where there are none", () => {
    expect(overlapping([], 0, 5)).toEqual([]);
  });
});
