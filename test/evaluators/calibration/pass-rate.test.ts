import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { estimatePassRate } from "../../../evaluators/calibration/estimate-pass-rate.ts";
import { predictionPowered, roganGladen } from "../../../evaluators/calibration/pass-rate.ts";
import { seededRandom } from "../../../evaluators/calibration/statistics.ts";
import { cardWith } from "./card-fixture.ts";

const known = { goodRows: 1000, goodPassed: 900, badRows: 1000, badFailed: 800 };

/** How many of so many trials succeed. */
function draws(random: () => number, count: number, probability: number): number {
  let successes = 0;
  for (let at = 0; at < count; at += 1) if (random() < probability) successes += 1;
  return successes;
}

describe("the estimate of Rogan and Gladen", () => {
  test("undoes the errors of the evaluator", () => {
    const estimate = roganGladen({ passed: 500, failed: 500 }, known);
    expect(estimate.rate).toBeCloseTo((0.5 + 0.8 - 1) / 0.7, 12);
    expect(estimate).toMatchObject({
      observed: 0.5,
      method: "rogan_gladen",
      because:
        "Corrected by a true pass rate of 90.0 % and a true fail rate of 80.0 %, assuming that the evaluator errs on this batch as it did on the labelled rows.",
    });
  });

  test("has the interval of Lang and Reiczigel", () => {
    // Their formulas by hand, with z = 1.959964: pseudo-rows, shift, variance.
    const z = 1.959963984540054;
    const p = (500 + z ** 2 / 2) / (1000 + z ** 2);
    const [se, sp] = [901 / 1002, 801 / 1002];
    const j = se + sp - 1;
    const centre = (p + sp - 1) / j;
    const [vp, vse, vsp] = [(p * (1 - p)) / (1000 + z ** 2), (se * (1 - se)) / 1002, (sp * (1 - sp)) / 1002];
    const shift = 2 * z ** 2 * (centre * vse - (1 - centre) * vsp);
    const half = (z / j) * Math.sqrt(vp + centre ** 2 * vse + (1 - centre) ** 2 * vsp);
    const { interval } = roganGladen({ passed: 500, failed: 500 }, known);
    expect(interval?.[0]).toBeCloseTo(centre + shift - half, 10);
    expect(interval?.[1]).toBeCloseTo(centre + shift + half, 10);
    expect(interval?.map((end) => end.toFixed(2))).toEqual(["0.38", "0.48"]);
  });

  test("is clipped to what a share can be, and its interval holds it", () => {
    expect(roganGladen({ passed: 1000, failed: 0 }, known)).toMatchObject({
      rate: 1,
      interval: [expect.any(Number), 1],
    });
    expect(roganGladen({ passed: 0, failed: 1000 }, known)).toMatchObject({
      rate: 0,
      interval: [0, expect.any(Number)],
    });
    const count = fc.integer({ min: 0, max: 300 });
    fc.assert(
      fc.property(count, count, fc.integer({ min: 20, max: 60 }), (passed, failed, right) => {
        const { rate, interval } = roganGladen(
          { passed, failed },
          { goodRows: 60, goodPassed: right, badRows: 60, badFailed: right },
        );
        if (rate === null || interval === null) return;
        expect(rate).toBeGreaterThanOrEqual(interval[0]);
        expect(rate).toBeLessThanOrEqual(interval[1]);
        expect(interval[0]).toBeGreaterThanOrEqual(0);
        expect(interval[1]).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("is narrower with more labelled rows, and at a lower level", () => {
    const width = (interval: readonly [number, number] | null) => (interval ? interval[1] - interval[0] : Number.NaN);
    const few = { goodRows: 50, goodPassed: 45, badRows: 50, badFailed: 40 };
    const verdicts = { passed: 500, failed: 500 };
    expect(width(roganGladen(verdicts, known).interval)).toBeLessThan(width(roganGladen(verdicts, few).interval));
    expect(width(roganGladen(verdicts, few, 0.8).interval)).toBeLessThan(width(roganGladen(verdicts, few).interval));
  });

  test("is refused when the evaluator hardly tells good from bad", () => {
    expect(
      roganGladen({ passed: 50, failed: 50 }, { goodRows: 10_000, goodPassed: 5500, badRows: 10_000, badFailed: 5300 }),
    ).toEqual({
      rate: null,
      interval: null,
      method: "none",
      observed: 0.5,
      because:
        "The evaluator tells good from bad too little to be corrected: true pass rate and true fail rate less 1 is 0.08 ± 0.01, and it takes 0.1 and 3 standard errors.",
    });
    expect(
      roganGladen({ passed: 50, failed: 50 }, { goodRows: 10_000, goodPassed: 5700, badRows: 10_000, badFailed: 5400 })
        .rate,
    ).not.toBeNull();
  });

  test("is refused when nobody knows yet how well it tells them", () => {
    const { rate, because } = roganGladen(
      { passed: 50, failed: 50 },
      { goodRows: 10, goodPassed: 8, badRows: 10, badFailed: 7 },
    );
    expect(rate).toBeNull();
    expect(because).toContain("is 0.42 ± 0.18");
  });

  test("is refused without a verdict", () => {
    expect(roganGladen({ passed: 0, failed: 0 }, known)).toMatchObject({
      rate: null,
      interval: null,
      because: "No row of the batch has a verdict.",
    });
  });
});

describe("the prediction-powered estimate", () => {
  const gold = { goodPassed: 45, goodFailed: 5, badPassed: 15, badFailed: 35 };

  test("weighs what gold says of passed and of failed rows by the verdicts of all rows", () => {
    const estimate = predictionPowered({ passed: 540, failed: 360 }, gold);
    expect(estimate.observed).toBeCloseTo(0.6, 12);
    expect(estimate.rate).toBeCloseTo(0.6 * (45 / 60) + 0.4 * (5 / 40), 12);
    expect(estimate).toMatchObject({
      method: "prediction_powered",
      because: "From 100 gold rows drawn from the batch and the verdicts on 1000 rows.",
    });
  });

  test("is what PPI++ with its best weight gives", () => {
    // mean(y) + λ (mean f of the rest - mean f of gold), with λ = cov(y, f) / (var(f) (1 + n/N)).
    const [n, rest] = [100, 900];
    const [meanY, meanF, meanRest] = [0.5, 0.6, 0.5];
    const covariance = 0.45 - meanY * meanF;
    const weight = covariance / (meanF * (1 - meanF) * (1 + n / rest));
    const expected = meanY + weight * (meanRest - meanF);
    expect(predictionPowered({ passed: 450, failed: 450 }, gold).rate).toBeCloseTo(expected, 12);
  });

  test("has the interval of post-stratification", () => {
    const [a, b, pi] = [46 / 62, 6 / 42, 0.6];
    const centre = pi * a + (1 - pi) * b;
    const variance =
      (pi ** 2 * a * (1 - a)) / 62 + ((1 - pi) ** 2 * b * (1 - b)) / 42 + ((a - b) ** 2 * pi * (1 - pi)) / 1000;
    const { interval } = predictionPowered({ passed: 540, failed: 360 }, gold);
    expect(interval?.[0]).toBeCloseTo(centre - 1.959963984540054 * Math.sqrt(variance), 10);
    expect(interval?.[1]).toBeCloseTo(centre + 1.959963984540054 * Math.sqrt(variance), 10);
  });

  test("takes twenty gold rows", () => {
    const of = (goodPassed: number) =>
      predictionPowered({ passed: 60, failed: 40 }, { goodPassed, goodFailed: 0, badPassed: 0, badFailed: 10 });
    expect(of(9)).toMatchObject({
      rate: null,
      interval: null,
      method: "none",
      because: "19 gold rows were mixed in; an estimate takes at least 20.",
    });
    expect(of(10).rate).toBeCloseTo(70 / 120, 12);
  });

  test("claims no certainty from gold rows that were all right, nor of a kind that gold never had", () => {
    const allRight = predictionPowered(
      { passed: 100, failed: 0 },
      { goodPassed: 30, goodFailed: 0, badPassed: 0, badFailed: 0 },
    );
    expect(allRight.rate).toBe(1);
    expect(allRight.interval?.[0]).toBeLessThan(0.95);
    expect(allRight.interval?.[1]).toBe(1);
    const unseen = predictionPowered(
      { passed: 60, failed: 40 },
      { goodPassed: 30, goodFailed: 0, badPassed: 0, badFailed: 0 },
    );
    expect(unseen.rate).toBeCloseTo((90 / 130) * 1 + (40 / 130) * 0.5, 12);
  });
});

describe("coverage of the 95 % intervals, in a simulation smaller than the benchmark's", () => {
  test.each([
    [0.9, 0.8, 0.3],
    [0.8, 0.7, 0.8],
    [0.95, 0.95, 0.5],
  ])("a judge with rates %d and %d at a prevalence of %d", (truePass, trueFail, prevalence) => {
    const random = seededRandom(5);
    const rounds = 400;
    let [byCard, byGold] = [0, 0];
    for (let round = 0; round < rounds; round += 1) {
      const good = draws(random, 500, prevalence);
      const passed = draws(random, good, truePass) + draws(random, 500 - good, 1 - trueFail);
      const verdicts = { passed, failed: 500 - passed };
      const rates = {
        goodRows: 100,
        goodPassed: draws(random, 100, truePass),
        badRows: 100,
        badFailed: draws(random, 100, trueFail),
      };
      const goldGood = draws(random, 100, prevalence);
      const goodPassed = draws(random, goldGood, truePass);
      const badFailed = draws(random, 100 - goldGood, trueFail);
      const gold = { goodPassed, goodFailed: goldGood - goodPassed, badFailed, badPassed: 100 - goldGood - badFailed };
      const covers = (interval: readonly [number, number] | null) =>
        interval !== null && interval[0] <= prevalence && prevalence <= interval[1];
      if (covers(roganGladen(verdicts, rates).interval)) byCard += 1;
      if (covers(predictionPowered(verdicts, gold).interval)) byGold += 1;
    }
    expect(byCard / rounds).toBeGreaterThan(0.91);
    expect(byCard / rounds).toBeLessThan(0.99);
    expect(byGold / rounds).toBeGreaterThan(0.91);
    expect(byGold / rounds).toBeLessThan(0.99);
  });
});

describe("the estimated pass rate of a batch", () => {
  const observed = { passed: 500, failed: 500 };
  const gold = { goodPassed: 45, goodFailed: 5, badPassed: 15, badFailed: 35 };
  const rate = (successes: number, total: number, designEffect = 1) => ({
    successes,
    total,
    value: successes / total,
    interval: [0, 1] as const,
    designEffect,
  });
  const card = cardWith({ atThreshold: { truePassRate: rate(900, 1000), trueFailRate: rate(800, 1000) } });

  test("comes from gold rows where there are enough, before the card", () => {
    expect(estimatePassRate({ observed, card, goldMixed: gold })).toEqual(predictionPowered(observed, gold));
  });

  test("comes from the card where there are too few gold rows, or none", () => {
    const few = { goodPassed: 5, goodFailed: 1, badPassed: 1, badFailed: 5 };
    expect(estimatePassRate({ observed, card, goldMixed: few })).toEqual(roganGladen(observed, known));
    expect(estimatePassRate({ observed, card })).toEqual(roganGladen(observed, known));
    expect(estimatePassRate({ observed, goldMixed: few })).toMatchObject({
      rate: null,
      because: expect.stringContaining("12 gold rows"),
    });
  });

  test("takes rows that belong together for fewer", () => {
    const grouped = cardWith({ atThreshold: { truePassRate: rate(900, 1000, 5), trueFailRate: rate(800, 1000, 4) } });
    expect(estimatePassRate({ observed, card: grouped })).toEqual(
      roganGladen(observed, { goodRows: 200, goodPassed: 180, badRows: 250, badFailed: 200 }),
    );
  });

  test("is refused with neither", () => {
    expect(estimatePassRate({ observed })).toEqual({
      rate: null,
      interval: null,
      method: "none",
      observed: 0.5,
      because: "There is neither a card nor a gold row, so nobody knows how often the verdicts are right.",
    });
  });
});
