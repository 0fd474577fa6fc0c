import { balancedAccuracy, confusionOf, kappaOf } from "./agreement.ts";
import type { EvaluatorCard, Rate } from "./card.ts";
import type { Judged } from "./fit.ts";
import { designEffect, type Grouped } from "./groups.ts";
import { expectedCalibrationError, reliabilityBins } from "./reliability.ts";
import { areaInterval, kappaInterval } from "./resampled.ts";
import { areaUnderCurve, wilsonInterval } from "./statistics.ts";

type Measured = EvaluatorCard["measured"];

/** Measures verdicts on rows that had no part in the fit that gave them. */
export function measure(rows: readonly Judged[], { folds, seed }: { folds: number; seed: number }): Measured {
  const confusion = confusionOf(rows);
  const probabilities = rows.map(({ probability }) => probability);
  const labels = rows.map((row) => row.good);
  return {
    folds,
    seed,
    ...ratesOf(rows),
    balancedAccuracy: balancedAccuracy(confusion),
    kappa: {
      value: kappaOf(confusion),
      interval: kappaInterval(rows, { seed }),
    },
    areaUnderCurve: { value: areaOf(rows), interval: areaInterval(rows, { seed }) },
    calibrationError: expectedCalibrationError(probabilities, labels),
    bins: reliabilityBins(probabilities, labels).map(({ from, to, rows: size, goodRows, probability }) => ({
      from,
      to,
      rows: size,
      goodRows,
      probability: size === 0 ? null : probability,
    })),
  };
}

/** How often verdicts are right on good, on bad and on passed rows. */
export function ratesOf(rows: readonly Judged[]): EvaluatorCard["atThreshold"] {
  const those = (holds: (row: Judged) => boolean): readonly Judged[] => rows.filter(holds);
  return {
    truePassRate: rateOf(
      those((row) => row.good),
      (row) => row.passed,
    ),
    trueFailRate: rateOf(
      those((row) => !row.good),
      (row) => !row.passed,
    ),
    precision: rateOf(
      those((row) => row.passed),
      (row) => row.good,
    ),
  };
}

function areaOf(rows: readonly Judged[]): number {
  const scores = (good: boolean): number[] => rows.filter((row) => row.good === good).map(({ score }) => score);
  return areaUnderCurve(scores(true), scores(false));
}

/** A share of rows with Wilson's interval on as many rows as there would be if groups were single rows. */
export function rateOf<Row extends Grouped>(rows: readonly Row[], holds: (row: Row) => boolean): Rate {
  const marked = rows.map((row) => ({ group: row.group, good: holds(row) }));
  const successes = marked.filter(({ good }) => good).length;
  const total = rows.length;
  const effect = total === 0 ? 1 : designEffect(marked);
  const [low, high] = wilsonInterval(successes / effect, total / effect);
  return {
    successes,
    total,
    value: total === 0 ? null : successes / total,
    interval: [low, high],
    designEffect: effect,
  };
}
