import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  betaProbability,
  betaQuantile,
  logGamma,
  normalQuantile,
} from "../../../evaluators/calibration/distributions.ts";

describe("the normal quantile", () => {
  test.each([
    [0.5, 0],
    [0.75, 0.6744897501960817],
    [0.9, 1.2815515655446004],
    [0.95, 1.6448536269514722],
    [0.975, 1.9599639845400545],
    [0.995, 2.5758293035489004],
    [0.9999, 3.719016485455709],
    [1e-10, -6.361340902404056],
    [1e-300, -37.0470962993612],
  ])("at %d is %d", (probability, expected) => {
    expect(normalQuantile(probability)).toBeCloseTo(expected, 12);
  });

  test("is odd around one half, also where the approximations meet", () => {
    for (const probability of [0.075, 0.0749999, 0.0750001, 0.2, 1e-12, Math.exp(-25)]) {
      expect(normalQuantile(probability)).toBeCloseTo(-normalQuantile(1 - probability), 4);
    }
    expect(normalQuantile(0.07499999)).toBeCloseTo(normalQuantile(0.07500001), 6);
    expect(normalQuantile(Math.exp(-25.000001))).toBeCloseTo(normalQuantile(Math.exp(-24.999999)), 5);
  });

  test("has no end at 0 and 1 and no value outside", () => {
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
    expect(normalQuantile(-0.01)).toBeNaN();
    expect(normalQuantile(1.01)).toBeNaN();
    expect(normalQuantile(Number.NaN)).toBeNaN();
  });
});

describe("the logarithm of the gamma function", () => {
  test("is that of the factorial at whole numbers", () => {
    let factorial = 1;
    for (let n = 1; n <= 20; n += 1) {
      expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 11);
      factorial *= n;
    }
  });

  test("knows the halves and the small", () => {
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
    expect(logGamma(0.25)).toBeCloseTo(Math.log(3.625609908221908), 12);
    expect(logGamma(1e5)).toBeCloseTo(1051287.708974, 5);
  });
});

describe("the beta distribution", () => {
  test("is the polynomial that it is for whole shapes", () => {
    for (const x of [0.01, 0.2, 0.5, 0.77, 0.99]) {
      expect(betaProbability(x, 1, 1)).toBeCloseTo(x, 13);
      expect(betaProbability(x, 2, 1)).toBeCloseTo(x ** 2, 13);
      expect(betaProbability(x, 2, 3)).toBeCloseTo(6 * x ** 2 - 8 * x ** 3 + 3 * x ** 4, 12);
      expect(betaProbability(x, 0.5, 0.5)).toBeCloseTo((2 / Math.PI) * Math.asin(Math.sqrt(x)), 12);
    }
  });

  test("is 0 below and 1 above", () => {
    expect(betaProbability(0, 2, 3)).toBe(0);
    expect(betaProbability(-1, 2, 3)).toBe(0);
    expect(betaProbability(1, 2, 3)).toBe(1);
    expect(betaProbability(2, 2, 3)).toBe(1);
  });

  test("is a tail of the binomial distribution", () => {
    const binomialTail = (k: number, n: number, p: number) => {
      let sum = 0;
      for (let i = k; i <= n; i += 1) {
        sum += Math.exp(
          logGamma(n + 1) - logGamma(i + 1) - logGamma(n - i + 1) + i * Math.log(p) + (n - i) * Math.log1p(-p),
        );
      }
      return sum;
    };
    expect(betaProbability(0.3, 7, 14)).toBeCloseTo(binomialTail(7, 20, 0.3), 12);
    expect(betaProbability(0.9, 95, 6)).toBeCloseTo(binomialTail(95, 100, 0.9), 10);
  });

  test("converges for shapes in the hundred thousands", () => {
    expect(betaProbability(0.5, 200_000, 200_000)).toBeCloseTo(0.5, 6);
  });

  test("has a quantile that undoes it", () => {
    const shape = fc.double({ min: 0.5, max: 300, noNaN: true });
    const probability = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(probability, shape, shape, (p, a, b) => {
        expect(betaProbability(betaQuantile(p, a, b), a, b)).toBeCloseTo(p, 8);
      }),
    );
    expect(betaQuantile(0.5, 3, 3)).toBeCloseTo(0.5, 14);
    expect(betaQuantile(0.04, 2, 1)).toBeCloseTo(0.2, 14);
  });
});
