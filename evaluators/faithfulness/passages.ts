import { rememberingRepeated } from "../text/remembering.ts";
import { splitSentences } from "../text/sentences.ts";
import { type ContextWords, createContextWords } from "./context-words.ts";
import type { Facts } from "./facts.ts";
import { type CountedNumber, type Reading, readSentence } from "./reading.ts";
import { readPassage } from "./structured.ts";

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
  /** The different ones among its meaningful words; few sentences are asked for them. */
  readonly stems: () => ReadonlySet<string>;
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
    const read = readOnce(passage);
    if (read.facts) facts.push(read.facts);
    addPassage(read, sentences, words);
  }
  return { sentences, facts, ...words };
}

/** A sentence with those around it. */
export function neighbours({ sentences }: ContextIndex, at: number): readonly ContextSentence[] {
  const sentence = sentences[at];
  return sentence ? sentences.slice(sentence.first, sentence.last + 1) : [];
}

/** A passage with its sentences read, whatever stands around it. */
interface ReadPassage {
  readonly facts: Facts | null;
  readonly sentences: readonly {
    readonly text: string;
    readonly denies: boolean;
    readonly reading: Reading;
  }[];
  readonly uses24Hours: boolean;
}

/** The same passages come with many requests. */
const readOnce = rememberingRepeated(readSentences, { most: 200, longest: 8_000 });

function readSentences(passage: string): ReadPassage {
  const { lines, facts } = readPassage(passage);
  const sentences = lines.flatMap(({ text, denies }) =>
    splitSentences(text).map((sentence) => ({
      text: sentence.text,
      denies,
      reading: readSentence(sentence.text),
    })),
  );
  const uses24Hours = sentences.some(({ reading }) =>
    reading.numbers.some(({ kind, value }) => kind === "time" && value >= 780),
  );
  return { facts, sentences, uses24Hours };
}

function addPassage(
  { facts, sentences, uses24Hours }: ReadPassage,
  into: ContextSentence[],
  words: ReturnType<typeof createContextWords>,
): void {
  const around = facts ? data : prose;
  const start = into.length;
  sentences.forEach(({ text, denies, reading }, index) => {
    const at = start + index;
    into.push({
      text,
      first: Math.max(start, at - around),
      last: Math.min(start + sentences.length - 1, at + around),
      denies,
      size: words.add(reading, { at, denies, uses24Hours }),
      negated: reading.negated,
      contrasts: reading.contrasts,
      conditional: reading.conditional,
      excepts: reading.excepts,
      compares: reading.compares,
      turns: reading.turns,
      stems: lazySet(reading.words),
      numbers: reading.numbers,
    });
  });
}

function lazySet(words: readonly string[]): () => ReadonlySet<string> {
  let set: ReadonlySet<string> | undefined;
  return () => (set ??= new Set(words));
}
