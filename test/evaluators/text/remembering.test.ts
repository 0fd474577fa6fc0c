import { describe, expect, test } from "vitest";
import { remembering, rememberingRepeated } from "../../../evaluators/text/remembering.ts";

function counting(bounds: { most: number; longest: number }, remember: typeof remembering = remembering) {
  const read: string[] = [];
  const remembered = remember((text) => {
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

describe("a function that remembers what comes again", () => {
  const repeated = (bounds: { most: number; longest: number }) => counting(bounds, rememberingRepeated);

  test("keeps nothing of a text that comes once, and what it finds the second time", () => {
    const { read, remembered } = repeated({ most: 10, longest: 10 });
    const first = remembered("parcel");
    const second = remembered("parcel");
    expect(second).toEqual(first);
    expect(second).not.toBe(first);
    expect(remembered(["par", "cel"].join(""))).toBe(second);
    expect(read).toEqual(["parcel", "parcel"]);
  });

  test("never keeps a text that is too long", () => {
    const { read, remembered } = repeated({ most: 10, longest: 3 });
    for (const text of ["abcd", "abcd", "abcd"]) remembered(text);
    expect(read).toEqual(["abcd", "abcd", "abcd"]);
  });

  test("forgets which texts it has seen when there are as many as it may keep", () => {
    const { read, remembered } = repeated({ most: 2, longest: 3 });
    for (const text of ["a", "b", "c", "a", "a", "a"]) remembered(text);
    expect(read).toEqual(["a", "b", "c", "a", "a"]);
  });
});
