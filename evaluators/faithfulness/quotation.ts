import { fold } from "../text/stem.ts";

/** Quotes shorter than this are names of things and irony. In words; four characters count as one where there are no spaces. */
export const fewestWords = 3;

/** A passage in which quotes can be looked up. */
export interface QuotedText {
  readonly text: string;
  /** Where each three words in a row stand first. */
  readonly runs: () => ReadonlyMap<string, number>;
}

/** Reads a passage once. */
export function toQuotable(passage: string): QuotedText {
  const text = plainOf(passage);
  let runs: ReadonlyMap<string, number> | undefined;
  return { text, runs: () => (runs ??= firstRuns(text)) };
}

/** Lower case, without accents, marks and doubled spaces: what two printings of the same words share. */
function plainOf(text: string): string {
  const words = fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  return ` ${words.join(" ")} `;
}

function firstRuns(text: string): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const { run, at } of runsOf(text)) if (!first.has(run)) first.set(run, at);
  return first;
}

/** Every three words in a row with the spaces around them. */
function* runsOf(text: string): Generator<{ readonly run: string; readonly at: number }> {
  const spaces = [...text.matchAll(/ /g)].map(({ index }) => index);
  for (let at = 0; at + fewestWords < spaces.length; at += 1) {
    const [start = 0, end = 0] = [spaces[at], spaces[at + fewestWords]];
    yield { run: text.slice(start, end + 1), at: start };
  }
}

/** Whether a quote is long enough to be compared. */
export function isPassage(quote: string): boolean {
  return wordsOf(quote) >= fewestWords;
}

function wordsOf(quote: string): number {
  const unspaced = quote.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu)?.length ?? 0;
  return unspaced > 0 ? unspaced / 2 : (quote.match(/[\p{L}\p{N}]+(?:['’.-][\p{L}\p{N}]+)*/gu)?.length ?? 0);
}

const omission = /\[?(?:\.{3}|…)\]?/u;

/**
 * Whether a quote stands in a passage word for word. Capitals, punctuation and spaces may differ; "…" leaves words out between
 * parts that must stand in this order; `[t]he` is the.
 */
export function isQuotedFrom(quote: string, passage: QuotedText): boolean {
  const parts = quote.split(omission).map((part) => plainOf(part.replace(/\[(\p{L})\]/gu, "$1")));
  let from = 0;
  for (const part of parts) {
    if (part.trim() === "") continue;
    const found = findPart(part, passage, from);
    if (found < 0) return false;
    from = found + part.length - 1;
  }
  return true;
}

/** Longer passages are not searched from their beginning for every quote. In characters. */
const long = 20_000;

/** Scripts without spaces have no borders between words. */
function findPart(part: string, passage: QuotedText, from: number): number {
  const bare = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(part);
  if (bare) return passage.text.indexOf(part.trim(), from);
  const start = passage.text.length < long ? from : earliest(part, passage, from);
  return start < 0 ? -1 : passage.text.indexOf(part, start);
}

/** Before this place a part cannot stand, because some of its words do not; -1 when they stand nowhere. */
function earliest(part: string, passage: QuotedText, from: number): number {
  let start = from;
  for (const { run, at } of runsOf(part)) {
    const first = passage.runs().get(run);
    if (first === undefined) return -1;
    start = Math.max(start, first - at);
  }
  return start;
}
