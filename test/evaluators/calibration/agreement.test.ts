import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  balancedAccuracy,
  cohensKappa,
  confusionOf,
  kappaOf,
  kappaStandardError,
} from "../../../evaluators/calibration/agreement.ts";

/** Landis and Koch's multiple sclerosis patients (1977), and the skin conditions of the SAS manual. */
const winnipeg = [
  [38, 5, 0, 1],
  [33, 11, 3, 0],
  [10, 14, 5, 6],
  [3, 7, 3, 10],
];
const newOrleans = [
  [5, 3, 0, 0],
  [3, 11, 4, 0],
  [2, 13, 3, 4],
  [1, 2, 4, 14],
];
const skin = [
  [10, 4, 1, 0],
  [5, 10, 12, 2],
  [2, 4, 12, 5],
  [0, 2, 6, 13],
];

describe("Cohen's kappa", () => {
  test("is what the publications say", () => {
    const cohen = [
      [44, 7, 9],
      [5, 20, 5],
      [1, 3, 6],
    ];
    expect(cohensKappa(cohen)).toBeCloseTo(0.29 / 0.59, 12);
    expect(cohensKappa(winnipeg).toFixed(3)).toBe("0.208");
    expect(cohensKappa(newOrleans).toFixed(3)).toBe("0.297");
    expect(cohensKappa(skin).toFixed(4)).toBe("0.3449");
  });

  test("is 1 for full agreement, 0 for chance and negative for less", () => {
    expect(
      cohensKappa([
        [3, 0],
        [0, 9],
      ]),
    ).toBe(1);
    expect(
      cohensKappa([
        [1, 1],
        [1, 1],
      ]),
    ).toBe(0);
    expect(
      cohensKappa([
        [0, 5],
        [5, 0],
      ]),
    ).toBe(-1);
  });

  test("is not known of no rows, nor where both know one class only", () => {
    expect(
      cohensKappa([
        [0, 0],
        [0, 0],
      ]),
    ).toBeNaN();
    expect(
      cohensKappa([
        [7, 0],
        [0, 0],
      ]),
    ).toBeNaN();
  });

  test("does not care who rated first", () => {
    const count = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(count, count, count, count, (a, b, c, d) => {
        expect(
          cohensKappa([
            [a, b],
            [c, d],
          ]),
        ).toBeCloseTo(
          cohensKappa([
            [a, c],
            [b, d],
          ]),
          12,
        );
      }),
    );
  });
});

describe("the standard error of kappa", () => {
  test("is the one that SAS prints", () => {
    expect(kappaStandardError(skin).toFixed(4)).toBe("0.0724");
  });

  test("is 0 for full agreement and falls with the root of the rows", () => {
    expect(
      kappaStandardError([
        [3, 0],
        [0, 9],
      ]),
    ).toBeCloseTo(0, 7);
    const tenfold = skin.map((row) => row.map((count) => 100 * count));
    expect(kappaStandardError(tenfold)).toBeCloseTo(kappaStandardError(skin) / 10, 12);
  });
});

describe("verdicts beside labels", () => {
  const rows = [
    { good: true, passed: true },
    { good: true, passed: true },
    { good: true, passed: true },
    { good: true, passed: false },
    { good: false, passed: true },
    { good: false, passed: false },
  ];

  test("are counted by label and verdict", () => {
    expect(confusionOf(rows)).toEqual({ truePass: 3, falseFail: 1, trueFail: 1, falsePass: 1 });
  });

  test("have a balanced accuracy, which a constant verdict leaves at one half", () => {
    expect(balancedAccuracy(confusionOf(rows))).toBe((3 / 4 + 1 / 2) / 2);
    expect(balancedAccuracy({ truePass: 9, falseFail: 0, trueFail: 0, falsePass: 3 })).toBe(0.5);
    expect(balancedAccuracy({ truePass: 9, falseFail: 0, trueFail: 0, falsePass: 0 })).toBeNaN();
  });

  test("agree with the labels by a kappa", () => {
    expect(kappaOf(confusionOf(rows))).toBe(
      cohensKappa([
        [3, 1],
        [1, 1],
      ]),
    );
    expect(kappaOf({ truePass: 5, falseFail: 3, trueFail: 4, falsePass: 1 })).toBe(
      cohensKappa([
        [5, 1],
        [3, 4],
      ]),
    );
  });
});
