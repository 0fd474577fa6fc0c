import { normalQuantile } from "./distributions.ts";

/** Lower and upper end. */
export type Interval = readonly [low: number, high: number];

/**
 * Area under the ROC curve: the chance that a good row scores higher than a bad one, ties counting half (Hanley and McNeil
 * 1982, the Mann-Whitney statistic). NaN when one of the groups is empty.
 */
export function areaUnderCurve(good: readonly number[], bad: readonly number[]): number {
  const sortedGood = Float64Array.from(good).sort();
  const sortedBad = Float64Array.from(bad).sort();
  let wins = 0;
  let below = 0;
  let notAbove = 0;
  for (const score of sortedGood) {
    while (below < sortedBad.length && (sortedBad[below] ?? 0) < score) below += 1;
    while (notAbove < sortedBad.length && (sortedBad[notAbove] ?? 0) <= score) notAbove += 1;
    wins += (below + notAbove) / 2;
  }
  return wins / (good.length * bad.length);
}

/**
 * Score interval of a proportion (Wilson 1927; method 3 of Newcombe 1998), as proportions. Nothing is known from no trials:
 * `[0, 1]`.
 */
export function wilsonInterval(successes: number, total: number, level = 0.95): Interval {
  if (total === 0) return [0, 1];
  const z = normalQuantile((1 + level) / 2);
  const share = successes / total;
  const denominator = 1 + z ** 2 / total;
  const centre = (share + z ** 2 / (2 * total)) / denominator;
  const half = (z / denominator) * Math.sqrt((share * (1 - share)) / total + z ** 2 / (4 * total ** 2));
  // At the ends the formula is exact and the arithmetic is not.
  return [successes === 0 ? 0 : centre - half, successes === total ? 1 : centre + half];
}

/** A share that was seen, and where it may really lie. */
export interface Share {
  /** Null of no rows. */
  readonly value: number | null;
  readonly interval: Interval;
}

/**
 * Interval of the difference of two independent shares, first less second, from the score interval of each (Newcombe 1998,
 * "Interval estimation for the difference between independent proportions", method 10). `[-1, 1]` when one has no rows.
 */
export function newcombeDifference(first: Share, second: Share): Interval {
  if (first.value === null || second.value === null) return [-1, 1];
  const difference = first.value - second.value;
  const below = Math.hypot(first.value - first.interval[0], second.interval[1] - second.value);
  const above = Math.hypot(first.interval[1] - first.value, second.value - second.interval[0]);
  return [difference - below, difference + above];
}

export interface BootstrapOptions {
  /** Resamples; 1,000 when absent. */
  readonly rounds?: number;
  readonly seed?: number;
  readonly level?: number;
}

/**
 * Percentile interval of a statistic when whole groups of rows (all answers about one source, say) are drawn again with
 * replacement (Efron and Tibshirani 1993, chapters 13 and 8.6). A resample on which the statistic is NaN (only one class was
 * drawn) is left out; NaN ends when all were.
 */
export function bootstrapInterval<Row>(
  groups: readonly (readonly Row[])[],
  statistic: (rows: readonly Row[]) => number,
  options?: BootstrapOptions,
): Interval {
  return resample(groups.length, (drawn) => statistic([...drawn].flatMap((at) => groups[at] ?? [])), options);
}

/**
 * The same interval for a statistic that is told how often each group was drawn instead of the rows: for many rows, a hundred
 * times as fast. The array is used again for the next resample.
 */
export function bootstrapByCounts(
  groups: number,
  statistic: (times: Uint32Array) => number,
  options?: BootstrapOptions,
): Interval {
  const times = new Uint32Array(groups);
  const count = (drawn: Uint32Array): Uint32Array => {
    times.fill(0);
    for (const at of drawn) times[at] = (times[at] ?? 0) + 1;
    return times;
  };
  return resample(groups, (drawn) => statistic(count(drawn)), options);
}

function resample(
  groups: number,
  statistic: (drawn: Uint32Array) => number,
  { rounds = 1000, seed = 1, level = 0.95 }: BootstrapOptions = {},
): Interval {
  const random = seededRandom(seed);
  const drawn = new Uint32Array(groups);
  const values: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (let at = 0; at < groups; at += 1) drawn[at] = Math.floor(random() * groups);
    const value = statistic(drawn);
    if (!Number.isNaN(value)) values.push(value);
  }
  return percentileInterval(values, level);
}

/** The middle `level` of some values. NaN ends when there are none. */
export function percentileInterval(values: readonly number[], level = 0.95): Interval {
  const sorted = Float64Array.from(values).sort();
  return [quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2)];
}

/** Quantile of sorted values, linear between neighbours (type 7 of Hyndman and Fan 1996). NaN of none. */
export function quantile(sorted: ArrayLike<number>, probability: number): number {
  const at = (sorted.length - 1) * probability;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/**
 * Numbers in [0, 1) that are the same for the same seed on every machine: xoshiro128** (Blackman and Vigna 2018) with 53 bits
 * of two outputs, its state filled from the seed by splitmix32. Not for secrets.
 */
export function seededRandom(seed: number): () => number {
  const next = xoshiro128(splitmix32(seed));
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53;
}

/** The generator itself, 32 bits a call, from four words of which one is not zero. */
export function xoshiro128(state: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = state;
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result;
  };
}

function splitmix32(seed: number): readonly [number, number, number, number] {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
  return [next(), next(), next(), next()];
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
