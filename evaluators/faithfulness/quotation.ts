import { fold } from "../text/stem.ts";

/** Quotes shorter than this are names of things and irony. In words; four characters count as one where there are no spaces. */
export const fewestWords = 3;

/** A passage in which quotes can be looked up. */
export type QuotedText = string;

/** Lower case, without accents, marks and doubled spaces: what two printings of the same words share. */
export function toQuotable(text: string): QuotedText {
  const words = fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  return ` ${words.join(" ")} `;
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
  const parts = quote.split(omission).map((part) => toQuotable(part.replace(/\[(\p{L})\]/gu, "$1")));
  let from = 0;
  for (const part of parts) {
    if (part.trim() === "") continue;
    const found = findPart(part, passage, from);
    if (found < 0) return false;
    from = found + part.length - 1;
  }
  return true;
}

/** Scripts without spaces have no borders between words. */
function findPart(part: string, passage: QuotedText, from: number): number {
  const bare = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(part);
  return bare ? passage.indexOf(part.trim(), from) : passage.indexOf(part, from);
}
