import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectedCalibrationError, reliabilityBins } from "../../../evaluators/calibration/reliability.ts";

describe("reliability", () => {
  test("counts rows by given probability, the last stretch with its upper end", () => {
    const bins = reliabilityBins([0, 0.1, 0.19, 0.5, 1], [false, true, false, true, true], 5);
    expect(bins.map(({ rows, goodRows }) => [rows, goodRows])).toEqual([
      [3, 1],
      [0, 0],
      [1, 1],
      [0, 0],
      [1, 1],
    ]);
    expect(bins[0]).toMatchObject({ from: 0, to: 0.2, good: 1 / 3 });
    expect(bins[0]?.probability).toBeCloseTo(0.29 / 3);
    expect(bins[4]).toMatchObject({ from: 0.8, to: 1, probability: 1, good: 1 });
    expect(bins[1]?.good).toBeNaN();
    expect(reliabilityBins([0.5], [true])).toHaveLength(10);
  });

  test("is an error of what was promised and not kept, weighted by rows", () => {
    expect(expectedCalibrationError([0.9, 0.9, 0.9, 0.9], [true, true, true, false])).toBeCloseTo(0.15);
    expect(expectedCalibrationError([0.1, 0.9, 0.9, 0.9], [false, true, true, false])).toBeCloseTo(
      (0.1 + 3 * (0.9 - 2 / 3)) / 4,
    );
    expect(expectedCalibrationError([0, 1], [false, true])).toBe(0);
    expect(expectedCalibrationError([0, 1], [true, false])).toBe(1);
    expect(expectedCalibrationError([], [])).toBeNaN();
    expect(expectedCalibrationError([0.1, 0.9], [false, true], 1)).toBe(0);
  });

  test("lies between 0 and 1 whatever is promised", () => {
    const rows = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()), { minLength: 1 });
    fc.assert(
      fc.property(rows, (given) => {
        const error = expectedCalibrationError(
          given.map(([probability]) => probability),
          given.map(([, label]) => label),
        );
        expect(error).toBeGreaterThanOrEqual(0);
        expect(error).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});
