/** A word or a run of one mark, with its place: UTF-16 code units, `end` exclusive. */
export interface Word {
  /** In lower case. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Scripts without spaces make runs of any length, and so does an attacker: both are cut after so many characters. */
const longest = 32;
const gap = 1;
const letter = 2;
const mark = 3;

/** The words of a text and the marks between them, in order. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (let at = 0; at < text.length;) {
    const first = text.codePointAt(at) ?? 0;
    const kind = kindOf(first);
    const start = at;
    at += widthOf(first);
    if (kind === gap) continue;
    for (let count = 1; count < longest && at < text.length; count += 1) {
      const next = text.codePointAt(at) ?? 0;
      if (kind === mark ? next !== first : kindOf(next) !== letter) break;
      at += widthOf(next);
    }
    words.push({ text: text.slice(start, at).toLowerCase(), start, end: at });
  }
  return words;
}

const kinds = new Uint8Array(1 << 16);

/** Whether a character is white space, a letter, digit or accent, or anything else. */
function kindOf(code: number): number {
  const known = kinds[code];
  if (known) return known;
  const character = String.fromCodePoint(code);
  const kind = /\s/u.test(character) ? gap : /[\p{L}\p{M}\p{N}]/u.test(character) ? letter : mark;
  kinds[code] = kind;
  return kind;
}

function widthOf(code: number): number {
  return code > 0xffff ? 2 : 1;
}
