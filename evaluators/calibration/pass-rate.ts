import { normalQuantile } from "./distributions.ts";
import type { Interval } from "./statistics.ts";

/** Verdicts of an evaluator on a batch; rows without a verdict are neither. */
export interface ObservedVerdicts {
  readonly passed: number;
  readonly failed: number;
}

/** How often verdicts were right on labelled rows. May be fractions, after an allowance for rows that belong together. */
export interface KnownRates {
  readonly goodRows: number;
  readonly goodPassed: number;
  readonly badRows: number;
  readonly badFailed: number;
}

/** Gold rows drawn at random from the same batch, each with its verdict. */
export interface MixedGold {
  readonly goodPassed: number;
  readonly goodFailed: number;
  readonly badPassed: number;
  readonly badFailed: number;
}

export interface PassRateEstimate {
  /** Estimated share of rows that are really good; null when it cannot be estimated. */
  readonly rate: number | null;
  readonly interval: Interval | null;
  readonly method: "rogan_gladen" | "prediction_powered" | "none";
  /** Share that the evaluator passed. NaN of none. */
  readonly observed: number;
  /** One sentence: what the estimate rests on, or why there is none. */
  readonly because: string;
}

/** A judge that tells good from bad by less than this cannot be corrected: the correction divides by it. */
const leastDiscernment = 0.1;
/** Nor can one whose discernment is not known to three of its standard errors. */
const leastErrors = 3;

/**
 * True pass rate of a batch from the verdicts of an evaluator whose true pass and true fail rates were measured on other rows
 * (Rogan and Gladen 1978), with an interval that carries the uncertainty of those rates (Lang and Reiczigel 2014; for judges Lee
 * et al. 2025, arXiv 2511.21140): both are shrunk by Agresti and Coull's pseudo-rows first. Holds when the evaluator errs on the
 * batch as often as it did on the labelled rows.
 */
export function roganGladen({ passed, failed }: ObservedVerdicts, known: KnownRates, level = 0.95): PassRateEstimate {
  const z = normalQuantile((1 + level) / 2);
  const total = passed + failed;
  const observed = passed / total;
  const none = (because: string): PassRateEstimate => ({
    rate: null,
    interval: null,
    method: "none",
    observed,
    because,
  });
  if (total === 0) return none("No row of the batch has a verdict.");

  const seen = { share: (passed + z ** 2 / 2) / (total + z ** 2), rows: total + z ** 2 };
  const good = shrunk(known.goodPassed, known.goodRows);
  const bad = shrunk(known.badFailed, known.badRows);
  const discernment = good.share + bad.share - 1;
  const doubt = Math.sqrt(varianceOf(good) + varianceOf(bad));
  if (discernment < Math.max(leastDiscernment, leastErrors * doubt)) return none(tooBlunt(discernment, doubt));

  const centre = (seen.share + bad.share - 1) / discernment;
  const shift = 2 * z ** 2 * (centre * varianceOf(good) - (1 - centre) * varianceOf(bad));
  const variance = varianceOf(seen) + centre ** 2 * varianceOf(good) + (1 - centre) ** 2 * varianceOf(bad);
  const half = (z * Math.sqrt(variance)) / discernment;
  const rate = clip(
    (observed + known.badFailed / known.badRows - 1) /
      (known.goodPassed / known.goodRows + known.badFailed / known.badRows - 1),
  );
  return {
    rate,
    interval: [Math.min(rate, clip(centre + shift - half)), Math.max(rate, clip(centre + shift + half))],
    method: "rogan_gladen",
    observed,
    because: `Corrected by a true pass rate of ${percent(known.goodPassed / known.goodRows)} and a true fail rate of ${percent(known.badFailed / known.badRows)}, assuming that the evaluator errs on this batch as it did on the labelled rows.`,
  };
}

/**
 * True pass rate of a batch from its verdicts and from gold rows drawn at random from it: prediction-powered inference with the
 * weight that makes the variance smallest (Angelopoulos et al. 2023, "PPI++"), which for verdicts of two kinds is the share of
 * good rows among passed and among failed gold rows, weighted by the verdicts of all rows (Tenenbein 1970). Assumes nothing about
 * the evaluator, only that the gold rows are a random draw. `observed` is the rest of the batch, without them.
 */
export function predictionPowered(
  { passed, failed }: ObservedVerdicts,
  gold: MixedGold,
  level = 0.95,
): PassRateEstimate {
  const z = normalQuantile((1 + level) / 2);
  const goldPassed = gold.goodPassed + gold.badPassed;
  const goldFailed = gold.goodFailed + gold.badFailed;
  const total = passed + failed + goldPassed + goldFailed;
  const observed = (passed + goldPassed) / total;
  if (goldPassed + goldFailed < fewestMixed) {
    const because = `${goldPassed + goldFailed} gold rows were mixed in; an estimate takes at least ${fewestMixed}.`;
    return { rate: null, interval: null, method: "none", observed, because };
  }
  const amongPassed = shrunk(gold.goodPassed, goldPassed);
  const amongFailed = shrunk(gold.goodFailed, goldFailed);
  const centre = observed * amongPassed.share + (1 - observed) * amongFailed.share;
  const variance =
    observed ** 2 * varianceOf(amongPassed) +
    (1 - observed) ** 2 * varianceOf(amongFailed) +
    ((amongPassed.share - amongFailed.share) ** 2 * observed * (1 - observed)) / total;
  const half = z * Math.sqrt(variance);
  const rate = observed * shareOf(gold.goodPassed, goldPassed) + (1 - observed) * shareOf(gold.goodFailed, goldFailed);
  return {
    rate,
    interval: [Math.min(rate, clip(centre - half)), Math.max(rate, clip(centre + half))],
    method: "prediction_powered",
    observed,
    because: `From ${goldPassed + goldFailed} gold rows drawn from the batch and the verdicts on ${total} rows.`,
  };
}

/** Fewer mixed gold rows make an interval that nobody should believe. */
const fewestMixed = 20;

interface Estimate {
  readonly share: number;
  readonly rows: number;
}

/** With one more row of each kind, so that nothing is certain after a few rows. */
function shrunk(successes: number, rows: number): Estimate {
  return { share: (successes + 1) / (rows + 2), rows: rows + 2 };
}

function varianceOf({ share, rows }: Estimate): number {
  return (share * (1 - share)) / rows;
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 0.5 : part / whole;
}

function clip(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

function tooBlunt(discernment: number, doubt: number): string {
  return `The evaluator tells good from bad too little to be corrected: true pass rate and true fail rate less 1 is ${discernment.toFixed(2)} ± ${doubt.toFixed(2)}, and it takes ${leastDiscernment} and ${leastErrors} standard errors.`;
}
