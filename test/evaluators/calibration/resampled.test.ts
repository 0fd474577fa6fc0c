import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { confusionOf, kappaOf } from "../../../evaluators/calibration/agreement.ts";
import { groupsOf } from "../../../evaluators/calibration/groups.ts";
import { areaInterval, kappaInterval } from "../../../evaluators/calibration/resampled.ts";
import { areaUnderCurve, bootstrapByCounts, bootstrapInterval } from "../../../evaluators/calibration/statistics.ts";

const row = fc.record({
  group: fc.constantFrom("a", "b", "c", "d", "e", "f"),
  good: fc.boolean(),
  passed: fc.boolean(),
  // Few scores, so that many are equal.
  score: fc.integer({ min: 0, max: 4 }),
});
const options = { rounds: 40, seed: 3 };

const near = (expected: readonly number[]) =>
  expected.map((end) => (Number.isNaN(end) ? end : (expect.closeTo(end, 10) as unknown)));

describe("the quick bootstrap intervals are those of the slow way, which draws the rows themselves", () => {
  test("of kappa", () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 25 }), (rows) => {
        const slow = bootstrapInterval(groupsOf(rows), (drawn) => kappaOf(confusionOf(drawn)), options);
        expect(kappaInterval(rows, options)).toEqual(near(slow));
      }),
    );
  });

  test("of the area under the ROC curve", () => {
    const scores = (rows: readonly { good: boolean; score: number }[], good: boolean) =>
      rows.filter((each) => each.good === good).map(({ score }) => score);
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 25 }), (rows) => {
        const slow = bootstrapInterval(
          groupsOf(rows),
          (drawn) => areaUnderCurve(scores(drawn, true), scores(drawn, false)),
          options,
        );
        expect(areaInterval(rows, options)).toEqual(near(slow));
      }),
    );
  });
});

test("a statistic by counts is told how often each group was drawn, every group once in the mean", () => {
  const sums: number[] = [];
  const interval = bootstrapByCounts(
    5,
    (times) => {
      expect(times).toHaveLength(5);
      sums.push(times.reduce((sum, each) => sum + each, 0));
      return times[0] ?? 0;
    },
    { rounds: 400 },
  );
  expect(new Set(sums)).toEqual(new Set([5]));
  expect(sums).toHaveLength(400);
  expect(interval).toEqual([0, 3]);
});

test("the default is a thousand resamples", () => {
  let rounds = 0;
  bootstrapByCounts(2, () => (rounds += 1));
  expect(rounds).toBe(1000);
});

test("50,000 rows take a moment", () => {
  const rows = Array.from({ length: 50_000 }, (_, at) => ({
    group: `${at}`,
    good: at % 3 > 0,
    score: (at * 7919) % 1000,
  }));
  const [low, high] = areaInterval(rows, { rounds: 20 });
  expect(low).toBeGreaterThan(0.47);
  expect(high).toBeLessThan(0.53);
});
