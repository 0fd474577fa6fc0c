import { numberFrom, spelledNumber } from "./numbers.ts";
import { fold, stem } from "./stem.ts";
import { discourseWords, negations, stopWords } from "./stop-words.ts";
import type { Token } from "./token.ts";

/** Scripts that put no spaces between words: read as pairs of characters. */
const unspacedRun = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}ー]`;
const letter = String.raw`[[\p{L}\p{M}]--${unspacedRun}]`;
const wordCharacter = String.raw`[[\p{L}\p{M}\p{N}]--${unspacedRun}]`;
const chunk = new RegExp(
  [
    `(?<unspaced>${unspacedRun}+)`,
    String.raw`(?<number>[$€£¥₹]?\s?\p{Nd}+(?:[.,:]\p{Nd}+)*(?:\s?%|${letter}+)?)`,
    String.raw`(?<word>${letter}${wordCharacter}*(?:['’.](?=${letter})${wordCharacter}+)*)`,
    String.raw`(?<break>[,;:\(\)。、，；]|\s[–—\-]\s)`,
  ].join("|"),
  "gv",
);
const marker = /\[\d{1,3}\]|\b(?:passage|document|source|step|note|paragraph) \d{1,3}\b/gi;

/** Reads a text into tokens. Citation markers such as [3] or "passage 3" are no numbers. Linear in the length of the text. */
export function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.replace(marker, " ; ").matchAll(chunk)) {
    const { unspaced, number, word } = match.groups ?? {};
    if (number !== undefined) tokens.push(numberToken(number, tokens));
    else if (word !== undefined) pushWord(word, tokens);
    else if (unspaced === undefined) tokens.push(breakToken);
    else for (const pair of pairsOf(unspaced)) tokens.push({ ...plain, stem: pair, content: true });
  }
  return tokens;
}

const plain = { kind: "word", content: false, capital: false, negation: false } as const;
const breakToken: Token = { ...plain, kind: "break", stem: "" };

function numberToken(text: string, before: readonly Token[]): Token {
  return { ...plain, kind: "number", stem: fold(text.trim()), number: numberFrom(text, before) };
}

function pushWord(raw: string, tokens: Token[]): void {
  const word = raw.includes("’") ? raw.replaceAll("’", "'") : raw;
  const lower = fold(word);
  const last = tokens.at(-1);
  const joined = spelledNumber(lower, last);
  if (joined) {
    if (joined.replaces && last) tokens.pop();
    tokens.push({ ...plain, kind: "number", stem: lower, number: joined.number });
    return;
  }
  const acronym = /^(?:\p{Lu}\.)+\p{Lu}$|^\p{Lu}{2,}$/u.test(word);
  const negation = negations.has(lower) || lower.endsWith("n't");
  const content = acronym || !(negation || stopWords.has(lower) || discourseWords.has(lower) || lower.length < 2);
  const stemmed = acronym ? lower.replaceAll(".", "") : stem(lower);
  tokens.push({ kind: "word", stem: stemmed, content, capital: /^\p{Lu}/u.test(word), negation });
}

function pairsOf(run: string): string[] {
  const characters = [...run];
  if (characters.length === 1) return characters;
  return characters.slice(1).map((character, index) => `${characters[index] ?? ""}${character}`);
}
