import { betaProbability, betaQuantile, logGamma } from "./distributions.ts";
import type { Interval } from "./statistics.ts";

/**
 * Exact interval of a proportion (Clopper and Pearson 1934) by the beta distribution; never covers less than `level`. Counts
 * may be fractions, as they are after an allowance for rows that belong together (Korn and Graubard 1998). `[0, 1]` of no trials.
 */
export function clopperPearson(successes: number, total: number, level = 0.95): Interval {
  const tail = (1 - level) / 2;
  return [exactLowerBound(successes, total, 1 - tail), exactUpperBound(successes, total, 1 - tail)];
}

/** What the proportion exceeds with the given confidence: one side of Clopper and Pearson's interval. */
export function exactLowerBound(successes: number, total: number, confidence = 0.95): number {
  return successes <= 0 ? 0 : betaQuantile(1 - confidence, successes, total - successes + 1);
}

/** What the proportion stays below with the given confidence. */
export function exactUpperBound(successes: number, total: number, confidence = 0.95): number {
  return successes >= total ? 1 : betaQuantile(confidence, successes + 1, total - successes);
}

/** Whether `exactLowerBound` is at least a share between 0 and 1, at a fiftieth of its price. */
export function showsAtLeast(share: number, successes: number, total: number, confidence: number): boolean {
  return successes > 0 && betaProbability(share, successes, total - successes + 1) <= 1 - confidence;
}

/** Whether `exactUpperBound` is at most a share between 0 and 1, at a fiftieth of its price. */
export function showsAtMost(share: number, successes: number, total: number, confidence: number): boolean {
  return successes < total && betaProbability(share, successes + 1, total - successes) >= confidence;
}

/**
 * Two-sided exact p-value of McNemar's test: of the rows on which two examiners disagree, `b` went one way and `c` the other,
 * and a fair coin would do at least as lopsidedly (binomial with one half; Fagerland, Lydersen and Laake 2013, section "exact
 * conditional"). 1 without disagreement.
 */
export function mcnemarExact(b: number, c: number): number {
  const trials = b + c;
  let tail = 0;
  for (let k = 0; k <= Math.min(b, c); k += 1) tail += Math.exp(logChoose(trials, k) - trials * Math.LN2);
  return Math.min(1, 2 * tail);
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}
