import type { Support } from "./support.ts";

/** One sign that something in an answer is not carried by the context. */
export interface Feature {
  readonly name: string;
  /** What it counts, for people. */
  readonly meaning: string;
  valueOf(supports: readonly Support[]): number;
}

/**
 * The signs from which the model computes its probability. Each is a sum, a count or a maximum over claims of things that
 * the context lacks, so that it never falls when something unsupported is added or context is taken away.
 */
export const features: readonly Feature[] = [
  any("invented", "1 when a number or a name is missing", (one) => one.missingNumbers + one.missingNames > 0),
  any("foreign", "1 when a claim has no word that the context has", isForeign),
  total("missing_numbers", "numbers that the context does not have", ({ missingNumbers }) => missingNumbers),
  total("opposed", "claims of which a sentence of the context says the opposite", ({ reversed }) => (reversed ? 1 : 0)),
  total(
    "denied",
    "things said that data has otherwise (true for false, false for true)",
    ({ denials }) => denials.denied,
  ),
  total("unknown", "things said of which data has null", ({ denials }) => denials.unknown),
  total("hours", "claims with other opening hours than the data", ({ denials }) => (denials.hours ? 1 : 0)),
  total("weakest_claims", "claims carried by less than 0.25", ({ overlap }) => (overlap < 0.25 ? 1 : 0)),
  worst("worst_gap", "what the worst claim lacks of being carried whole", gapOf),
  worst(
    "worst_scatter",
    "largest share of a claim's words outside of the place that has most of them",
    (one) => one.scattered / Math.max(1, one.differentWords),
  ),
  worst("worst_pairs", "largest share of missing pairs in a claim", (one) => one.missingPairs / Math.max(1, one.pairs)),
  worst("longest_run", "logarithm of the longest run of missing words", (one) => Math.log1p(one.longestRun)),
];

/** Of a whole answer, or of one claim alone. */
export function featuresOf(supports: readonly Support[]): number[] {
  return features.map(({ valueOf }) => valueOf(supports));
}

/** Logarithm of one more than a sum over all claims: the first one counts most. */
function total(name: string, meaning: string, count: (support: Support) => number): Feature {
  return { name, meaning, valueOf: (supports) => Math.log1p(supports.reduce((sum, one) => sum + count(one), 0)) };
}

/** The largest value of any claim. */
function worst(name: string, meaning: string, value: (support: Support) => number): Feature {
  return { name, meaning, valueOf: (supports) => supports.reduce((most, one) => Math.max(most, value(one)), 0) };
}

function any(name: string, meaning: string, holds: (support: Support) => boolean): Feature {
  return { name, meaning, valueOf: (supports) => (supports.some(holds) ? 1 : 0) };
}

function isForeign({ words, missingWords }: Support): boolean {
  return words > 0 && missingWords === words;
}

function gapOf({ overlap }: Support): number {
  return 1 - overlap;
}
