import { type Fit, fit, type FitOptions, type Judged, judge } from "./fit.ts";
import type { ScoredRow } from "./gold-run.ts";
import { divide } from "./groups.ts";

/** Judges every row by a fit to the other parts, whole groups apart; parts are as equal as groups allow. */
export function crossFit(
  rows: readonly ScoredRow[],
  options: FitOptions,
  { folds, seed }: { readonly folds: number; readonly seed: number },
): readonly Judged[] {
  const parts = divide(rows, folds, seed);
  return parts.flatMap((part) => {
    const fitted: Fit = fit(parts.filter((other) => other !== part).flat(), options);
    return part.map((row) => judge(fitted, row, options.engine));
  });
}
