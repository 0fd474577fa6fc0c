import { describe, expect, test } from "vitest";
import { allMatches } from "../../../evaluators/text/all-matches.ts";

describe("all matches of a pattern", () => {
  test.each([
    ["nothing", "abc", /\d/g],
    ["several", "a1b22c333", /\d+/g],
    ["groups and names", "k=v, l=w", /(?<key>\w)=(\w)/g],
    ["places of groups", "k=v", /(?<value>v)/dg],
    ["empty matches", "ab\u{1f389}c", /x*/gu],
    ["look-behind", "a1 b2", /(?<=b)\d/g],
  ])("are those of matchAll: %s", (_what, text, pattern) => {
    const expected = [...text.matchAll(pattern)];
    expect(allMatches(text, pattern)).toEqual(expected);
    expect(allMatches(text, pattern)).toEqual(expected);
  });

  test("begin at the beginning, wherever the pattern was left", () => {
    const pattern = /a/g;
    pattern.test("aa");
    expect(allMatches("aa", pattern)).toHaveLength(2);
    expect(pattern.lastIndex).toBe(0);
  });
});
