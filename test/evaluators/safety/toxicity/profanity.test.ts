import { englishDataset, englishRecommendedTransformers, RegExpMatcher } from "obscenity";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createProfanityScan } from "../../../../evaluators/safety/toxicity/profanity-scan.ts";
import { findProfanity } from "../../../../evaluators/safety/toxicity/profanity.ts";

const scan = createProfanityScan();
/** The list has some words twice. */
const placesIn = (text: string) => [...new Map(findProfanity(text).map((place) => [place.start, place])).values()];
const wordsIn = (text: string) => placesIn(text).map(({ start, end }) => text.slice(start, end));

describe("a profane word", () => {
  test.each([
    ["Oh shit.", ["shit"]],
    ["Oh SHIT!", ["SHIT"]],
    ["sh1t happens", ["sh1t"]],
    ["shiiiit", ["shiiiit"]],
    ["shit and shit", ["shit", "shit"]],
    ["🎉 shit 🎉", ["shit"]],
    [`${"calm ".repeat(60)}shit${" calm".repeat(60)}`, ["shit"]],
    [`shit ${"calm ".repeat(60)}shit`, ["shit", "shit"]],
    ["a classic assessment in Scunthorpe", []],
    ["The parcel arrives on Monday.", []],
    ["", []],
  ])("is found in %j as %j", (text, found) => expect(wordsIn(text)).toEqual(found));

  test("has offsets in the whole text", () => {
    const calm = "word ".repeat(50);
    expect(placesIn(`${calm}shit`)).toEqual([{ start: 250, end: 254 }]);
  });
});

test("the scan says where one may begin", () => {
  expect(scan("oh shit")).toEqual([3]);
  expect(scan("oh sshhiitt")).toEqual([3]);
  expect(scan("the shop is open")).toEqual([]);
  expect(scan("")).toEqual([]);
});

test.each(["", " x", ":", "[", "{", "`", "-"])("a word that must end is one before %j", (after) => {
  expect(scan(`nig${after}`)).toEqual([0]);
});

test.each(["ht", "_x", "2", "7", "8", "z"])("a word that must end is none before %j", (after) => {
  expect(scan(`nig${after}`)).toEqual([]);
});

test("a word that must begin is none inside another", () => {
  expect([scan("snig"), scan("_nig"), scan("2nig"), scan("x nig")]).toEqual([[], [], [], [2]]);
});

test.each([
  ["behind", `shit ${"ab ".repeat(24)}night`, 0],
  ["before", `snig ${"ab ".repeat(12)}shit`, 41],
  ["behind, on another line,", `shit\n${"ab\t".repeat(24)}night`, 0],
  ["before, on another line,", `snig\n${"ab\t".repeat(12)}shit`, 41],
])("a word that stands %s a profane one is read whole", (_name, text, start) => {
  expect(placesIn(text)).toEqual([{ start, end: start + 4 }]);
});

test("what is found with the scan is what the package finds without it", () => {
  const matcher = new RegExpMatcher({ ...englishDataset.build(), ...englishRecommendedTransformers });
  const piece = fc.constantFrom(
    ..."shit sh1t ass class assess fuck fvck f u ck tit title tits cock cocktail hello bass bitch b!tch 🎉 é кот a s . - dick dickens cum document".split(
      " ",
    ),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(piece, fc.constantFrom(" ", "", "  ", "\n")), { maxLength: 16 }), (parts) => {
      const text = parts.flat().join("");
      const whole = matcher
        .getAllMatches(text, true)
        .map(({ startIndex, endIndex }) => ({ start: startIndex, end: endIndex + 1 }));
      expect(findProfanity(text)).toEqual(whole);
    }),
    { numRuns: 150 },
  );
});
