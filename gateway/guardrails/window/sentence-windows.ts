import { createSentenceEnds } from "../../../evaluators/index.ts";
import { characterBorder, isBorder, isSpace } from "./character-border.ts";

/** A stretch of a text that is examined before it leaves. Offsets are UTF-16 code units of the whole text. */
export interface Window {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  /** Where what is examined begins: a little before the window, so that a pattern across two windows is seen whole. */
  readonly from: number;
  /** What is examined: the text from `from` to `end`. */
  readonly text: string;
}

/** Bounds in UTF-16 code units. */
export interface WindowBounds {
  /** A longer sentence is cut before a word, or anywhere where it has none. */
  readonly longest?: number;
  /**
   * At most so much before a window is examined with it, and at least seven eighths of that where there is so much: it begins
   * with a word where it can.
   */
  readonly overlap?: number;
}

/** Cuts one growing text into windows: in order, without a gap, the same however the text was cut into pieces. */
export interface SentenceWindows {
  /** The windows that ended for certain with this piece: a sentence is over when the first letter behind it is there. */
  push(piece: string): readonly Window[];
  /** All that is left, as it stands. More text may follow all the same; it begins a window of its own. */
  rest(): readonly Window[];
  /** Where the open window begins. */
  readonly start: number;
  /** The length of the text so far. */
  readonly length: number;
}

/** Starts on an empty text. Its work is linear in the text. */
export function createSentenceWindows({ longest = 2000, overlap = 1024 }: WindowBounds = {}): SentenceWindows {
  const ends = createSentenceEnds();
  let held = "";
  let base = 0;
  let start = 0;
  let length = 0;

  function windowTo(end: number): Window {
    const from = start <= overlap ? 0 : base + firstWord(held, start - overlap - base, Math.floor(overlap / 8));
    const window = { start, end, from, text: held.slice(from - base, end - base) };
    start = end;
    return window;
  }

  /** Cuts what is too long before `end`. */
  function* longUpTo(end: number): Generator<Window> {
    while (end - start > longest) yield windowTo(base + cutBefore(held, start - base, start - base + longest));
  }

  function drop(): void {
    // One more than is examined: whether a word or a character begins there is seen by what stands before it.
    const keep = start - overlap - 1 - base;
    if (keep < longest + overlap) return;
    held = held.slice(keep);
    base += keep;
  }

  return {
    get start() {
      return start;
    },
    get length() {
      return length;
    },
    push(piece) {
      held += piece;
      length += piece.length;
      const windows: Window[] = [];
      for (const end of ends.push(piece)) {
        windows.push(...longUpTo(end));
        // Space alone is no sentence: it goes with the one behind it.
        if (end > start && held.slice(start - base, end - base).trim() !== "") windows.push(windowTo(end));
      }
      // An end is certain with the whole character behind it, so two code units further nothing is left to wait for.
      windows.push(...longUpTo(length - 1));
      drop();
      return windows;
    },
    rest() {
      const windows = [...longUpTo(length)];
      if (length > start) windows.push(windowTo(length));
      drop();
      return windows;
    },
  };
}

/** Where a sentence that is too long is cut: before its last word, or at the last border of a character. */
function cutBefore(text: string, start: number, limit: number): number {
  for (let at = limit; at > start + 1; at -= 1) {
    if (isSpace(text, at - 1) && !isSpace(text, at) && isBorder(text, at)) return at;
  }
  return characterBorder(text, start, limit);
}

/** The first beginning of a word within so many code units, or else the first border of a character. */
function firstWord(text: string, from: number, within: number): number {
  for (let at = from; at <= from + within; at += 1) {
    if (at > 0 && isSpace(text, at - 1) && !isSpace(text, at)) return at;
  }
  for (let at = from; at <= from + within; at += 1) if (isBorder(text, at)) return at;
  return from;
}
