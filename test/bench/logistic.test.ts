import { describe, expect, test } from "vitest";
import { fitLogistic, logitOf } from "../../bench/fit/logistic.ts";

const labels = (text: string) => [...text].map((one) => one === "1");
const column = (...values: readonly number[]) => values.map((value) => [value]);

describe("fitLogistic", () => {
  test("finds the log odds of two groups when nothing is penalised", () => {
    const rows = column(0, 0, 0, 0, 1, 1, 1, 1);
    const { intercept, coefficients } = fitLogistic(rows, labels("10001110"), { penalty: 0, rounds: 5000 });
    expect(intercept).toBeCloseTo(Math.log(1 / 3), 4);
    expect(coefficients[0]).toBeCloseTo(2 * Math.log(3), 4);
  });

  test("lets no sign speak the other way, and keeps each at its least", () => {
    const rows = column(0, 0, 0, 0, 1, 1, 1, 1);
    expect(fitLogistic(rows, labels("11100001")).coefficients).toEqual([0]);
    expect(fitLogistic(rows, labels("11100001"), { least: [2] }).coefficients[0]).toBeCloseTo(2, 9);
  });

  test("shrinks with the penalty, and gives nothing to a sign that never differs", () => {
    const rows = [0, 0, 0, 0, 1, 1, 1, 1].map((value) => [value, 7]);
    const [weak = 0, none] = fitLogistic(rows, labels("10001110"), { penalty: 1 }).coefficients;
    const [strong = 0] = fitLogistic(rows, labels("10001110"), { penalty: 100 }).coefficients;
    expect(none).toBe(0);
    expect(strong).toBeGreaterThan(0);
    expect(strong).toBeLessThan(weak);
  });

  test("counts a row of weight two as two rows", () => {
    const twice = fitLogistic(column(0, 1, 1, 0, 1), labels("01010"), { weights: [1, 1, 1, 1, 2], rounds: 3000 });
    const doubled = fitLogistic(column(0, 1, 1, 0, 1, 1), labels("010100"), { rounds: 3000 });
    // The scale is that of the rows as given, so that only the direction is the same under a penalty.
    expect(Math.sign(twice.coefficients[0] ?? 0)).toBe(Math.sign(doubled.coefficients[0] ?? 0));
  });

  test("gives the same twice", () => {
    const rows = column(0.1, 2, 3.5, 1, 0.2);
    expect(fitLogistic(rows, labels("01101"))).toEqual(fitLogistic(rows, labels("01101")));
  });
});

test("logitOf adds the intercept and the weighted signs", () => {
  expect(logitOf({ intercept: -1, coefficients: [2, 3] }, [1, 2])).toBe(7);
});
