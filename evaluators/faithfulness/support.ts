import { stem as stemOf } from "../text/stem.ts";
import type { Token } from "../text/token.ts";
import { type Denials, denialsOf } from "./denials.ts";
import { dayOf } from "./facts.ts";
import { isKnownName } from "./names.ts";
import { isIncidental, isRival, supportingNumbers } from "./numbers.ts";
import { type ContextIndex, type ContextSentence, neighbours } from "./passages.ts";
import type { CountedNumber, Reading } from "./reading.ts";
import { widestWindow, type Window } from "./windows.ts";
import { missingPairsOf, missingWordsOf } from "./wording.ts";

/** What needs no support, because the question says it. */
export interface Known {
  readonly stems: ReadonlySet<string>;
  readonly numbers: ReadonlySet<number>;
}

/** What the context has and lacks of one claim. Every count is of things that it lacks. */
export interface Support {
  /** Words that carry meaning, and those of them that neither context nor question has. */
  readonly words: number;
  readonly missingWords: number;
  /** Longest run of missing words. */
  readonly longestRun: number;
  /** Different words, and those that do not stand with the others in the one place that has most of them. */
  readonly differentWords: number;
  readonly scattered: number;
  /** Neighbouring meaningful words and numbers. */
  readonly pairs: number;
  readonly missingPairs: number;
  readonly missingNumbers: number;
  readonly missingNames: number;
  readonly denials: Denials;
  /** 0 to 1: how much of the claim the context carries, by words alone. */
  readonly overlap: number;
  /** The context has another number for the same thing. */
  readonly rival: boolean;
  /** A sentence of the context denies what the claim says, or the other way round, and nothing else carries it. */
  readonly reversed: boolean;
  /** The sentence of the context that is nearest to the claim. */
  readonly evidence?: string;
}

/** Everything that decides about a claim by number. */
export const shares = {
  /** Shares of the words found in one place, of the words found anywhere, and of the word pairs found anywhere. */
  place: 0.5,
  anywhere: 0.25,
  pairs: 0.25,
  /** From this share of words on, a differing number speaks of the same thing. */
  sameMatter: 0.5,
  sameYear: 0.7,
  /** Where no other place has this share of the words, a sentence that says the opposite counts. */
  carried: 0.7,
} as const;

/**
 * Compares one claim with the context. More context never takes support away, and a word, number or name that the context
 * lacks never adds any, wherever in the claim it is put; only `denials`, `rival` and `reversed` know of contradictions.
 */
export function supportOf(claim: Reading, index: ContextIndex, known: Known): Support {
  const stems = [...new Set(claim.words)];
  const window = widestWindow(claim, stems, index);
  const near = neighbours(index, window.best);
  const words = missingWordsOf(claim, index, known.stems);
  const pairs = missingPairsOf(claim, index);
  const place = stems.length === 0 ? 0 : window.shared / stems.length;
  const overlap = overlapOf(claim, place, words.missingWords, pairs);
  const numbers = missingNumbersOf(claim, index, known);
  const names = claim.names.filter((name) => !isKnownName(name, index, known.stems) && !isInData(name, index));
  const evidence = evidenceFor(near, stems);
  return {
    words: claim.words.length,
    ...words,
    differentWords: stems.length,
    scattered: stems.length - window.shared,
    ...pairs,
    missingNumbers: numbers.length,
    missingNames: names.length,
    denials: sumOf(index.facts.map((facts) => denialsOf(claim, facts, (stem) => index.has(stem)))),
    overlap,
    rival: numbers.some((number) => hasRival(number, near, place)),
    reversed: window.reversed && place < shares.carried,
    ...(evidence === undefined ? {} : { evidence }),
  };
}

function overlapOf(
  claim: Reading,
  place: number,
  missingWords: number,
  pairs: { pairs: number; missingPairs: number },
): number {
  const words = claim.words.length;
  const parts: (readonly [number, number])[] = [];
  if (words > 0) parts.push([shares.place, place], [shares.anywhere, 1 - missingWords / words]);
  if (pairs.pairs > 0) parts.push([shares.pairs, 1 - pairs.missingPairs / pairs.pairs]);
  const total = parts.reduce((sum, [weight]) => sum + weight, 0);
  return total === 0 ? 1 : parts.reduce((sum, [weight, value]) => sum + weight * value, 0) / total;
}

function sumOf(all: readonly Denials[]): Denials {
  return all.reduce(
    (sum, { denied, unknown, hours }) => ({
      denied: sum.denied + denied,
      unknown: sum.unknown + unknown,
      hours: sum.hours || hours,
    }),
    { denied: 0, unknown: 0, hours: false },
  );
}

function missingNumbersOf(claim: Reading, index: ContextIndex, known: Known): CountedNumber[] {
  return claim.numbers.filter(
    (number) =>
      !isIncidental(number) &&
      !known.numbers.has(number.value) &&
      !isWholeWeek(number, index) &&
      supportingNumbers(number, index).length === 0,
  );
}

/** "Seven days a week", where the data has hours for seven. */
function isWholeWeek({ value, units }: CountedNumber, { facts }: ContextIndex): boolean {
  return value === 7 && units.includes("day") && facts.some(({ hours }) => hours?.size === 7);
}

/** A name such as "WiFi" that data has as a flag, or a day where it has opening hours, which are compared by themselves. */
function isInData({ lower, stem }: Token, { facts }: ContextIndex): boolean {
  return facts.some(
    ({ flags, hours }) =>
      (hours !== null && (dayOf(lower) >= 0 || weekParts.has(stem))) ||
      flags.some(({ joined, stems }) => joined.startsWith(lower) || joined.endsWith(lower) || stems.includes(stem)),
  );
}

const weekParts: ReadonlySet<string> = new Set(["weekday", "weekend"].map(stemOf));

function hasRival(number: CountedNumber, near: readonly ContextSentence[], place: Window["shared"]): boolean {
  if (place < (number.units.length === 0 ? shares.sameYear : shares.sameMatter)) return false;
  return near.some((sentence) => sentence.numbers.some((other) => isRival(number, other)));
}

function evidenceFor(near: readonly ContextSentence[], stems: readonly string[]): string | undefined {
  let [evidence, most]: [string | undefined, number] = [undefined, 0];
  for (const { text, stems: there } of near) {
    const count = stems.filter((stem) => there().has(stem)).length;
    if (count > most) [evidence, most] = [text, count];
  }
  return evidence;
}
