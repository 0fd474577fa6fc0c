import fc from "fast-check";
import { expect, test } from "vitest";
import { pair } from "../../../evaluators/tools/pairing.ts";

test("a choice that stands in the way is taken back", () => {
  const fits = (left: string, right: string) => left.includes(right);
  expect(pair(["ab", "a"], ["a", "b"], fits)).toEqual([1, 0]);
  expect(pair(["abc", "ab", "a"], ["a", "b", "c"], fits)).toEqual([2, 1, 0]);
});

test("what fits nothing stays alone", () => {
  expect(pair([1, 2, 2], [2, 3], (a, b) => a === b)).toEqual([undefined, 0, undefined]);
  expect(pair([], [1], () => true)).toEqual([]);
  expect(pair([1], [], () => true)).toEqual([undefined]);
});

/** The largest number of pairs, by trying everything. */
function most(table: readonly (readonly boolean[])[], used: readonly number[] = []): number {
  const [row, ...rest] = table;
  if (!row) return 0;
  const taken = row.flatMap((fits, at) => (fits && !used.includes(at) ? [1 + most(rest, [...used, at])] : []));
  return Math.max(most(rest, used), ...taken);
}

test("as many are paired as can be, each with one that fits and that nobody else has", () => {
  const tables = fc.array(fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), { maxLength: 5 });
  fc.assert(
    fc.property(tables, (table) => {
      const pairs = pair(table, [0, 1, 2, 3, 4], (row, at) => row[at] === true);
      const found = pairs.filter((at) => at !== undefined);
      expect(new Set(found).size).toBe(found.length);
      expect(pairs.every((at, index) => at === undefined || table[index]?.[at] === true)).toBe(true);
      expect(found).toHaveLength(most(table));
    }),
  );
});

test("500 that all fit each other take no time", () => {
  const all = Array.from({ length: 500 }, (_, at) => at);
  expect(new Set(pair(all, all, () => true)).size).toBe(500);
});
