import type { Grouped } from "./groups.ts";

/** Local scores between these two, ends included, are the judge's to decide. */
export type Band = readonly [low: number, high: number];

/** The local score of a labelled row; null where the local engine abstained. */
export interface LocalScore extends Grouped {
  readonly local: number | null;
  readonly good: boolean;
}

/** Fewer rows than this on one side say nothing about that side. */
const fewest = 10;

/**
 * The narrowest band outside which code alone errs on no more than `error` of the rows: below it at most that share is good,
 * above it at most that share is bad. An end that cannot be had is 0 or 1, so that code decides nothing on that side. What it is
 * worth must be measured on other rows.
 */
export function fitBand(rows: readonly LocalScore[], error: number): Band {
  const scored = rows.flatMap(({ local, good }) => (local === null ? [] : [{ score: local, good }]));
  const low = edge(scored, error);
  const mirrored = scored.map(({ score, good }) => ({ score: -score, good: !good }));
  const high = edge(mirrored, error);
  const [from, to] = [low ?? 0, high === undefined ? 1 : 0 - high];
  // Both sides may do well enough to meet; then nothing is left between them.
  return from <= to ? [from, to] : [(from + to) / 2, (from + to) / 2];
}

/** The highest score below which at most `error` of the rows are good; undefined when too few rows lie below any such score. */
function edge(rows: readonly { readonly score: number; readonly good: boolean }[], error: number): number | undefined {
  const sorted = rows.toSorted((a, b) => a.score - b.score);
  let found: number | undefined;
  let good = 0;
  for (const [at, row] of sorted.entries()) {
    const isNew = at > 0 && row.score !== sorted[at - 1]?.score;
    if (isNew && at >= fewest && good <= error * at) found = row.score;
    good += row.good ? 1 : 0;
  }
  return found;
}

/** Whether the cascade leaves a local score to the judge. */
export function isInBand(local: number | null, [low, high]: Band): boolean {
  return local === null || (local >= low && local <= high);
}

/** The band with the threshold inside: what lies outside must pass above and fail below. */
export function around([low, high]: Band, threshold: number): Band {
  return [Math.min(low, threshold), Math.max(high, threshold)];
}
