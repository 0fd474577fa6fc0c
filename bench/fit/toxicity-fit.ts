import { seededRandom } from "../../evaluators/calibration/statistics.ts";
import { foldsOf } from "./folds.ts";
import { fitHashedLogistic, type FittedModel, worstWindow } from "./hashed-logistic.ts";
import type { ToxicityRow } from "./toxicity-rows.ts";

const folds = 5;
/** False positives out of fold that the threshold may cost on the harmless rows of the moderation set, which are hard ones. */
const allowed = 0.03;

export function fitToxicity(rows: readonly ToxicityRow[]): FittedModel {
  return fitHashedLogistic(rows, { rounds: 6, rate: 0.15, ridge: 1e-4, random: seededRandom(3) });
}

/** The logit of every row by a model that was not fitted on it. */
export function toxicityOutOfFold(rows: readonly ToxicityRow[], ordinary: readonly ToxicityRow[]): number[] {
  const fold = foldsOf(rows.length, folds, 5);
  const logits: number[] = Array.from({ length: rows.length }, () => 0);
  for (let left = 0; left < folds; left += 1) {
    const model = fitToxicity([...rows.filter((_row, at) => fold[at] !== left), ...ordinary]);
    for (const [at, row] of rows.entries()) if (fold[at] === left) logits[at] = worstWindow(row.windows, model).logit;
  }
  return logits;
}

/** The lowest logit above which at most the allowed share of the harmless rows lies. */
export function toxicityCut(rows: readonly ToxicityRow[], logits: readonly number[]): number {
  const harmless = rows.flatMap((row, at) => (row.bad ? [] : [logits[at] ?? 0])).toSorted((a, b) => b - a);
  return harmless[Math.floor(allowed * harmless.length)] ?? 0;
}
