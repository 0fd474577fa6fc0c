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
  total(
    "strange_words",
    "words of which the context does not even have the beginning",
    ({ strangeWords }) => strangeWords,
  ),
  total("missing_pairs", "neighbouring words that are neighbours nowhere", ({ missingPairs }) => missingPairs),
  any("invented", "1 when a number or a name is missing", (one) => one.missingNumbers + one.missingNames > 0),
  any("foreign", "1 when a claim has no word that the context has", isForeign),
  total("missing_numbers", "numbers that the context does not have", ({ missingNumbers }) => missingNumbers),
  total(
    "distant_numbers",
    "numbers missing, or standing only where something else is spoken of",
    (one) => one.missingNumbers + one.distantNumbers,
  ),
  total(
    "distant_names",
    "names missing, or standing only where something else is spoken of",
    (one) => one.missingNames + one.distantNames,
  ),
  total("opposed", "claims of which a sentence of the context says the opposite", ({ reversed }) => (reversed ? 1 : 0)),
  total(
    "denied",
    "things said that data has otherwise (true for false, false for true)",
    ({ denials }) => denials.denied,
  ),
  total("unknown", "things said of which data has null", ({ denials }) => denials.unknown),
  total("hours", "claims with other opening hours than the data", ({ denials }) => (denials.hours ? 1 : 0)),
  total("claims", "claims", () => 1),
  total("weakest_claims", "claims carried by less than 0.25", ({ overlap }) => (overlap < 0.25 ? 1 : 0)),
  ranked("worst_gap", "what the worst claim lacks of being carried whole", 0, gapOf),
  ranked("second_gap", "the same of the second worst", 1, gapOf),
  ranked(
    "worst_missing",
    "largest share of missing words in a claim",
    0,
    (one) => one.missingWords / Math.max(1, one.words),
  ),
  ranked(
    "worst_scatter",
    "largest share of a claim's words outside of the place that has most of them",
    0,
    (one) => one.scattered / Math.max(1, one.differentWords),
  ),
  ranked(
    "worst_pairs",
    "largest share of missing pairs in a claim",
    0,
    (one) => one.missingPairs / Math.max(1, one.pairs),
  ),
  ranked("longest_run", "logarithm of the longest run of missing words", 0, (one) => Math.log1p(one.longestRun)),
];

/** Of a whole answer, or of one claim alone. */
export function featuresOf(supports: readonly Support[]): number[] {
  return features.map(({ valueOf }) => valueOf(supports));
}

/** Logarithm of one more than a sum over all claims: the first one counts most. */
function total(name: string, meaning: string, count: (support: Support) => number): Feature {
  return { name, meaning, valueOf: (supports) => Math.log1p(supports.reduce((sum, one) => sum + count(one), 0)) };
}

/** The largest or second largest value of any claim; 0 when there are not so many. */
function ranked(name: string, meaning: string, rank: 0 | 1, value: (support: Support) => number): Feature {
  return { name, meaning, valueOf: (supports) => supports.map(value).toSorted((a, b) => b - a)[rank] ?? 0 };
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
