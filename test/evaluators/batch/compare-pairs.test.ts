import { expect, test } from "vitest";
import { comparePairs } from "../../../evaluators/batch/compare-pairs.ts";

const pairs = (both: number, lost: number, gained: number, neither: number) => [
  ...Array.from({ length: both }, () => ({ teacher: true, student: true })),
  ...Array.from({ length: lost }, () => ({ teacher: true, student: false })),
  ...Array.from({ length: gained }, () => ({ teacher: false, student: true })),
  ...Array.from({ length: neither }, () => ({ teacher: false, student: false })),
];

test("rates, retention, difference and flips of a known table", () => {
  const compared = comparePairs(pairs(80, 10, 2, 8));
  expect(compared).toMatchObject({ rows: 100, lost: 10, gained: 2 });
  expect(compared.teacher.value).toBe(0.9);
  expect(compared.student.value).toBe(0.82);
  expect(compared.retention.value).toBeCloseTo(82 / 90, 12);
  expect(compared.difference.value).toBeCloseTo(-0.08, 12);
  // 2 × P(X ≤ 2) for 12 fair coins: 2 × 79 / 4096.
  expect(compared.p).toBeCloseTo(158 / 4096, 10);
  const [low, high] = compared.retention.interval;
  expect(low).toBeGreaterThan(0.82);
  expect(low).toBeLessThan(compared.retention.value ?? 0);
  expect(high).toBeGreaterThan(compared.retention.value ?? 1);
  expect(high).toBeLessThan(1);
  expect(compared.difference.interval[1]).toBeLessThan(0);
  expect(comparePairs(pairs(80, 10, 2, 8))).toEqual(compared);
});

test("a student that does the same retains everything, without doubt", () => {
  const compared = comparePairs(pairs(5, 0, 0, 5));
  expect(compared).toMatchObject({ lost: 0, gained: 0, p: 1 });
  expect(compared.retention).toEqual({ value: 1, interval: [1, 1] });
});

test("where the teacher passes nothing there is nothing to retain", () => {
  expect(comparePairs(pairs(0, 0, 3, 1)).retention).toEqual({ value: null, interval: [Number.NaN, Number.NaN] });
});

test("no rows give no numbers", () => {
  const compared = comparePairs([]);
  expect([compared.teacher.value, compared.student.value, compared.retention.value, compared.difference.value]).toEqual(
    [null, null, null, null],
  );
  expect(compared.rows).toBe(0);
});

test("rows that belong together leave more doubt than rows that stand alone", () => {
  const alone = pairs(60, 20, 0, 20);
  const together = alone.map((pair, at) => ({ ...pair, group: `g${Math.floor(at / 20)}` }));
  const width = ([low, high]: readonly [number, number]) => high - low;
  expect(width(comparePairs(together).retention.interval)).toBeGreaterThan(
    1.5 * width(comparePairs(alone).retention.interval),
  );
  expect(comparePairs(together).retention.value).toBe(comparePairs(alone).retention.value);
});
