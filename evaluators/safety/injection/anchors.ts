/**
 * What must stand in a text before a pattern is worth trying: one word of every list, by its beginning, or one of some marks.
 */
export type Anchors = readonly (readonly string[])[];

/** Stands for any character beyond ASCII. */
export const anyOther = "\u0080";

/** Which beginnings of words and which marks a text has; may say yes to one that it does not have, never no to one it has. */
export type Present = Uint8Array;

/** So many characters of a word are its beginning; a shorter word is one by itself. */
const length = 4;
/** Codes of marks come first in the table, hashed beginnings after them. */
const marks = 129;
const beginnings = 4096;

/** The beginnings and marks of a text in lower case. */
export function presentIn(lower: string): Present {
  const present = new Uint8Array(marks + beginnings);
  let state = 0;
  let read = 0;
  for (let at = 0; at < lower.length; at += 1) {
    const code = lower.charCodeAt(at);
    if (isWordCode(code)) {
      if (read === length) continue;
      state = step(state, code);
      read += 1;
      if (read === length) present[slotOf(state)] = 1;
    } else {
      present[Math.min(code, marks - 1)] = 1;
      if (read > 0 && read < length) present[slotOf(state)] = 1;
      state = 0;
      read = 0;
    }
  }
  if (read > 0) present[slotOf(state)] = 1;
  return present;
}

/** Where the anchors are looked up: a list of places for each of their lists. */
export function toPlaces(anchors: Anchors): readonly (readonly number[])[] {
  return anchors.map((words) => words.map(placeOf));
}

/** Whether a pattern with these anchors may match. */
export function mayMatch(places: readonly (readonly number[])[], present: Present): boolean {
  return places.every((list) => list.some((place) => present[place] === 1));
}

function placeOf(word: string): number {
  const first = word.charCodeAt(0);
  if (!isWordCode(first)) return Math.min(first, marks - 1);
  let state = 0;
  for (let at = 0; at < Math.min(length, word.length); at += 1) state = step(state, word.charCodeAt(at));
  return slotOf(state);
}

/** As `\w` has it in a text in lower case. */
function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 95;
}

function step(state: number, code: number): number {
  return (Math.imul(state, 131) + code) | 0;
}

function slotOf(state: number): number {
  return marks + (((state >>> 12) ^ state) & (beginnings - 1));
}
