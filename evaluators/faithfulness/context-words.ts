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
  /** Whether a meaningful stem is said of something, and not only denied. */
  has(stem: string): boolean;
  /** Whether a stem that is said begins with these letters, `rootLength` of them. */
  hasRoot(root: string): boolean;
  /** Whether two meaningful words or numbers are neighbours somewhere. */
  hasPair(first: string, second: string): boolean;
  /** Whether an acronym may stand for words that follow each other. */
  hasInitials(acronym: string): boolean;
}

/** Longest beginning by which "American" is known from "America". */
export const rootLength = 5;

/** Where a sentence of the context stands, and how. */
export interface Place {
  readonly at: number;
  /** Says that something is not so. */
  readonly denies: boolean;
  readonly uses24Hours: boolean;
}

/** Collects words sentence by sentence; may be asked only when all are in. */
export function createContextWords(): ContextWords & {
  /** Returns how many different stems the sentence has. */
  add(reading: Reading, place: Place): number;
} {
  const where = new Map<string, number[]>();
  /** Stems that stand in denials and nowhere else. */
  const onlyDenied = new Set<string>();
  const numbers = new Map<number, PlacedNumber[]>();
  const said: Reading[] = [];
  let roots: ReadonlySet<string> | undefined;
  let initials: ReadonlySet<string> | undefined;
  let followers: Followers | undefined;
  return {
    where,
    numbers,
    has: (stem) => where.has(stem) && !onlyDenied.has(stem),
    hasRoot(root) {
      roots ??= new Set(said.flatMap(rootsOf));
      return roots.has(root);
    },
    hasPair(first, second) {
      followers ??= followersIn(said);
      const behind = followers.get(first);
      return typeof behind === "string" ? behind === second : behind?.has(second) === true;
    },
    hasInitials(acronym) {
      initials ??= new Set(said.flatMap(({ words }) => initialsOf(words)));
      return initials.has(acronym);
    },
    add(reading, { at, denies, uses24Hours }) {
      for (const number of reading.numbers) append(numbers, number.value, { ...number, sentence: at, uses24Hours });
      if (!denies) said.push(reading);
      let different = 0;
      for (const stem of reading.words) {
        const places = where.get(stem);
        if (places?.at(-1) === at) continue;
        different += 1;
        if (places) places.push(at);
        else where.set(stem, [at]);
        if (!denies) onlyDenied.delete(stem);
        else if (!places) onlyDenied.add(stem);
      }
      return different;
    },
  };
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** By its first word, what stands behind it: most words have one follower only. */
type Followers = Map<string, string | Set<string>>;

function followersIn(readings: readonly Reading[]): Followers {
  const followers: Followers = new Map();
  for (const { terms } of readings) {
    for (let at = 1; at < terms.length; at += 1) {
      const [first = "", second = ""] = [terms[at - 1], terms[at]];
      const behind = followers.get(first);
      if (behind === undefined) followers.set(first, second);
      else if (typeof behind !== "string") behind.add(second);
      else if (behind !== second) followers.set(first, new Set([behind, second]));
    }
  }
  return followers;
}

function rootsOf({ words }: Reading): string[] {
  return words.filter((stem) => stem.length >= rootLength).map((stem) => stem.slice(0, rootLength));
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
