import type { Word } from "./words.ts";

/**
 * Three families of features share one table of weights, each in a part of its own: runs of 3 and 4 characters inside words;
 * words and pairs of neighbours; marks (names that a caller gives to words, such as "asks for a secret") with their pairs
 * and triples in order.
 */
export const families = [
  { offset: 0, size: 1 << 15, damping: 32 },
  { offset: 1 << 15, size: 1 << 14, damping: 8 },
  { offset: (1 << 15) + (1 << 14), size: 1 << 14, damping: 4 },
] as const;

/** Length of the table of weights. */
export const tableSize = 1 << 16;

/** The features of a text by word: those of word `at` are `slots[from[at]]` up to `slots[from[at + 1]]`. */
export interface Features {
  readonly slots: Uint16Array;
  readonly from: Uint32Array;
}

/** Names that a word has, by its text in lower case and in order; most words have none. */
export type Mark = (word: string) => readonly string[];

/** Hashes the features of consecutive words. */
export interface FeatureReader {
  /** `also` gives a name to words by their place; it comes before those that the words have anyway. */
  read(words: readonly Word[], also?: { readonly name: string; has(word: Word): boolean }): Features;
}

/** What is known of a word wherever it stands: the slots of its runs, its hash, and the hashes of its marks. */
interface KnownWord {
  readonly runs: readonly number[];
  readonly own: number;
  /** The slot of the word itself. */
  readonly slot: number;
  readonly marks: readonly number[];
}

/** How many words are remembered: the common ones come back at once. */
const mostKnown = 16_384;
/** How many earlier marks a mark is paired with. */
const reach = 4;
const basis = 0x811c9dc5;
const prime = 0x01000193;

/** Makes a reader of features by FNV-1a (Fowler, Noll and Vo). Linear in the length of the text; remembers words. */
export function createFeatureReader(mark: Mark = () => []): FeatureReader {
  const known = new Map<string, KnownWord>();
  const look = (text: string): KnownWord => {
    const found = known.get(text);
    if (found) return found;
    if (known.size >= mostKnown) known.clear();
    const own = hash(text);
    const word = { runs: runsOf(text), own, slot: slotOf(1, own), marks: mark(text).map(hash) };
    known.set(text, word);
    return word;
  };
  return {
    read(words, also) {
      const slots: number[] = [];
      const from = new Uint32Array(words.length + 1);
      const marks: number[] = [];
      const extra = also ? hash(also.name) : 0;
      let previous = basis;
      let at = 0;
      for (const word of words) {
        from[at] = slots.length;
        at += 1;
        const { runs, own, slot, marks: ownMarks } = look(word.text);
        for (const one of runs) slots.push(one);
        slots.push(slot, slotOf(1, Math.imul(previous ^ own, prime) ^ own));
        previous = own;
        if (also?.has(word)) addMark(slots, marks, extra);
        for (const one of ownMarks) addMark(slots, marks, one);
      }
      from[words.length] = slots.length;
      return { slots: new Uint16Array(slots), from };
    },
  };
}

function runsOf(word: string): number[] {
  const { length } = word;
  if (length < 3) return [];
  const slots: number[] = [];
  let beforeLast = 0x3c;
  let last = word.charCodeAt(0);
  for (let at = 1; at < length; at += 1) {
    const code = word.charCodeAt(at);
    const three = step(step(step(basis, beforeLast), last), code);
    slots.push(slotOf(0, three), slotOf(0, step(three, at + 1 < length ? word.charCodeAt(at + 1) : 0x3e)));
    beforeLast = last;
    last = code;
  }
  return slots;
}

function addMark(slots: number[], marks: number[], mark: number): void {
  slots.push(slotOf(2, mark));
  // Turned first, or "a before b" would be the same as "b before a".
  const own = Math.imul(mark, prime);
  for (let back = 1; back <= Math.min(reach, marks.length); back += 1) {
    slots.push(slotOf(2, step(own, marks[marks.length - back] ?? 0)));
  }
  const [first = 0, second = 0] = marks.slice(-2);
  if (marks.length > 1) slots.push(slotOf(2, step(step(own, second), first)));
  marks.push(mark);
}

function step(state: number, value: number): number {
  return Math.imul(state ^ value, prime);
}

function hash(text: string): number {
  let state = basis;
  for (let at = 0; at < text.length; at += 1) state = step(state, text.charCodeAt(at));
  return state;
}

/** The low bits of FNV are its weakest, so the high ones are folded in. */
function slotOf(family: 0 | 1 | 2, state: number): number {
  const { offset, size } = families[family];
  return offset + (((state >>> 15) ^ state) & (size - 1));
}
