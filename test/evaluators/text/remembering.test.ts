import { describe, expect, test } from "vitest";
import { remembering } from "../../../evaluators/text/remembering.ts";

function counting(bounds: { most: number; longest: number }) {
  const read: string[] = [];
  const remembered = remembering((text) => {
    read.push(text);
    return { length: text.length };
  }, bounds);
  return { read, remembered };
}

describe("a function that remembers", () => {
  test("reads a text once, and gives the same thing again", () => {
    const { read, remembered } = counting({ most: 10, longest: 10 });
    expect(remembered("parcel")).toEqual({ length: 6 });
    expect(remembered(["par", "cel"].join(""))).toBe(remembered("parcel"));
    expect(read).toEqual(["parcel"]);
  });

  test("keeps texts up to the length that it is told, and no longer ones", () => {
    const { read, remembered } = counting({ most: 10, longest: 3 });
    for (const text of ["abc", "abc", "abcd", "abcd"]) remembered(text);
    expect(read).toEqual(["abc", "abcd", "abcd"]);
  });

  test("forgets when it has as many as it may", () => {
    const { read, remembered } = counting({ most: 2, longest: 3 });
    for (const text of ["a", "b", "a", "c", "a", "c"]) remembered(text);
    expect(read).toEqual(["a", "b", "c", "a"]);
  });

  test("keeps what is no well-formed text, too", () => {
    const { read, remembered } = counting({ most: 2, longest: 3 });
    remembered("\ud83d");
    remembered("\ud83d");
    expect(read).toEqual(["\ud83d"]);
  });
});
