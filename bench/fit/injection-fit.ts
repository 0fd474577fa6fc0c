import { seededRandom } from "../../evaluators/calibration/statistics.ts";
import { foldsOf } from "./folds.ts";
import { fitHashedLogistic, type FittedModel, worstWindow } from "./hashed-logistic.ts";
import type { InjectionRow } from "./injection-rows.ts";

const folds = 5;
/** False positives that the threshold may cost out of fold, known forms included: less than half of the two percent that may be. */
const allowed = 0.008;

/** Fits the model on rows. Settings were chosen on written rows whose templates were left out, never on PurpleLlama. */
export function fitInjection(rows: readonly InjectionRow[]): FittedModel {
  return fitHashedLogistic(rows, { rounds: 6, rate: 0.2, ridge: 1e-3, random: seededRandom(3) });
}

/** The logit of every row by a model that was not fitted on it. Written rows are in every fit. */
export function outOfFold(rows: readonly InjectionRow[], written: readonly InjectionRow[], seed: number): number[] {
  const fold = foldsOf(rows.length, folds, seed);
  const logits: number[] = Array.from({ length: rows.length }, () => 0);
  for (let left = 0; left < folds; left += 1) {
    const model = fitInjection([...rows.filter((_row, at) => fold[at] !== left), ...written]);
    for (const [at, row] of rows.entries()) if (fold[at] === left) logits[at] = worstWindow(row.windows, model).logit;
  }
  return logits;
}

/** The lowest logit above which at most the allowed share of the harmless rows lies or has a known form. */
export function thresholdFor(rows: readonly InjectionRow[], logits: readonly number[]): number {
  const harmless = rows.flatMap((row, at) => (row.bad ? [] : [{ form: row.form, logit: logits[at] ?? 0 }]));
  const spent = harmless.filter(({ form }) => form).length;
  const budget = Math.max(0, Math.floor(allowed * harmless.length) - spent);
  const ranked = harmless
    .filter(({ form }) => !form)
    .map(({ logit }) => logit)
    .toSorted((a, b) => b - a);
  return ranked[budget] ?? 0;
}
