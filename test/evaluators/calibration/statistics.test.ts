import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  areaUnderCurve,
  bootstrapInterval,
  newcombeDifference,
  percentileInterval,
  quantile,
  seededRandom,
  wilsonInterval,
  xoshiro128,
} from "../../../evaluators/calibration/statistics.ts";

const digits = (interval: readonly number[]) => interval.map((end) => end.toFixed(4));

describe("the area under the ROC curve", () => {
  test("is the share of pairs that are in the right order, ties counting half", () => {
    expect(areaUnderCurve([3, 4], [1, 2])).toBe(1);
    expect(areaUnderCurve([1, 2], [3, 4])).toBe(0);
    expect(areaUnderCurve([1, 1], [1])).toBe(0.5);
    expect(areaUnderCurve([1, 3], [2])).toBe(0.5);
    expect(areaUnderCurve([2, 3, 5], [1, 3])).toBeCloseTo((1 + 1 + 1 + 0 + 0.5 + 1) / 6);
  });

  test("is not known without good or without bad rows", () => {
    expect(areaUnderCurve([], [1])).toBeNaN();
    expect(areaUnderCurve([1], [])).toBeNaN();
  });

  test("is that of Hanley and McNeil's CT ratings", () => {
    const ratings = (counts: readonly number[]) => counts.flatMap((count, at) => Array<number>(count).fill(at + 1));
    const area = areaUnderCurve(ratings([3, 2, 2, 11, 33]), ratings([33, 6, 6, 11, 2]));
    expect(area.toFixed(3)).toBe("0.893");
  });

  test("is what counting every pair gives, whatever the scores", () => {
    const scores = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 15 });
    fc.assert(
      fc.property(scores, scores, (good, bad) => {
        const pairs = good.flatMap((one) => bad.map((other): number => (one > other ? 1 : one === other ? 0.5 : 0)));
        expect(areaUnderCurve(good, bad)).toBeCloseTo(pairs.reduce((sum, won) => sum + won, 0) / pairs.length, 12);
      }),
    );
  });

  test("takes 200,000 rows in a moment", () => {
    const random = seededRandom(1);
    const scores = Array.from({ length: 100_000 }, random);
    expect(areaUnderCurve(scores, scores)).toBeCloseTo(0.5, 10);
  });
});

describe("Wilson's interval", () => {
  test.each([
    [81, 263, ["0.2553", "0.3662"]],
    [15, 148, ["0.0624", "0.1605"]],
    [0, 20, ["0.0000", "0.1611"]],
    [1, 29, ["0.0061", "0.1718"]],
    [29, 29, ["0.8830", "1.0000"]],
  ])("of %i in %i is the one in Newcombe's table", (successes, total, expected) => {
    expect(digits(wilsonInterval(successes, total))).toEqual(expected);
  });

  test("ends exactly at 0 and at 1 where nothing or everything succeeded", () => {
    expect(wilsonInterval(0, 7)[0]).toBe(0);
    expect(wilsonInterval(7, 7)[1]).toBe(1);
  });

  test("is everything when nothing was tried", () => {
    expect(wilsonInterval(0, 0)).toEqual([0, 1]);
  });

  test("is wider at a higher level", () => {
    expect(digits(wilsonInterval(81, 263, 0.99))).toEqual(["0.2401", "0.3853"]);
  });

  test("mirrors when success and failure change places", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 50 }), (successes, failures) => {
        const total = successes + failures;
        const [low, high] = wilsonInterval(successes, total);
        const mirrored = wilsonInterval(failures, total);
        expect(low).toBeCloseTo(1 - mirrored[1], 12);
        expect(high).toBeCloseTo(1 - mirrored[0], 12);
      }),
    );
  });
});

describe("Newcombe's interval of a difference", () => {
  const share = (successes = 0, total = 0) => ({
    value: successes / total,
    interval: wilsonInterval(successes, total),
  });
  test.each([
    [
      [56, 70],
      [48, 80],
      ["0.0524", "0.3339"],
    ],
    [
      [9, 10],
      [3, 10],
      ["0.1705", "0.8090"],
    ],
    [
      [5, 56],
      [0, 29],
      ["-0.0381", "0.1926"],
    ],
    [
      [0, 10],
      [0, 20],
      ["-0.1611", "0.2775"],
    ],
    [
      [10, 10],
      [0, 20],
      ["0.6791", "1.0000"],
    ],
  ])("of %j less %j is the one in his table", ([a, m], [b, n], expected) => {
    expect(digits(newcombeDifference(share(a, m), share(b, n)))).toEqual(expected);
  });

  test("is everything when one side has no rows", () => {
    const none = { value: null, interval: [0, 1] as const };
    expect(newcombeDifference(none, share(1, 2))).toEqual([-1, 1]);
    expect(newcombeDifference(share(1, 2), none)).toEqual([-1, 1]);
  });
});

