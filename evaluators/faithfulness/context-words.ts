import type { CountedNumber, Reading } from "./reading.ts";

/** A number of the context and where it stands. */
export interface PlacedNumber extends CountedNumber {
  readonly sentence: number;
  /** Whether times of day run to 24 in its passage, so that 7:00 is the morning. */
  readonly uses24Hours: boolean;
}

/** The words and numbers of the context, by which sentences are found. */
export interface ContextWords {
  /** Indexes of the sentences in which a meaningful stem occurs. */
  readonly where: ReadonlyMap<string, readonly number[]>;
  /** Numbers by value. */
  readonly numbers: ReadonlyMap<number, readonly PlacedNumber[]>;
  /** First five letters of every longer stem. */
  readonly roots: ReadonlySet<string>;
  /** Whether a meaningful stem is said of something, and not only denied. */
  has(stem: string): boolean;
  /** Whether two meaningful words or numbers are neighbours somewhere. */
  hasPair(first: string, second: string): boolean;
  /** Whether an acronym may stand for words that follow each other. */
  hasInitials(acronym: string): boolean;
}

/** Where a sentence of the context stands, and how. */
export interface Place {
  readonly at: number;
  /** Says that something is not so. */
  readonly denies: boolean;
  readonly stems: ReadonlySet<string>;
  readonly uses24Hours: boolean;
}

/** Collects words sentence by sentence; may be asked only when all are in. */
export function createContextWords(): ContextWords & { add(reading: Reading, place: Place): void } {
  const where = new Map<string, number[]>();
  const told = new Set<string>();
  const numbers = new Map<number, PlacedNumber[]>();
  const roots = new Set<string>();
  const wordLists: (readonly string[])[] = [];
  const termLists: (readonly string[])[] = [];
  let initials: ReadonlySet<string> | undefined;
  let pairs: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  return {
    where,
    numbers,
    roots,
    has: (stem) => told.has(stem),
    hasPair(first, second) {
      pairs ??= pairsOf(termLists);
      return pairs.get(first)?.has(second) === true;
    },
    hasInitials(acronym) {
      initials ??= new Set(wordLists.flatMap(initialsOf));
      return initials.has(acronym);
    },
    add(reading, { at, denies, stems, uses24Hours }) {
      for (const stem of stems) append(where, stem, at);
      for (const number of reading.numbers) append(numbers, number.value, { ...number, sentence: at, uses24Hours });
      if (denies) return;
      for (const stem of stems) {
        told.add(stem);
        if (stem.length >= 5) roots.add(stem.slice(0, 5));
      }
      wordLists.push(reading.words);
      termLists.push(reading.terms);
    },
  };
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** By its first word, the words that stand behind it. */
function pairsOf(termLists: readonly (readonly string[])[]): ReadonlyMap<string, ReadonlySet<string>> {
  const pairs = new Map<string, Set<string>>();
  for (const terms of termLists) {
    for (let at = 1; at < terms.length; at += 1) {
      const [first = "", second = ""] = [terms[at - 1], terms[at]];
      const behind = pairs.get(first);
      if (behind) behind.add(second);
      else pairs.set(first, new Set([second]));
    }
  }
  return pairs;
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
