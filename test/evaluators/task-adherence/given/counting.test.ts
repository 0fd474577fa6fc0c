import { describe, expect, test } from "vitest";
import {
  countBrackets,
  countDashedLines,
  countHighlights,
  filledParts,
  firstWord,
  hasAngleTitle,
  starredParagraphs,
  withoutJsonFence,
} from "../../../../evaluators/task-adherence/given/pieces.ts";
import { countPunktSentences } from "../../../../evaluators/task-adherence/given/punkt-sentences.ts";
import {
  countUpperCaseWords,
  isLowerCase,
  isUpperCase,
} from "../../../../evaluators/task-adherence/given/upper-case-words.ts";

describe("sentences as Punkt counts them", () => {
  test.each([
    ["", 0],
    [" \n ", 0],
    ["no mark at all", 1],
    ["One. Two! Three? Four", 4],
    ["A line\nis no end\n\nof a sentence.", 1],
    ["Dr. Lee met Mrs. Ann on Mon. at nine.", 1],
    ["He lives in the U.S. and works.", 1],
    ["He lives in the U.S. He works.", 2],
    ["Acme Inc. The rest is known.", 2],
    ["Acme Inc. Smith left.", 1],
    ["J. Smith came. K. Jones went.", 2],
    ["Take plan X. The other is worse.", 2],
    ["Take plan B. The other is worse.", 1],
    ["Take plan A. the rest", 1],
    ["1. First\n2. Second", 3],
    ["1. first\n2. second", 1],
    ["It costs 3.50 in all. Good.", 2],
    ["It was 1990. Then came more.", 2],
    ['"Go!" he said. "Now?" she asked.', 4],
    ['He said "Go." Then he went.', 2],
    ["(It rains.) So what?", 2],
    ["Wait... what", 1],
    ["Wait... The end", 2],
    ["Wait... Smith", 1],
    ["What?! No!!! Yes.", 3],
    ["see example.com/a.b for more", 1],
    ["**Bold.** next", 2],
    ["商品は30日。送料は500円。", 1],
    ["Ends with space.   ", 1],
    ["x.Y z", 1],
    ["- a: one.\n- b: two.", 2],
    ["The 5th of Sept. 1990 was warm.", 1],
    ["non-Corp. Smith left", 1],
    ["one-two-Corp. Smith left", 1],
    ["Corp-two. Smith left", 2],
    ["Take the Corp... Smith left", 1],
    ["no-one. smith left", 2],
  ])("%j: %d", (text, count) => {
    expect(countPunktSentences(text)).toBe(count);
  });

  test("are counted in time that grows with the length", () => {
    for (const text of ["a".repeat(200_000), ".".repeat(200_000), "a. ".repeat(70_000), "-.@:/".repeat(40_000)]) {
      const started = performance.now();
      countPunktSentences(text);
      expect(performance.now() - started).toBeLessThan(10_000);
    }
  });
});

test.each([
  ["", 0],
  ["I AM here", 2],
  ["DON'T", 2],
  ["DON’T", 2],
  ["I'll and I'LL", 3],
  ["the CEO's", 1],
  ["THE CEO'S", 3],
  ["COVID-19 is A/B", 2],
  ["AT&T", 2],
  ["**BOLD** [TEXT]: (YES)!", 3],
  ["A:B 10:30 A", 3],
  ["WAIT--NO...YES", 3],
  ["eBay iOS McD", 0],
  ["1 2 3", 0],
  ["ÄRGER", 1],
])("words in capitals in %j: %d", (text, count) => {
  expect(countUpperCaseWords(text)).toBe(count);
});

test("a text without a letter is in neither case", () => {
  expect([isUpperCase("12"), isLowerCase("12"), isUpperCase("A1"), isLowerCase("a1")]).toEqual([
    false,
    false,
    true,
    true,
  ]);
  expect([isUpperCase("Aa"), isLowerCase("Aa"), isUpperCase("Aǅ"), isLowerCase("aǅ")]).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

test.each([
  ["- a\n- b", 2],
  ["  * a\n\n\t- b", 2],
  ["**a**\n* b", 1],
  ["*\nb", 1],
  ["*\n- b", 2],
  ["*\n* b", 1],
  ["a\n*", 0],
  ["a - b\n1. c", 0],
  ["*", 0],
])("dashed lines in %j: %d", (text, count) => {
  expect(countDashedLines(text)).toBe(count);
});

test.each([
  ["*a* *b*", 2],
  ["**a**", 1],
  ["***a***", 2],
  ["* *", 0],
  ["*a\nb*", 0],
  ["**", 0],
  ["** **", 0],
])("highlights in %j: %d", (text, count) => {
  expect(countHighlights(text)).toBe(count);
});

test.each([
  ["[a][b]", 2],
  ["[[a]]", 1],
  ["[a\n]", 0],
  ["[] x []", 2],
  ["]a[", 0],
])("brackets in %j: %d", (text, count) => {
  expect(countBrackets(text)).toBe(count);
});

test.each([
  ["<<a>>", true],
  ["x\n<<<a>>> y", true],
  ["<<>>", false],
  ["<<  >>", false],
  ["<<a\nb>>", false],
  [">>a<<", false],
  ["<<a> >>", true],
  ["<<ab", false],
  ["abc>>", false],
  ["<<<>>>", false],
  ["a <<b", false],
])("a title in %j: %s", (text, found) => {
  expect(hasAngleTitle(text)).toBe(found);
});

test("parts may be blank at the ends and nowhere else", () => {
  expect(filledParts(["", "a", "b", " "])).toEqual(["a", "b"]);
  expect(filledParts(["a", " ", "b"])).toBeNull();
  expect(filledParts([])).toEqual([]);
  expect([starredParagraphs("a *** b***c"), starredParagraphs("a\n***\n \n***\nb"), starredParagraphs("a")]).toEqual([
    3,
    null,
    1,
  ]);
});

test("a fence is cut off a JSON text, in three spellings of its name and none else", () => {
  for (const fence of ["```json\n", "```Json\n", "```JSON\n", "```", ""])
    expect(withoutJsonFence(` ${fence}1\n\`\`\` `)).toBe("1");
  expect(withoutJsonFence("```js\n1```")).toBe("js\n1");
});

test.each([
  ["Later, on", "later"],
  ["  'So' it", "so"],
  ['"Yes!" he', "yes"],
  ["don't", "don"],
  ["", ""],
])("the first word of %j is %j", (text, word) => {
  expect(firstWord(text)).toBe(word);
});
