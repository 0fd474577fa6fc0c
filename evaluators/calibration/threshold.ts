import { exactLowerBound, exactUpperBound, showsAtLeast, showsAtMost } from "./exact.ts";
import { designEffect, type Grouped } from "./groups.ts";
import { wilsonInterval } from "./statistics.ts";
import type { Target } from "./target.ts";

/** A score, its label and what it must stay together with. */
export interface LabelledScore extends Grouped {
  readonly score: number;
  readonly good: boolean;
}

/** A threshold for a target, and what can be said of it. */
export interface ThresholdChoice {
  readonly threshold: number;
  /** `yes`: shown at 95 % confidence; `no`: shown that no threshold does it; `unsure`: the rows cannot tell. */
  readonly reached: "yes" | "no" | "unsure";
  /** One sentence: what was shown, or what is missing. */
  readonly because: string;
}

/** A place to cut, and what passes there. */
interface Cut {
  readonly threshold: number;
  readonly good: number;
  readonly bad: number;
}

/** Everything about the rows as a whole that a rule needs. */
interface Cuts {
  /** From the strictest to the laxest. */
  readonly cuts: readonly Cut[];
  readonly good: number;
  readonly bad: number;
  /** How many rows that belong together count as one, over all rows and over the bad ones. */
  readonly effect: number;
  readonly badEffect: number;
}

/** One in twenty. */
const risk = 0.05;

/**
 * Chooses a threshold on labelled scores, where a row passes at the threshold or above. For `precision` and `fpr` it is the laxest
 * that fixed-sequence testing with exact binomial bounds shows to keep the target with 95 % confidence (Angelopoulos et al. 2021,
 * "Learn then Test", section 5; used for judges by Jung et al. 2024, "Trust or Escalate"): cuts are tried from strict to lax until
 * one cannot be shown. Where none can be shown, it is the laxest that keeps the target on these rows.
 */
export function chooseThreshold(rows: readonly LabelledScore[], target: Target): ThresholdChoice {
  const cuts = cutsOf(rows);
  if (target.kind === "precision") return byPrecision(cuts, target.value);
  if (target.kind === "fpr") return byFalsePasses(cuts, target.value);
  const { threshold } = best(cuts.cuts, target.kind === "youden" ? youdenOf(cuts) : f1Of(cuts));
  return { threshold, reached: "unsure", because: "No share is demanded." };
}

function cutsOf(rows: readonly LabelledScore[]): Cuts {
  const scores = Map.groupBy(
    rows.toSorted((a, b) => b.score - a.score),
    ({ score }) => score,
  );
  const ordered = [...scores.keys()];
  let [good, bad] = [0, 0];
  const cuts = [...scores.values()].map((tied, at) => {
    const goodHere = tied.filter((row) => row.good).length;
    good += goodHere;
    bad += tied.length - goodHere;
    return { threshold: thresholdAt(ordered, at), good, bad };
  });
  const badRows = rows.filter((row) => !row.good);
  return { cuts, good, bad, effect: designEffect(rows), badEffect: designEffect(rows, badRows) };
}

/** Between a score and the next lower one; no lower than the lowest score needs, for nobody knows what lies below. */
function thresholdAt(ordered: readonly number[], at: number): number {
  const score = ordered[at] ?? 0;
  return shortestBetween(ordered[at + 1] ?? score - 0.001, score);
}

/** The number with the fewest decimals that is above `low` and not above `high`: a threshold that a person can copy. */
export function shortestBetween(low: number, high: number): number {
  for (let digits = 0; digits <= 15; digits += 1) {
    const middle = Number(((low + high) / 2).toFixed(digits));
    const rounded = [middle, Math.floor(high * 10 ** digits) / 10 ** digits].find((each) => each > low && each <= high);
    // Rounding a small negative number gives minus zero.
    if (rounded !== undefined) return rounded === 0 ? 0 : rounded;
  }
  return high;
}

