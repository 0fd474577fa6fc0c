import type { Engine } from "../evaluation.ts";
import { around, type Band, fitBand, isInBand } from "./band.ts";
import { type Calibrator, fitCalibrator, probabilityOf } from "./probability.ts";
import { underBand, type ScoredRow } from "./gold-run.ts";
import type { Target } from "./target.ts";
import { chooseThreshold, type ThresholdChoice } from "./threshold.ts";

export interface FitOptions {
  readonly engine: Engine;
  readonly target: Target;
  /** Share of rows on which code may err where the cascade lets it decide. */
  readonly bandError: number;
}

/** All that is fitted to labelled rows. */
export interface Fit {
  readonly choice: ThresholdChoice;
  /** Null without a local engine. */
  readonly band: Band | null;
  readonly calibrator: Calibrator;
}

/** What a fit makes of a row that it may never have seen. */
export interface Judged extends ScoredRow {
  readonly passed: boolean;
  readonly probability: number;
  /** What code alone would decide; null inside the band. */
  readonly decided: { readonly passed: boolean } | null;
}

/** Fits band, threshold and probability to labelled rows, in this order: under a cascade each rests on the one before. */
export function fit(rows: readonly ScoredRow[], { engine, target, bandError }: FitOptions): Fit {
  const narrowest = engine === "judge" ? null : fitBand(rows, bandError);
  const scores = engine === "cascade" && narrowest ? rows.map((row) => underBand(row, narrowest)) : rows;
  const choice = chooseThreshold(scores, target);
  return {
    choice,
    band: narrowest && around(narrowest, choice.threshold),
    calibrator: fitCalibrator(scores),
  };
}

/** Applies a fit to a row. */
export function judge({ choice, band, calibrator }: Fit, row: ScoredRow, engine: Engine): Judged {
  const final = engine === "cascade" && band ? underBand(row, band) : row;
  const { local } = row;
  return {
    ...final,
    passed: final.score >= choice.threshold,
    probability: probabilityOf(calibrator, final.score),
    decided: band === null || local === null || isInBand(local, band) ? null : { passed: local >= choice.threshold },
  };
}
