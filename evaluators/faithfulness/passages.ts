import { remembering } from "../text/remembering.ts";
import { splitSentences } from "../text/sentences.ts";
import { type ContextWords, createContextWords } from "./context-words.ts";
import type { Facts } from "./facts.ts";
import { type CountedNumber, readSentence } from "./reading.ts";
import { type Line, readPassage } from "./structured.ts";

/** A sentence of the context. */
export interface ContextSentence {
  readonly text: string;
  /** Sentences of one passage stand together; those from `first` to `last` are its neighbours. */
  readonly first: number;
  readonly last: number;
  /** Says that something is not so: its words support only a denial. */
  readonly denies: boolean;
  /** Different meaningful words. */
  readonly size: number;
  readonly negated: ReadonlySet<string>;
  readonly contrasts: boolean;
  readonly conditional: boolean;
  readonly excepts: boolean;
  readonly compares: boolean;
  readonly turns: boolean;
  readonly stems: ReadonlySet<string>;
  readonly numbers: readonly CountedNumber[];
}

/** The context, read once, in which any number of claims are looked up. Nothing in it depends on the order of passages. */
export interface ContextIndex extends ContextWords {
  readonly sentences: readonly ContextSentence[];
  /** What JSON passages say of flags and hours. */
  readonly facts: readonly Facts[];
}

/** How many sentences on either side belong to what is said in one place; lines of JSON are short. */
const prose = 1;
const data = 8;

/** Reads the context, JSON passages by key and value. */
export function indexContext(context: readonly string[]): ContextIndex {
  const sentences: ContextSentence[] = [];
  const facts: Facts[] = [];
  const words = createContextWords();
  for (const passage of context) {
    const read = readPassage(passage);
    if (read.facts) facts.push(read.facts);
    addPassage(read.lines, read.facts ? data : prose, sentences, words);
  }
  return { sentences, facts, ...words };
}

/** A sentence with those around it. */
export function neighbours({ sentences }: ContextIndex, at: number): readonly ContextSentence[] {
  const sentence = sentences[at];
  return sentence ? sentences.slice(sentence.first, sentence.last + 1) : [];
}

/** The same passages come with many requests. */
const readOnce = remembering(readSentence, { most: 2_000, longest: 400 });

function addPassage(
  lines: readonly Line[],
  around: number,
  into: ContextSentence[],
  words: ReturnType<typeof createContextWords>,
): void {
  const read = lines.flatMap(({ text, denies }) =>
    splitSentences(text).map((sentence) => ({ text: sentence.text, denies, reading: readOnce(sentence.text) })),
  );
  const uses24Hours = read.some(({ reading }) =>
    reading.numbers.some(({ kind, value }) => kind === "time" && value >= 780),
  );
  const start = into.length;
  read.forEach(({ text, denies, reading }, index) => {
    const at = start + index;
    const stems = new Set(reading.words);
    into.push({
      text,
      first: Math.max(start, at - around),
      last: Math.min(start + read.length - 1, at + around),
      denies,
      size: stems.size,
      negated: reading.negated,
      contrasts: reading.contrasts,
      conditional: reading.conditional,
      excepts: reading.excepts,
      compares: reading.compares,
      turns: reading.turns,
      stems,
      numbers: reading.numbers,
    });
    words.add(reading, { at, denies, stems, uses24Hours });
  });
}
