import type { EvaluatorCard } from "../../../evaluators/calibration/card.ts";

type Changes = Omit<Partial<EvaluatorCard>, "measured" | "atThreshold"> & {
  readonly measured?: Partial<EvaluatorCard["measured"]>;
  readonly atThreshold?: Partial<EvaluatorCard["atThreshold"]>;
};

/** A card that could be real, with some of it changed. */
export function cardWith({ measured = {}, atThreshold = {}, ...changes }: Changes = {}): EvaluatorCard {
  return {
    format: 1,
    evaluator: "faithfulness",
    version: "0123456789ab",
    engine: "local",
    judge: null,
    target: { kind: "precision", value: 0.9 },
    reached: "yes",
    because: "The precision is at least 0.9.",
    threshold: 0.62,
    band: {
      low: 0.3,
      high: 0.8,
      decided: { successes: 60, total: 100, value: 0.6, interval: [0.5, 0.69], designEffect: 1 },
      right: { successes: 57, total: 60, value: 0.95, interval: [0.86, 0.98], designEffect: 1 },
    },
    rows: {
      given: 104,
      scored: 100,
      groups: 50,
      good: 60,
      bad: 40,
      unscored: { error: 1, timeout: 0, skipped: 1, abstained: 2 },
    },
    prevalence: 0.6,
    measured: {
      folds: 5,
      seed: 1,
      truePassRate: { successes: 54, total: 60, value: 0.9, interval: [0.8, 0.95], designEffect: 1.5 },
      trueFailRate: { successes: 36, total: 40, value: 0.9, interval: [0.77, 0.96], designEffect: 1 },
      precision: { successes: 54, total: 58, value: 54 / 58, interval: [0.83, 0.97], designEffect: 1 },
      balancedAccuracy: 0.9,
      kappa: { value: 0.79, interval: [0.66, 0.9] },
      areaUnderCurve: { value: 0.95, interval: [0.9, 0.98] },
      calibrationError: 0.042,
      bins: [
        { from: 0, to: 0.5, rows: 40, goodRows: 4, probability: 0.12 },
        { from: 0.5, to: 0.75, rows: 0, goodRows: 0, probability: null },
        { from: 0.75, to: 1, rows: 60, goodRows: 56, probability: 0.91 },
      ],
      ...measured,
    },
    atThreshold: {
      truePassRate: { successes: 54, total: 60, value: 0.9, interval: [0.8, 0.95], designEffect: 1 },
      trueFailRate: { successes: 37, total: 40, value: 0.925, interval: [0.8, 0.97], designEffect: 1 },
      precision: { successes: 54, total: 57, value: 54 / 57, interval: [0.86, 0.98], designEffect: 1 },
      ...atThreshold,
    },
    calibrator: { kind: "platt", slope: 8, intercept: -4 },
    data: { sha256: "ab".repeat(32) },
    madeAt: "2026-01-02T03:04:05.000Z",
    ...changes,
  };
}
