import fc from "fast-check";
import { expect, test } from "vitest";
import { anyOther, mayMatch, presentIn, toPlaces } from "../../../../evaluators/safety/injection/anchors.ts";
import { injectionPatterns } from "../../../../evaluators/safety/injection/injection-patterns.ts";

const may = (text: string, ...anchors: string[][]) => mayMatch(toPlaces(anchors), presentIn(text));

test.each([
  ["please ignore this", [["ignore"]], true],
  ["please ignorant", [["ignore"]], true],
  ["please igno", [["ignore"]], true],
  ["please ign", [["ignore"]], false],
  ["reignore", [["ignore"]], false],
  ["_ignore", [["ignore"]], false],
  ["do it", [["do"]], true],
  ["dot", [["do"]], false],
  ["it is so", [["do", "so"]], true],
  ["ignore", [["ignore"], ["rules"]], false],
  ["rules: ignore", [["ignore"], ["rules"]], true],
  ["mode4ever", [["mode4"]], true],
  ["a < b", [["<"]], true],
  ["a > b", [["<"]], false],
  ["café", [[anyOther]], true],
  ["cafe", [[anyOther]], false],
  ["", [["ignore"]], false],
  ["anything", [], true],
] as const)("%j against %j: %j", (text, anchors, possible) => {
  expect(may(text, ...anchors.map((list) => [...list]))).toBe(possible);
});

test.each(["a", "z", "m", "0", "9", "5", "_"])("%j before a beginning belongs to its word", (letter) => {
  expect(may(`${letter}act now`, ["act"])).toBe(false);
  expect(may(`act${letter} now`, ["act"])).toBe(false);
  expect(may(`${letter} now`, [letter])).toBe(true);
});

test.each(["`", "{", "/", ":", "^", "A"])("%j before a beginning is a mark, not a part of its word", (mark) => {
  expect(may(`${mark}act now`, ["act"])).toBe(true);
  expect(may(`act${mark}now`, [mark])).toBe(true);
  expect(may("act now", [mark])).toBe(false);
});

test("a word at the very end counts, short or long", () => {
  expect(may("now act", ["act"])).toBe(true);
  expect(may("now ignore", ["ignore"])).toBe(true);
});

test("every form whose pattern matches a text has its anchors in it", () => {
  const word = fc.constantFrom(
    ..."ignore disregard forget all any previous prior above the your instructions rules prompt system reveal repeat show tell me what are you now act as dan an unrestricted ai developer mode enabled from on will do anything without restrictions new follow stop following guidelines < <|im_start|> [INST] ### system: === end of input ===".split(
      " ",
    ),
  );
  const gap = fc.constantFrom(" ", ", ", "\n", "  ");
  fc.assert(
    fc.property(fc.array(fc.tuple(word, gap), { minLength: 3, maxLength: 14 }), (parts) => {
      const text = parts.flat().join("");
      const present = presentIn(text.toLowerCase());
      const unanchored = injectionPatterns.filter(({ pattern, needs }) => {
        const read = pattern.ignoreCase ? text : text.toLowerCase();
        return [...read.matchAll(pattern)].length > 0 && !mayMatch(toPlaces(needs), present);
      });
      expect(unanchored).toEqual([]);
    }),
    { numRuns: 150 },
  );
});
