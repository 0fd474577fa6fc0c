import { type Fit, fit, type FitOptions, type Judged, judge } from "./fit.ts";
import type { ScoredRow } from "./gold-run.ts";
import { divide } from "./groups.ts";

/** Judges every row by a fit to the other parts. */
export function crossFit(parts: readonly (readonly ScoredRow[])[], options: FitOptions): readonly Judged[] {
  return parts.flatMap((part) => {
    const fitted: Fit = fit(othersThan(part, parts), options);
    return part.map((row) => judge(fitted, row, options.engine));
  });
}

/**
 * Divides rows so that every part can be judged by the rest: as equal as groups allow, groups whole and repeated rows together.
 * Where that cannot be, because few samples stand there many times, repeated rows may part; they still count as one in every
 * interval. Undefined when the groups that rows name leave too little.
 */
export function partsOf(
  rows: readonly ScoredRow[],
  folds: number,
  seed: number,
): readonly (readonly ScoredRow[])[] | undefined {
  const together = divide(rows, folds, seed);
  if (canCrossFit(together)) return together;
  const named = divide(
    rows.map((row) => ({ row, group: row.named, good: row.good })),
    folds,
    seed,
  ).map((part) => part.map(({ row }) => row));
  return canCrossFit(named) ? named : undefined;
}

function canCrossFit(parts: readonly (readonly ScoredRow[])[]): boolean {
  return parts.every((part) => {
    const others = othersThan(part, parts);
    return part.length > 0 && others.some(({ good }) => good) && others.some(({ good }) => !good);
  });
}

function othersThan(part: readonly ScoredRow[], parts: readonly (readonly ScoredRow[])[]): readonly ScoredRow[] {
  return parts.filter((other) => other !== part).flat();
}
