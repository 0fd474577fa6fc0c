import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  clopperPearson,
  exactLowerBound,
  exactUpperBound,
  mcnemarExact,
  showsAtLeast,
  showsAtMost,
} from "../../../evaluators/calibration/exact.ts";

const digits = (interval: readonly number[]) => interval.map((end) => end.toFixed(4));

describe("Clopper and Pearson's interval", () => {
  test.each([
    [81, 263, ["0.2527", "0.3676"]],
    [15, 148, ["0.0578", "0.1617"]],
    [0, 20, ["0.0000", "0.1684"]],
    [1, 29, ["0.0009", "0.1776"]],
    [29, 29, ["0.8806", "1.0000"]],
  ])("of %i in %i is the one in Newcombe's table", (successes, total, expected) => {
    expect(digits(clopperPearson(successes, total))).toEqual(expected);
  });

  test("has closed ends where nothing or everything succeeded", () => {
    expect(clopperPearson(0, 10)[1]).toBeCloseTo(1 - 0.025 ** (1 / 10), 12);
    expect(clopperPearson(10, 10)[0]).toBeCloseTo(0.025 ** (1 / 10), 12);
    expect(clopperPearson(0, 0)).toEqual([0, 1]);
  });

  test("is wider at a higher level", () => {
    expect(clopperPearson(5, 10, 0.99)[0]).toBeLessThan(clopperPearson(5, 10)[0]);
    expect(clopperPearson(5, 10, 0.99)[1]).toBeGreaterThan(clopperPearson(5, 10)[1]);
  });

  test("never covers the truth less often than it says", () => {
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
    for (const truth of [0.02, 0.1, 0.37, 0.5, 0.9]) {
      let covered = 0;
      for (let k = 0; k <= 25; k += 1) {
        const [low, high] = clopperPearson(k, 25);
        if (low <= truth && truth <= high) covered += choose(25, k) * truth ** k * (1 - truth) ** (25 - k);
      }
      expect(covered).toBeGreaterThanOrEqual(0.95);
    }
  });
});

test("59 rows without an error show 95 %, and 58 do not", () => {
  expect(exactLowerBound(59, 59)).toBeGreaterThan(0.95);
  expect(exactLowerBound(58, 58)).toBeLessThan(0.95);
  expect(exactUpperBound(0, 59)).toBeLessThan(0.05);
  expect(exactUpperBound(0, 58)).toBeGreaterThan(0.05);
  expect(exactLowerBound(59, 59, 0.99)).toBeLessThan(0.95);
  expect(exactLowerBound(0, 10)).toBe(0);
  expect(exactUpperBound(10, 10)).toBe(1);
});

test("a share is shown where the bound says so, whatever the counts", () => {
  expect([showsAtLeast(0.95, 59, 59, 0.95), showsAtLeast(0.95, 58, 58, 0.95)]).toEqual([true, false]);
  expect([showsAtMost(0.05, 0, 59, 0.95), showsAtMost(0.05, 0, 58, 0.95)]).toEqual([true, false]);
  expect([showsAtLeast(0.01, 0, 9, 0.5), showsAtMost(0.99, 9, 9, 0.5)]).toEqual([false, false]);
  const count = fc.integer({ min: 0, max: 80 });
  const share = fc.integer({ min: 1, max: 99 }).map((percent) => percent / 100);
  fc.assert(
    fc.property(count, count, share, fc.constantFrom(0.9, 0.95, 0.99), (successes, failures, of, confidence) => {
      const total = successes + failures;
      expect(showsAtLeast(of, successes, total, confidence)).toBe(exactLowerBound(successes, total, confidence) >= of);
      expect(showsAtMost(of, successes, total, confidence)).toBe(exactUpperBound(successes, total, confidence) <= of);
    }),
  );
});

describe("McNemar's exact test", () => {
  test.each([
    [1, 7, 18 / 256],
    [0, 5, 2 / 32],
    [5, 0, 2 / 32],
    [2, 8, (2 * (1 + 10 + 45)) / 1024],
    [0, 1, 1],
  ])("of %i against %i is %d", (b, c, expected) => {
    expect(mcnemarExact(b, c)).toBeCloseTo(expected, 12);
  });

  test("finds nothing where there is no disagreement, or it is even", () => {
    expect(mcnemarExact(0, 0)).toBe(1);
    expect(mcnemarExact(6, 6)).toBe(1);
  });

  test("does not care which examiner is which, and is smaller the more lopsided", () => {
    const count = fc.integer({ min: 0, max: 60 });
    fc.assert(
      fc.property(count, count, (b, c) => {
        expect(mcnemarExact(b, c)).toBeCloseTo(mcnemarExact(c, b), 12);
        const [less, more] = [Math.min(b, c), Math.max(b, c)];
        expect(mcnemarExact(Math.max(0, less - 1), more + 1)).toBeLessThanOrEqual(mcnemarExact(less, more));
      }),
    );
  });
});
