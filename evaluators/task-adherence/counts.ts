import { splitSentences } from "../text/sentences.ts";

const ideographs = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;

/** Words as readers see them: "don't" and "well-known" are one; every character in scripts without spaces is. */
export const wordPattern =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[[\p{L}\p{M}\p{N}_]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]]+(?:['’.\-][[\p{L}\p{M}\p{N}_]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]]+)*/gv;
/** Runs of letters, digits and underscores, as the reference of IFEval has it: "don't" counts twice. */
export const runPattern = /[\p{L}\p{N}_]+/gu;

/** Words as readers count them. */
export function countWords(text: string): number {
  return text.match(wordPattern)?.length ?? 0;
}

/** Words as the reference of IFEval counts them. */
export function countRuns(text: string): number {
  return text.match(runPattern)?.length ?? 0;
}

/** Sentences, list items counted as one each, without headings. */
export function countSentences(text: string): number {
  return splitSentences(text).filter(({ kind, text: sentence }) => kind !== "heading" && /[\p{L}\p{N}]/u.test(sentence))
    .length;
}

/** Paragraphs: divided by the given mark, or by blank lines. */
export function paragraphsOf(text: string, divider: RegExp = /\n\s*\n/): string[] {
  return text
    .split(divider)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== "");
}

/** Items of a bullet list, at any depth. */
export function countBullets(text: string): number {
  return text.match(/^[ \t]*(?:[-•+‣▪]|\*(?!\*))[ \t]+\S/gmu)?.length ?? 0;
}

/** Items of a numbered list. */
export function countNumbered(text: string): number {
  return text.match(/^[ \t]*\(?\d{1,3}[.)][ \t]+\S/gm)?.length ?? 0;
}

/** Characters as readers see them. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text.trim()) count += 1;
  return count;
}

/**
 * How often a word or phrase occurs: whole words, in any case, in scripts without spaces anywhere. `inflected` also counts
 * longer words that begin so: "robbers" for "robber".
 */
export function countPhrase(text: string, phrase: string, form: "whole" | "inflected" = "whole"): number {
  return text.match(phrasePattern(phrase, form))?.length ?? 0;
}

/** Finds every place of a phrase, as `countPhrase` counts them. */
export function phrasePattern(phrase: string, form: "whole" | "inflected" = "whole"): RegExp {
  const source = escapePattern(phrase.trim()).replace(/\s+/g, "\\s+");
  const latin = /^[\p{L}\p{N}].*[\p{L}\p{N}]$|^[\p{L}\p{N}]$/su.test(phrase.trim()) && phrase.search(ideographs) < 0;
  if (!latin) return new RegExp(source, "giu");
  return new RegExp(`(?<![\\p{L}\\p{N}_])${source}${form === "whole" ? "(?![\\p{L}\\p{N}_])" : ""}`, "giu");
}

/** Source of a pattern that matches exactly this text. */
export function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/gu, "\\$&");
}
