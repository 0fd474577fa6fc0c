import { describe, expect, test } from "vitest";
import { pairedBootstrap } from "../../../evaluators/calibration/paired-bootstrap.ts";
import { seededRandom } from "../../../evaluators/calibration/statistics.ts";

describe("the paired bootstrap", () => {
  const pairs = [
    ...Array.from({ length: 60 }, () => ({ first: 1, second: 1 })),
    ...Array.from({ length: 30 }, () => ({ first: 0, second: 1 })),
    ...Array.from({ length: 10 }, () => ({ first: 1, second: 0 })),
  ];

  test("gives the mean difference, second less first, and an interval around it as wide as theory says", () => {
    const { difference, interval } = pairedBootstrap(pairs, { rounds: 2000 });
    expect(difference).toBeCloseTo(0.2, 12);
    const error = Math.sqrt((0.4 - 0.04) / 100);
    expect(interval[0]).toBeCloseTo(0.2 - 1.96 * error, 1);
    expect(interval[1]).toBeCloseTo(0.2 + 1.96 * error, 1);
    expect(interval[0]).toBeGreaterThan(0.05);
    expect(interval[1]).toBeLessThan(0.35);
  });

  test("keeps pairs together: equal systems differ by nothing, however they vary", () => {
    const random = seededRandom(1);
    const equal = Array.from({ length: 50 }, random).map((score) => ({ first: score, second: score }));
    expect(pairedBootstrap(equal)).toEqual({ difference: 0, interval: [0, 0] });
  });

  test("draws rows of one group together", () => {
    const repeated = pairs.flatMap((pair, at) => Array.from({ length: 5 }, () => ({ ...pair, group: `g${at}` })));
    const [low, high] = pairedBootstrap(repeated, { seed: 3 }).interval;
    const [lowSingle, highSingle] = pairedBootstrap(pairs, { seed: 3 }).interval;
    expect([low, high].map((end) => end.toFixed(9))).toEqual([lowSingle, highSingle].map((end) => end.toFixed(9)));
  });

  test("knows nothing of no rows", () => {
    expect(pairedBootstrap([]).difference).toBeNaN();
  });
});
