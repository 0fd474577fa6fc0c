import { splitSentences } from "../text/sentences.ts";
import { type CountedNumber, type Reading, readSentence } from "./reading.ts";
import { toLines } from "./structured.ts";

/** A sentence of the context. `passage` tells which entry of the context it stands in. */
export interface ContextSentence extends Reading {
  readonly text: string;
  readonly passage: number;
  readonly stems: ReadonlySet<string>;
}

/** The context, read once, in which any number of claims are looked up. */
export interface ContextIndex {
  readonly sentences: readonly ContextSentence[];
  /** Indexes of the sentences in which a stem occurs. */
  readonly where: ReadonlyMap<string, readonly number[]>;
  readonly pairs: ReadonlySet<string>;
  readonly numbers: ReadonlyMap<number, readonly CountedNumber[]>;
  /** First letters of runs of words, for acronyms. */
  readonly initials: ReadonlySet<string>;
  /** First five letters of every longer stem. */
  readonly roots: ReadonlySet<string>;
  /** Whether times of day run to 24, so that 7:00 is the morning. */
  readonly uses24Hours: boolean;
  /** How much a stem tells: rare ones more. From 1 to about 3; words that the context does not have count little more than common ones. */
  weight(stem: string): number;
}

const unknownWeight = 1.3;

/** Reads the context, JSON passages by key and value. */
export function indexContext(context: readonly string[]): ContextIndex {
  const sentences = context.flatMap((passage, index) => sentencesOf(passage, index));
  const where = new Map<string, number[]>();
  const numbers = new Map<number, CountedNumber[]>();
  sentences.forEach((sentence, index) => {
    for (const stem of sentence.stems) append(where, stem, index);
    for (const number of sentence.numbers) append(numbers, number.value, number);
  });
  const total = sentences.length;
  return {
    sentences,
    where,
    pairs: new Set(sentences.flatMap((sentence) => sentence.pairs)),
    numbers,
    initials: new Set(sentences.flatMap((sentence) => initialsOf(sentence.words))),
    roots: new Set([...where.keys()].filter((stem) => stem.length >= 5).map((stem) => stem.slice(0, 5))),
    uses24Hours: [...numbers.values()].some((found) =>
      found.some(({ kind, value }) => kind === "time" && value >= 780),
    ),
    weight: (stem) => {
      const found = where.get(stem)?.length ?? 0;
      return found === 0 ? unknownWeight : 1 + Math.log1p(total / found) / 4;
    },
  };
}

function sentencesOf(passage: string, index: number): ContextSentence[] {
  return splitSentences(toLines(passage)).map(({ text }) => {
    const reading = readSentence(text);
    return { ...reading, text, passage: index, stems: new Set(reading.words) };
  });
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Two to five words in a row: "world health organization" gives wh, who, ho. */
function initialsOf(words: readonly string[]): string[] {
  const letters = words.map((word) => word.charAt(0)).join("");
  const found: string[] = [];
  for (let size = 2; size <= 5; size += 1) {
    for (let at = 0; at + size <= letters.length; at += 1) found.push(letters.slice(at, at + size));
  }
  return found;
}
