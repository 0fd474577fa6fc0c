import { mayBeNumber } from "./numbers.ts";
import { remembering } from "./remembering.ts";
import { fold, stem } from "./stem.ts";
import { discourseWords, negations, stopWords } from "./stop-words.ts";

/** What is known of a word wherever it stands. */
export interface Word {
  readonly stem: string;
  readonly lower: string;
  readonly content: boolean;
  readonly capital: boolean;
  readonly negation: boolean;
  /** May be a number or a part of one, depending on what stands before it. */
  readonly numeric: boolean;
}

/** Reads a word as it stands in a text. */
export const readWord: (raw: string) => Word = remembering(
  (raw) => toWord(raw.includes("’") ? raw.replaceAll("’", "'") : raw),
  { most: 20_000, longest: 40 },
);

function toWord(word: string): Word {
  const lower = fold(word);
  const acronym = /^(?:\p{Lu}\.)+\p{Lu}$|^\p{Lu}{2,}$/u.test(word);
  const negation = negations.has(lower) || lower.endsWith("n't");
  return {
    stem: acronym ? lower.replaceAll(".", "") : stem(lower),
    lower,
    content: acronym || !(negation || stopWords.has(lower) || discourseWords.has(lower) || lower.length < 2),
    capital: /^\p{Lu}/u.test(word),
    negation,
    numeric: mayBeNumber(lower),
  };
}
