import { describe, expect, test } from "vitest";
import { allowedPlaces, blanked, isInside } from "../../../../evaluators/safety/injection/allowed.ts";

describe("where a text has allowed phrases", () => {
  test("every occurrence counts, none overlapping another of the same phrase", () => {
    expect(allowedPlaces("aa b aa aaa", { allow: ["aa"], allow_patterns: [] })).toEqual([
      { start: 0, end: 2 },
      { start: 5, end: 7 },
      { start: 8, end: 10 },
    ]);
    expect(allowedPlaces("Aa", { allow: ["aa"], allow_patterns: [] })).toEqual([]);
  });

  test("patterns count where they match, behind the phrases", () => {
    expect(allowedPlaces("code 17, code 4", { allow: ["code 4"], allow_patterns: ["code [0-9]+"] })).toMatchObject([
      { start: 9, end: 15 },
      { start: 0, end: 7 },
      { start: 9, end: 15 },
    ]);
  });
});

test("a passage is inside a place up to its borders and not beyond", () => {
  const places = [{ start: 2, end: 6 }];
  expect(isInside({ start: 2, end: 6 }, places)).toBe(true);
  expect(isInside({ start: 3, end: 5 }, places)).toBe(true);
  expect(isInside({ start: 1, end: 6 }, places)).toBe(false);
  expect(isInside({ start: 2, end: 7 }, places)).toBe(false);
  expect(isInside({ start: 2, end: 6 }, [])).toBe(false);
});

test.each([
  [[], "abcdefgh"],
  [[{ start: 2, end: 4 }], "ab  efgh"],
  [
    [
      { start: 5, end: 8 },
      { start: 0, end: 1 },
    ],
    " bcde   ",
  ],
  [
    [
      { start: 1, end: 4 },
      { start: 2, end: 6 },
    ],
    "a     gh",
  ],
  [
    [
      { start: 1, end: 6 },
      { start: 2, end: 4 },
      { start: 6, end: 7 },
    ],
    "a      h",
  ],
])("with %j blanked all offsets stay", (places, left) => {
  expect(blanked("abcdefgh", places)).toBe(left);
});
