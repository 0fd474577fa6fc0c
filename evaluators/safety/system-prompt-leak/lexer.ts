import { allMatches } from "../../text/all-matches.ts";

/** A word of a text, or a letter of a script without spaces. */
export interface Word {
  /** In lower case, as it is compared. */
  readonly form: string;
  readonly start: number;
  readonly end: number;
  /** 1, and less for a letter of a script without spaces. */
  readonly weight: number;
}

/** A passage that may be base64: read as words, or as what it says. */
export interface Passage {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const unspaced = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}";
/** Numbers of list items say nothing; then long passages, letters of scripts without spaces, words. */
const lexeme = new RegExp(
  `(\\d{1,2}[.)](?=\\s))|([A-Za-z0-9+/_-]{24,}={0,2})|([${unspaced}])|[^\\P{L}${unspaced}]+(?:['’][^\\P{L}${unspaced}]+)*|\\p{N}+`,
  "gu",
);

/** The same where every character is plain: without classes of Unicode, which cost more than all the rest. */
const plainLexeme = /(\d{1,2}[.)](?=\s))|([A-Za-z0-9+/_-]{24,}={0,2})|[A-Za-z]+(?:'[A-Za-z]+)*|\d+/g;

/** The words of a text in order, and the passages that may be encoded. */
export function lexemesOf(text: string): (Word | Passage)[] {
  // oxlint-disable-next-line no-control-regex -- all but ASCII
  const pattern = /[^\x00-\x7f]/.test(text) ? lexeme : plainLexeme;
  const lexemes: (Word | Passage)[] = [];
  for (const match of allMatches(text, pattern)) {
    const { 0: written, 1: item, 2: passage, 3: letter, index: start } = match;
    if (item !== undefined) continue;
    if (passage === undefined) lexemes.push(toWord(written, start, letter === undefined ? 1 : 0.5));
    else lexemes.push({ text: written, start, end: start + written.length });
  }
  return lexemes;
}

/** The words of a passage that is not encoded after all. */
export function wordsOf({ text, start }: Passage): Word[] {
  return [...text.matchAll(/[A-Za-z]+|\d+/g)].map(({ 0: written, index }) => toWord(written, start + index, 1));
}

function toWord(written: string, start: number, weight: number): Word {
  return { form: written.toLowerCase().replaceAll("’", "'"), start, end: start + written.length, weight };
}

/** What base64 says, when it says something readable. */
export function decoded({ text }: Passage): string | null {
  const said = Buffer.from(text, "base64").toString("utf8");
  return /^[\t\n\r -~\p{L}\p{P}\p{S}\p{N}\p{Zs}\p{M}]+$/u.test(said) && !said.includes("\ufffd") && /\s/.test(said)
    ? said
    : null;
}
