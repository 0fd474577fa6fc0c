import { describe, expect, test } from "vitest";
import { cohensKappa, kappaStandardError } from "../../../evaluators/calibration/agreement.ts";
import { betaQuantile, normalQuantile } from "../../../evaluators/calibration/distributions.ts";
import {
  clopperPearson,
  exactLowerBound,
  exactUpperBound,
  mcnemarExact,
} from "../../../evaluators/calibration/exact.ts";
import { predictionPowered, roganGladen } from "../../../evaluators/calibration/pass-rate.ts";
import { fitIsotonic, fitPlatt } from "../../../evaluators/calibration/probability.ts";
import { expectedCalibrationError } from "../../../evaluators/calibration/reliability.ts";
import { areaInterval, kappaInterval } from "../../../evaluators/calibration/resampled.ts";
import { areaUnderCurve, newcombeDifference, wilsonInterval } from "../../../evaluators/calibration/statistics.ts";

/*
 * Every expected number was computed apart from this code, in Python: scipy 1.17.1 (beta.ppf, norm.ppf, minimize),
 * statsmodels 0.15.0 (proportion_confint, confint_proportions_2indep, cohens_kappa, mcnemar), scikit-learn 1.9.1 (roc_auc_score,
 * IsotonicRegression), ppi-python 0.2.3 (ppi_mean_pointestimate, ppi_mean_ci) and numpy 2.4.6; the interval of Lang and
 * Reiczigel and the calibration error by their formulas in numpy.
 */
const near = (expected: readonly number[], places = 9): unknown[] =>
  expected.map((value): unknown => expect.closeTo(value, places));

describe("numbers that other software gives too", () => {
  test.each([
    [47, 60, [0.6637997242680521, 0.868769559518097], [0.6580438212653474, 0.8792839755373032]],
    [3, 41, [0.025197830633909943, 0.19427448537719044], [0.015351471533416648, 0.19924597837666297]],
    [118, 120, [0.941264037027841, 0.9954174354340789], [0.9410907805329731, 0.9979751776623069]],
  ])("the intervals of %i in %i by Wilson, and by Clopper and Pearson", (successes, total, wilson, exact) => {
    expect(wilsonInterval(successes, total)).toEqual(near(wilson));
    expect(clopperPearson(successes, total)).toEqual(near(exact));
  });

  test("exact bounds, of fractions of rows too", () => {
    expect(clopperPearson(23.5, 31.25)).toEqual(near([0.5655956997298637, 0.8881557709005768]));
    expect(exactLowerBound(57, 58)).toBeCloseTo(0.9208021894999752, 9);
    expect(exactUpperBound(2, 299)).toBeCloseTo(0.020905416104254625, 9);
    expect(betaQuantile(0.3, 12.5, 3.25)).toBeCloseTo(0.7499480222892847, 9);
    expect(normalQuantile(0.99)).toBeCloseTo(2.3263478740408408, 12);
  });

  test("Newcombe's difference of 47 in 60 and 3 in 41", () => {
    const share = (successes: number, total: number) => ({
      value: successes / total,
      interval: wilsonInterval(successes, total),
    });
    expect(newcombeDifference(share(47, 60), share(3, 41))).toEqual(near([0.5400026684775079, 0.8081460082931301]));
  });

  test("McNemar's exact test", () => {
    expect([mcnemarExact(4, 13), mcnemarExact(17, 31)]).toEqual(near([0.049041748046875, 0.05946337525377034]));
  });

  const table = [
    [41, 7],
    [6, 26],
  ];

  test("kappa and its standard error", () => {
    expect([cohensKappa(table), kappaStandardError(table)]).toEqual(near([0.6632124352331606, 0.085252015199474]));
  });

  test("the bootstrap interval of kappa, to the noise of a thousand resamples (200,000 there)", () => {
    const cells = [
      { count: 41, good: true, passed: true },
      { count: 7, good: false, passed: true },
      { count: 6, good: true, passed: false },
      { count: 26, good: false, passed: false },
    ];
    const rows = cells.flatMap(({ count, good, passed }, cell) =>
      Array.from({ length: count }, (_, at) => ({ group: `${cell} ${at}`, good, passed })),
    );
    expect(kappaInterval(rows)).toEqual(near([0.4843962, 0.82051282], 1.5));
  });

  test("the area under the ROC curve, with ties, and its bootstrap interval (40,000 resamples there)", () => {
    const good = [0.91, 0.82, 0.82, 0.77, 0.64, 0.55, 0.55, 0.4];
    const bad = [0.82, 0.55, 0.5, 0.35, 0.3, 0.3, 0.1];
    expect(areaUnderCurve(good, bad)).toBeCloseTo(0.8392857142857143, 12);
    const rows = Array.from({ length: 40 }, (_, at) => [
      { group: `good ${at}`, good: true, score: (((at * 37) % 40) / 40) * 0.7 + 0.3 },
      { group: `bad ${at}`, good: false, score: (((at * 17) % 40) / 40) * 0.7 },
    ]).flat();
    expect(areaInterval(rows)).toEqual(near([0.75109994, 0.9160401], 1.9));
  });

  test("the expected calibration error", () => {
    const probabilities = [0.05, 0.12, 0.18, 0.33, 0.37, 0.52, 0.58, 0.71, 0.77, 0.93, 0.96, 0.99];
    const labels = [0, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0].map((label) => label === 1);
    expect(expectedCalibrationError(probabilities, labels)).toBeCloseTo(0.2125, 12);
  });

  test("Rogan and Gladen's estimate with the interval of Lang and Reiczigel", () => {
    const known = { goodRows: 120, goodPassed: 108, badRows: 80, badFailed: 66 };
    const { rate, interval } = roganGladen({ passed: 640, failed: 360 }, known);
    expect(rate).toBeCloseTo(0.6413793103448273, 12);
    expect(interval ?? []).toEqual(near([0.5641151847388873, 0.7186651316415941]));
  });

  test("the prediction-powered estimate, where theirs adds no pseudo-rows and estimates the weight a little differently", () => {
    const gold = { goodPassed: 38, goodFailed: 7, badPassed: 9, badFailed: 26 };
    const { rate, interval } = predictionPowered({ passed: 610, failed: 390 }, gold);
    expect(Math.abs((rate ?? 0) - 0.57512583)).toBeLessThan(0.0005);
    expect(Math.abs((interval?.[0] ?? 0) - 0.48579394)).toBeLessThan(0.002);
    expect(Math.abs((interval?.[1] ?? 0) - 0.66445772)).toBeLessThan(0.002);
  });

  test("isotonic regression and Platt's curve", () => {
    const scores = [0.1, 0.15, 0.2, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9];
    const labels = [0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1];
    const rows = scores.map((score, at) => ({ score, good: labels[at] === 1 }));
    const steps = fitIsotonic(rows);
    if (steps.kind !== "isotonic") throw new Error(steps.kind);
    expect(steps.scores).toEqual(near([0.1, 0.15, 0.3, 0.35, 0.4, 0.5, 0.7, 0.8, 0.9]));
    // The ends are 0 and 1 there; here they stay as far from certainty as twelve rows leave them.
    expect(steps.probabilities).toEqual(near([1 / 14, 1 / 3, 1 / 3, 0.5, 0.5, 2 / 3, 2 / 3, 13 / 14, 13 / 14]));
    const curve = fitPlatt(rows);
    if (curve.kind !== "platt") throw new Error(curve.kind);
    expect([curve.slope, curve.intercept]).toEqual(near([2.83006129, -1.01641301], 4));
  });
});
