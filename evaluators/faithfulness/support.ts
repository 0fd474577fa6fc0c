import type { Token } from "../text/token.ts";
import { type Denials, denialsOf } from "./denials.ts";
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
  /** Missing words of which not even the beginning is there. */
  readonly strangeWords: number;
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
  /** Numbers and names that the context has, but not where it speaks of this. */
  readonly distantNumbers: number;
  readonly distantNames: number;
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
  /** Below this overlap a sentence that says the opposite counts. */
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
  const numbers = numbersOf(claim, index, known, stems);
  const evidence = evidenceFor(near, stems);
  return {
    words: claim.words.length,
    ...words,
    differentWords: stems.length,
    scattered: stems.length - window.shared,
    ...pairs,
    missingNumbers: numbers.missing.length,
    distantNumbers: numbers.distant,
    ...namesOf(claim, index, known, stems),
    denials: sumOf(index.facts.map((facts) => denialsOf(claim, facts, (stem) => index.has(stem)))),
    overlap,
    rival: numbers.missing.some((number) => hasRival(number, near, place)),
    reversed: window.reversed && overlap < shares.carried,
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

/** Words that a number's place, or a name's, must share with the claim to speak of the same. */
const sharedWithNumber = 2;
const sharedWithName = 3;
/** What stands in more places than this belongs anywhere. */
const mostPlaces = 200;

function numbersOf(claim: Reading, index: ContextIndex, known: Known, stems: readonly string[]) {
  const missing: CountedNumber[] = [];
  let distant = 0;
  for (const number of claim.numbers) {
    if (isIncidental(number) || known.numbers.has(number.value) || isWholeWeek(number, index)) continue;
    const places = supportingNumbers(number, index).map(({ sentence }) => sentence);
    if (places.length === 0) missing.push(number);
    else if (isDistant(places, index, stems, sharedWithNumber)) distant += 1;
  }
  return { missing, distant };
}

/** "Seven days a week", where the data has hours for seven. */
function isWholeWeek({ value, units }: CountedNumber, { facts }: ContextIndex): boolean {
  return value === 7 && units.includes("day") && facts.some(({ hours }) => hours?.size === 7);
}

function namesOf(claim: Reading, index: ContextIndex, known: Known, stems: readonly string[]) {
  let missingNames = 0;
  let distantNames = 0;
  for (const name of claim.names) {
    if (!isKnownName(name, index, known.stems) && !isFlag(name, index)) missingNames += 1;
    else if (isDistant(index.where.get(name.stem) ?? [], index, stems, sharedWithName)) distantNames += 1;
  }
  return { missingNames, distantNames };
}

/** A name such as "WiFi" that data has as a flag. */
function isFlag({ lower, stem }: Token, { facts }: ContextIndex): boolean {
  return facts.some(({ flags }) =>
    flags.some(({ joined, stems }) => joined.startsWith(lower) || joined.endsWith(lower) || stems.includes(stem)),
  );
}

function isDistant(places: readonly number[], index: ContextIndex, stems: readonly string[], wanted: number): boolean {
  if (places.length === 0 || places.length >= mostPlaces) return false;
  const least = Math.min(wanted, stems.length);
  return !places.some((at) => sharedAt(at, index, stems, least) >= least);
}

function sharedAt(at: number, index: ContextIndex, stems: readonly string[], enough: number): number {
  const near = neighbours(index, at);
  let shared = 0;
  for (const stem of stems) {
    if (shared >= enough) break;
    if (near.some((sentence) => sentence.stems.has(stem))) shared += 1;
  }
  return shared;
}

function hasRival(number: CountedNumber, near: readonly ContextSentence[], place: Window["shared"]): boolean {
  if (place < (number.units.length === 0 ? shares.sameYear : shares.sameMatter)) return false;
  return near.some((sentence) => sentence.numbers.some((other) => isRival(number, other)));
}

function evidenceFor(near: readonly ContextSentence[], stems: readonly string[]): string | undefined {
  let [evidence, most]: [string | undefined, number] = [undefined, 0];
  for (const { text, stems: there } of near) {
    const count = stems.filter((stem) => there.has(stem)).length;
    if (count > most) [evidence, most] = [text, count];
  }
  return evidence;
}
