import { type BootstrapOptions, bootstrapInterval, type Interval } from "./statistics.ts";

/** How much better the second of two systems did on the same rows. */
export interface PairedDifference {
  /** Mean of second minus first. NaN of no rows. */
  readonly difference: number;
  readonly interval: Interval;
}

/** One row's result under both systems, and what it must stay together with. */
export interface PairedResult {
  readonly first: number;
  readonly second: number;
  readonly group?: string;
}

/**
 * Mean difference of two systems on the same rows with a percentile interval: pairs are drawn together, and whole groups where
 * rows name one (Efron and Tibshirani 1993; Koehn 2004 for systems under test).
 */
export function pairedBootstrap(pairs: readonly PairedResult[], options?: BootstrapOptions): PairedDifference {
  const groups = [...Map.groupBy(pairs, ({ group }, at) => group ?? at).values()];
  return { difference: meanDifference(pairs), interval: bootstrapInterval(groups, meanDifference, options) };
}

function meanDifference(pairs: readonly PairedResult[]): number {
  return pairs.reduce((sum, { first, second }) => sum + second - first, 0) / pairs.length;
}