function byPrecision({ cuts, effect }: Cuts, target: number): ThresholdChoice {
  const shows = ({ good, bad }: Cut, error: number): boolean =>
    showsAtLeast(target, good / effect, (good + bad) / effect, 1 - error);
  const starts = startsFor(cuts, effect, target);
  const shown = walk(cuts, starts, shows);
  if (shown)
    return { threshold: shown.threshold, reached: "yes", because: shownSentence("precision", "at least", target) };
  const counting = cuts.filter(({ good, bad }) => good + bad >= fewest);
  const precise = counting.filter(({ good, bad }) => good / (good + bad) >= target).at(-1);
  const { threshold } = precise ?? best(cuts, ({ good, bad }) => wilsonInterval(good, good + bad)[0]);
  const refuted = ({ good, bad }: Cut): boolean =>
    exactUpperBound(good / effect, (good + bad) / effect, 1 - risk) < target;
  if (counting.length > 0 && counting.every(refuted)) {
    return { threshold, reached: "no", because: `No threshold makes precision ${target} on these rows.` };
  }
  const needed = rowsToShow(target, risk);
  const because = `Precision ${target} could not be shown: that takes ${needed} passed rows without one error, or more with some.${allowance(effect)}`;
  return { threshold, reached: "unsure", because };
}

function byFalsePasses({ cuts, bad: badRows, badEffect }: Cuts, target: number): ThresholdChoice {
  const shows = ({ bad }: Cut, error: number): boolean =>
    showsAtMost(target, bad / badEffect, badRows / badEffect, 1 - error);
  const shown = walk(cuts, [0], shows);
  if (shown) return { threshold: shown.threshold, reached: "yes", because: shownSentence("fpr", "at most", target) };
  const [strictest] = cuts;
  const fallback = cuts.filter(({ bad }) => bad / badRows <= target).at(-1) ?? strictest;
  const threshold = fallback?.threshold ?? 1;
  if (strictest && exactLowerBound(strictest.bad / badEffect, badRows / badEffect, 1 - risk) > target) {
    return {
      threshold,
      reached: "no",
      because: `Even the strictest threshold passes more than ${target} of the bad rows.`,
    };
  }
  const needed = rowsToShow(1 - target, risk);
  const because = `Fpr ${target} could not be shown: that takes ${needed} bad rows of which none passes, or more with some.${allowance(badEffect)}`;
  return { threshold, reached: "unsure", because };
}

/** Below so many passed rows a share is noise, and no reason to prefer a threshold. */
const fewest = 10;

function shownSentence(kind: string, side: string, target: number): string {
  return `The ${kind} is ${side} ${target} with 95 % confidence, by fixed-sequence testing with exact bounds on all scored rows.`;
}

function allowance(effect: number): string {
  return effect > 1.05
    ? ` Rows of one group say less than separate ones: here ${effect.toFixed(2)} rows count as one.`
    : "";
}

/** So many rows without an error show a share: the smallest n with share^n at most the risk. */
function rowsToShow(share: number, error: number): number {
  return Math.ceil(Math.log(error) / Math.log(share) - 1e-9);
}

/** A walk may begin at one of up to four cuts that pass enough rows to show something, each with its part of the risk. */
const mostStarts = 4;

/** Where walks begin depends on how many rows pass and never on their labels, or the bounds would not hold. */
function startsFor(cuts: readonly Cut[], effect: number, target: number): readonly number[] {
  const rows = (cuts.at(-1)?.good ?? 0) + (cuts.at(-1)?.bad ?? 0);
  for (let count = mostStarts; count >= 1; count -= 1) {
    const least = rowsToShow(target, risk / count) * effect;
    const sizes = Array.from({ length: count }, (_, at) => least * 2 ** at);
    if ((sizes.at(-1) ?? 0) > rows) continue;
    return sizes.map((size) => cuts.findIndex(({ good, bad }) => good + bad >= size));
  }
  return [];
}

/** The laxest cut that is reached from a start by cuts that all hold. */
function walk(
  cuts: readonly Cut[],
  starts: readonly number[],
  shows: (cut: Cut, error: number) => boolean,
): Cut | undefined {
  let reached = -1;
  for (const start of starts) {
    for (let at = start; at < cuts.length; at += 1) {
      const cut = cuts[at];
      if (!cut || !shows(cut, risk / starts.length)) break;
      reached = Math.max(reached, at);
    }
  }
  return cuts[reached];
}

function youdenOf({ good, bad }: Cuts): (cut: Cut) => number {
  return (cut) => cut.good / good - cut.bad / bad;
}

function f1Of({ good }: Cuts): (cut: Cut) => number {
  return (cut) => (2 * cut.good) / (cut.good + cut.bad + good);
}

/** The strictest of the cuts with the highest worth. */
function best(cuts: readonly Cut[], worth: (cut: Cut) => number): Cut {
  const nothing: Cut = { threshold: 1, good: 0, bad: 0 };
  return cuts.reduce((most, cut) => (worth(cut) > worth(most) ? cut : most), cuts[0] ?? nothing);
}
