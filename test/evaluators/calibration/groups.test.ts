import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { designEffect, divide, groupsOf } from "../../../evaluators/calibration/groups.ts";

const row = (group: string, good: boolean) => ({ group, good });
const repeat = (count: number, good: boolean, group: string) => Array.from({ length: count }, () => row(group, good));

test("rows are put together by group, in the order in which groups occur", () => {
  const rows = [row("b", true), row("a", true), row("b", false)];
  expect(groupsOf(rows)).toEqual([[rows[0], rows[2]], [rows[1]]]);
});

describe("dividing rows", () => {
  const rows = Array.from({ length: 40 }, (_, at) => row(`g${at}`, at % 4 !== 0));

  test("gives every part about as many good and bad ones", () => {
    const parts = divide(rows, 5, 1);
    expect(parts.map((part) => part.filter(({ good }) => good).length)).toEqual([6, 6, 6, 6, 6]);
    expect(parts.map((part) => part.filter(({ good }) => !good).length)).toEqual([2, 2, 2, 2, 2]);
  });

  test("is the same for the same seed and another for another", () => {
    expect(divide(rows, 5, 1)).toEqual(divide(rows, 5, 1));
    expect(divide(rows, 5, 1)).not.toEqual(divide(rows, 5, 2));
  });

  test("does not depend on the order of the rows", () => {
    const names = (parts: ReturnType<typeof divide>) => parts.map((part) => part.map(({ group }) => group));
    expect(names(divide(rows.toReversed(), 5, 1))).toEqual(names(divide(rows, 5, 1)));
  });

  test("is no sequence of the names", () => {
    const [first = []] = divide(rows, 5, 1);
    const numbers = first.map(({ group }) => Number(group.slice(1)));
    expect(numbers).not.toEqual(numbers.toSorted((a, b) => a - b));
  });

  test("never parts a group and never loses a row", () => {
    const any = fc.array(fc.record({ group: fc.constantFrom("a", "b", "c", "d", "e"), good: fc.boolean() }));
    fc.assert(
      fc.property(any, fc.integer({ min: 2, max: 4 }), fc.nat(9), (given, count, seed) => {
        const parts = divide(given, count, seed);
        expect(parts).toHaveLength(count);
        expect(parts.flat()).toHaveLength(given.length);
        const homes = parts.flatMap((part, at) =>
          [...new Set(part.map(({ group }) => group))].map((group) => ({ group, at })),
        );
        expect(new Set(homes.map(({ group }) => group)).size).toBe(homes.length);
      }),
    );
  });
});

describe("the design effect", () => {
  test("is 1 where every row stands alone", () => {
    expect(designEffect([row("a", true), row("b", false), row("c", true)])).toBe(1);
  });

  test("is the size of the groups where rows of a group always agree", () => {
    const rows = Array.from({ length: 10 }, (_, at) => repeat(4, at % 2 === 0, `g${at}`)).flat();
    expect(designEffect(rows)).toBeCloseTo(4, 12);
  });

  test("is never below 1, also where rows of a group disagree on purpose", () => {
    const rows = Array.from({ length: 10 }, (_, at) => [row(`g${at}`, true), row(`g${at}`, false)]).flat();
    expect(designEffect(rows)).toBe(1);
  });

  test("is 1 + (m - 1) ρ with ρ from the analysis of variance", () => {
    // Three groups of two: both good, both bad, one of each. Mean squares 0.5 and 1/6, so ρ = 0.5.
    const rows = [row("a", true), row("a", true), row("b", false), row("b", false), row("c", true), row("c", false)];
    expect(designEffect(rows)).toBeCloseTo(1.5, 12);
  });

  test("counts the groups of the rows in question only", () => {
    const rows = [row("a", true), row("a", true), row("b", false), row("b", false), row("c", true), row("c", false)];
    const bad = rows.filter(({ good }) => !good);
    expect(designEffect(rows, bad)).toBeCloseTo(1 + (5 / 3 - 1) * 0.5, 12);
    expect(designEffect(rows, [])).toBe(1);
  });

  test("weighs groups of unequal size", () => {
    const rows = [...repeat(5, true, "a"), ...repeat(1, false, "b"), ...repeat(1, true, "c"), ...repeat(3, false, "d")];
    expect(designEffect(rows)).toBeCloseTo(36 / 10, 12);
  });

  test("takes one group of many rows for one row", () => {
    expect(designEffect(repeat(8, true, "a"))).toBe(8);
    expect(designEffect([row("a", true)])).toBe(1);
  });

  test("is 1 where all labels are the same, because then nothing is known of how they hang together", () => {
    expect(designEffect([...repeat(4, true, "a"), ...repeat(4, true, "b")])).toBe(1);
  });
});
