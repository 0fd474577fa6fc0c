import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Calibrator,
  fitCalibrator,
  fitIsotonic,
  fitPlatt,
  probabilityOf,
} from "../../../evaluators/calibration/probability.ts";
import { seededRandom } from "../../../evaluators/calibration/statistics.ts";

const logistic = (x: number) => 1 / (1 + Math.exp(-x));

function drawn(count: number, slope: number, intercept: number) {
  const random = seededRandom(1);
  return Array.from({ length: count }, () => {
    const score = random();
    return { score, good: random() < logistic(slope * score + intercept) };
  });
}

describe("Platt's curve", () => {
  test("finds the curve that made the labels", () => {
    const fitted = fitPlatt(drawn(40_000, 6, -3));
    if (fitted.kind !== "platt") throw new Error(fitted.kind);
    expect(fitted.slope).toBeCloseTo(6, 0);
    expect(fitted.intercept).toBeCloseTo(-3, 0);
  });

  test("stands where the smoothed labels balance, which is where its loss is least", () => {
    const rows = drawn(60, 4, -2);
    const goodRows = rows.filter(({ good }) => good).length;
    const fitted = fitPlatt(rows);
    const residuals = rows.map(({ score, good }) => {
      const target = good ? (goodRows + 1) / (goodRows + 2) : 1 / (60 - goodRows + 2);
      return { score, gap: probabilityOf(fitted, score) - target };
    });
    expect(residuals.reduce((sum, { gap }) => sum + gap, 0)).toBeCloseTo(0, 5);
    expect(residuals.reduce((sum, { gap, score }) => sum + gap * score, 0)).toBeCloseTo(0, 5);
  });

  test("of two scores gives the smoothed shares of each", () => {
    const rows = [
      ...Array.from({ length: 10 }, () => ({ score: 1, good: true })),
      ...Array.from({ length: 6 }, () => ({ score: 0, good: false })),
    ];
    const fitted = fitPlatt(rows);
    expect(probabilityOf(fitted, 1)).toBeCloseTo(11 / 12, 4);
    expect(probabilityOf(fitted, 0)).toBeCloseTo(1 / 8, 4);
  });

  test("is level where a falling one would fit better, at the mean of the smoothed labels", () => {
    const rows = [
      { score: 0, good: true },
      { score: 0, good: true },
      { score: 1, good: false },
    ];
    const fitted = fitPlatt(rows);
    expect(fitted).toMatchObject({ kind: "platt", slope: 0 });
    expect(probabilityOf(fitted, 0.3)).toBeCloseTo((0.75 + 0.75 + 1 / 3) / 3, 12);
  });

  test("survives equal scores and perfect separation", () => {
    const equal = fitPlatt(Array.from({ length: 20 }, (_, at) => ({ score: 0.5, good: at < 15 })));
    expect(probabilityOf(equal, 0.5)).toBeCloseTo((15 * (16 / 17) + 5 / 7) / 20, 2);
    const apart = fitPlatt(Array.from({ length: 40 }, (_, at) => ({ score: at / 40, good: at >= 20 })));
    expect(probabilityOf(apart, 1)).toBeGreaterThan(0.9);
    expect(probabilityOf(apart, 0)).toBeLessThan(0.1);
  });
});

describe("isotonic regression", () => {
  test("pools neighbours that are out of order", () => {
    const labels = [false, true, false, true, true, true, true, false, true, true];
    const fitted = fitIsotonic(labels.map((good, at) => ({ score: at / 10, good })));
    if (fitted.kind !== "isotonic") throw new Error(fitted.kind);
    expect(fitted.scores).toEqual([0, 0.1, 0.2, 0.3, 0.7, 0.8, 0.9]);
    const expected = [1 / 12, 0.5, 0.5, 0.8, 0.8, 11 / 12, 11 / 12];
    expect(fitted.probabilities.map((each) => each.toFixed(6))).toEqual(expected.map((each) => each.toFixed(6)));
  });

  test("takes equal scores together, whatever their order", () => {
    const rows = [
      { score: 0.2, good: true },
      { score: 0.6, good: true },
      { score: 0.2, good: false },
      { score: 0.2, good: false },
    ];
    expect(fitIsotonic(rows)).toEqual({ kind: "isotonic", scores: [0.2, 0.6], probabilities: [1 / 3, 5 / 6] });
  });

  test("is linear between its steps and level outside", () => {
    const steps: Calibrator = { kind: "isotonic", scores: [0.2, 0.6], probabilities: [0.1, 0.9] };
    expect(probabilityOf(steps, 0)).toBe(0.1);
    expect(probabilityOf(steps, 0.2)).toBe(0.1);
    expect(probabilityOf(steps, 0.3)).toBeCloseTo(0.3, 12);
    expect(probabilityOf(steps, 0.6)).toBeCloseTo(0.9, 12);
    expect(probabilityOf(steps, 1)).toBe(0.9);
  });
});

describe("a calibrator", () => {
  test("is a curve of two numbers below a thousand rows and steps from there", () => {
    expect(fitCalibrator(drawn(999, 5, -2)).kind).toBe("platt");
    expect(fitCalibrator(drawn(1000, 5, -2)).kind).toBe("isotonic");
  });

  test("never falls with a rising score and never leaves 0 to 1", () => {
    const rows = fc.array(fc.record({ score: fc.double({ min: 0, max: 1, noNaN: true }), good: fc.boolean() }), {
      minLength: 2,
      maxLength: 40,
    });
    const score = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(rows, score, score, fc.constantFrom(fitPlatt, fitIsotonic), (given, one, other, fit) => {
        const fitted = fit(given);
        const [low, high] = [Math.min(one, other), Math.max(one, other)].map((each) => probabilityOf(fitted, each));
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual((high ?? 0) + 1e-12);
      }),
    );
  });
});
