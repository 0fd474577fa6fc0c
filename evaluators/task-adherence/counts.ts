import { splitSentences } from "../text/sentences.ts";

const ideographs = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;

/** Words as readers count them; every character in scripts without spaces. */
export function countWords(text: string): number {
  const characters = text.match(ideographs)?.length ?? 0;
  return characters + (text.replace(ideographs, " ").match(/[\p{L}\p{N}_]+(?:['’.-][\p{L}\p{N}_]+)*/gu)?.length ?? 0);
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

/** How often a word or phrase occurs: whole words, in any case, in scripts without spaces anywhere. */
export function countPhrase(text: string, phrase: string): number {
  const source = phrase
    .trim()
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replace(/\s+/g, "\\s+");
  const latin = /^[\p{L}\p{N}].*[\p{L}\p{N}]$|^[\p{L}\p{N}]$/su.test(phrase.trim()) && phrase.search(ideographs) < 0;
  const pattern = latin ? `(?<![\\p{L}\\p{N}_])${source}(?![\\p{L}\\p{N}_])` : source;
  return text.match(new RegExp(pattern, "giu"))?.length ?? 0;
}