describe("the seeded generator", () => {
  test("gives the published first outputs of xoshiro128**", () => {
    const next = xoshiro128([1, 2, 3, 4]);
    expect(Array.from({ length: 8 }, next)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849,
    ]);
  });

  test("repeats itself for the same seed and not for another", () => {
    const draw = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(0)).not.toEqual(draw(1));
  });

  test("is uniform: mean one half, variance one twelfth, all bits in use", () => {
    const random = seededRandom(3);
    const drawn = Array.from({ length: 100_000 }, random);
    const mean = drawn.reduce((sum, each) => sum + each, 0) / drawn.length;
    const variance = drawn.reduce((sum, each) => sum + (each - mean) ** 2, 0) / drawn.length;
    expect(mean).toBeCloseTo(0.5, 2);
    expect(variance).toBeCloseTo(1 / 12, 3);
    expect(drawn.every((each) => each >= 0 && each < 1)).toBe(true);
    expect(Math.max(...drawn.slice(0, 50_000))).toBeGreaterThan(0.9998);
    expect(drawn.some((each) => !Number.isInteger(each * 2 ** 32))).toBe(true);
  });

  test("does not depend on what was drawn before by another one", () => {
    const [one, other] = [seededRandom(9), seededRandom(9)];
    other();
    const first = one();
    expect(first).toBe(seededRandom(9)());
  });
});

describe("quantiles", () => {
  test("lie between neighbours, as type 7 of Hyndman and Fan", () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4, 5], 0.25)).toBe(2);
    expect(quantile([10, 20], 0.025)).toBeCloseTo(10.25);
    expect(quantile([7], 0.9)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });

  test("cut the same tail from both sides of an interval, sorted or not", () => {
    const values = Array.from({ length: 101 }, (_, at) => 100 - at);
    const [low, high] = percentileInterval(values, 0.9);
    expect(low).toBeCloseTo(5);
    expect(high).toBeCloseTo(95);
  });
});

describe("the bootstrap interval", () => {
  const mean = (rows: readonly number[]) => rows.reduce((sum, each) => sum + each, 0) / rows.length;

  test("is the same for the same seed and another for another", () => {
    const groups = Array.from({ length: 30 }, (_, at) => [at]);
    expect(bootstrapInterval(groups, mean, { rounds: 100, seed: 4 })).toEqual(
      bootstrapInterval(groups, mean, { rounds: 100, seed: 4 }),
    );
    expect(bootstrapInterval(groups, mean, { rounds: 100, seed: 4 })).not.toEqual(
      bootstrapInterval(groups, mean, { rounds: 100, seed: 5 }),
    );
  });

  test("of a mean is as wide as theory says", () => {
    const groups = Array.from({ length: 400 }, (_, at) => [at % 2]);
    const [low, high] = bootstrapInterval(groups, mean);
    expect(low).toBeCloseTo(0.5 - 1.96 * 0.025, 2);
    expect(high).toBeCloseTo(0.5 + 1.96 * 0.025, 2);
  });

  test("draws groups and not rows: rows that repeat each other say nothing more", () => {
    const single = Array.from({ length: 40 }, (_, at) => [at % 2]);
    const tenfold = single.map(([value = 0]) => Array<number>(10).fill(value));
    expect(bootstrapInterval(tenfold, mean, { seed: 2 })).toEqual(bootstrapInterval(single, mean, { seed: 2 }));
  });

  test("is narrower at a lower level", () => {
    const groups = Array.from({ length: 50 }, (_, at) => [at]);
    const width = ([low, high]: readonly [number, number]) => high - low;
    expect(width(bootstrapInterval(groups, mean, { level: 0.5 }))).toBeLessThan(
      width(bootstrapInterval(groups, mean, { level: 0.95 })) / 2,
    );
  });

  test("leaves out resamples of which the statistic says nothing, and is NaN when it never says anything", () => {
    const onlyMixed = (rows: readonly number[]) => (new Set(rows).size > 1 ? 1 : Number.NaN);
    expect(bootstrapInterval([[0], [1]], onlyMixed)).toEqual([1, 1]);
    expect(bootstrapInterval([[0], [0]], onlyMixed)).toEqual([Number.NaN, Number.NaN]);
  });

  test("covers the truth about as often as it says", () => {
    const random = seededRandom(11);
    let covered = 0;
    for (let round = 0; round < 200; round += 1) {
      const groups = Array.from({ length: 60 }, () => [random() < 0.4 ? 1 : 0]);
      const [low, high] = bootstrapInterval(groups, mean, { rounds: 200, seed: round });
      if (low <= 0.4 && 0.4 <= high) covered += 1;
    }
    expect(covered).toBeGreaterThan(176);
    expect(covered).toBeLessThan(200);
  });
});
