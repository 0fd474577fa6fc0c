import { allMatches } from "./all-matches.ts";
import { toBlocks, type Block } from "./blocks.ts";

/** One sentence, list item, heading or line of code. Offsets are UTF-16 code units: `text === whole.slice(start, end)`. */
export interface Sentence {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly kind: Block["kind"];
}

/**
 * Splits a text into sentences with exact offsets. Knows abbreviations, decimals, lists, headings, tables, fenced code
 * (one line each) and the full stops of scripts that put no space behind them. Sentences are in order, do not overlap
 * and are never blank; between them lie only space, list markers and code fences.
 */
export function splitSentences(text: string): Sentence[] {
  return toBlocks(text).flatMap((block) => splitBlock(text, block));
}

/** Marks that may end a sentence, and the quotes and brackets that close behind them. */
export const endMark = "[.!?…。！？｡؟۔।]";
export const closingMark = `[)\\]"'”’»」』）*_]`;
const ending = new RegExp(`${endMark}+${closingMark}*`, "gu");
/** Marks that end a sentence although nothing separates them from the next one. */
const unspaced = /[。！？｡]/u;
const lowerCase = /^\p{Ll}/u;

/** Never the end: something must follow. */
const before = new Set(
  "mr mrs ms mx dr prof rev hon gen col sgt capt lt st mt ft no nos vol fig figs eq sec ch pp vs cf ca approx est dept e.g i.e viz resp jan feb mar apr jun jul aug sep sept oct nov dec".split(
    " ",
  ),
);
/** Usually inside a sentence, also before a capital letter. */
const inside = new Set("inc ltd co corp llc bros al jr sr u.s u.k e.u u.n d.c ph.d".split(" "));

function splitBlock(text: string, { start, end, kind }: Block): Sentence[] {
  if (kind === "code") return trimmed(text, start, end, kind);
  const block = text.slice(start, end);
  const sentences: Sentence[] = [];
  let from = 0;
  for (const match of allMatches(block, ending)) {
    const to = match.index + match[0].length;
    if (!endsSentence(block, match.index, match[0])) continue;
    sentences.push(...trimmed(text, start + from, start + to, kind));
    from = to;
  }
  return [...sentences, ...trimmed(text, start + from, end, kind)];
}

/** Whether the marks at an index of a block end a sentence; decided by the marks, a little before them and the first letter behind. */
export function endsSentence(block: string, index: number, mark: string): boolean {
  const to = index + mark.length;
  if (unspaced.test(mark)) return true;
  const rest = block.slice(to, to + 24);
  if (rest === "") return true;
  if (!/^\s/u.test(rest)) return false;
  if (lowerCase.test(rest.trimStart())) return false;
  return !mark.startsWith(".") || mark.startsWith("..") || !isAbbreviation(block.slice(Math.max(0, index - 24), index));
}

function isAbbreviation(upTo: string): boolean {
  const word = /(?:^|[\s("'“‘[])([\p{L}.]+)$/u.exec(upTo)?.[1];
  if (word === undefined) return false;
  const lower = word.toLowerCase();
  return before.has(lower) || inside.has(lower) || /^\p{Lu}$/u.test(word) || /^(?:\p{Lu}\.)+\p{Lu}$/u.test(word);
}

function trimmed(text: string, start: number, end: number, kind: Block["kind"]): Sentence[] {
  const raw = text.slice(start, end);
  const inner = raw.trim();
  if (inner === "") return [];
  const from = start + raw.indexOf(inner);
  return [{ text: inner, start: from, end: from + inner.length, kind }];
}
