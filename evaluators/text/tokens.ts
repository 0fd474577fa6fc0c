import { numberFrom, spelledNumber } from "./numbers.ts";
import { fold } from "./stem.ts";
import type { Token } from "./token.ts";
import { readWord } from "./words.ts";

/** Scripts that put no spaces between words: read as pairs of characters. */
const unspacedRun = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}ー]`;
const letter = String.raw`[[\p{L}\p{M}]--${unspacedRun}]`;
/** Signs without a width inside a word hide nothing: they belong to it. */
const wordCharacter = String.raw`[[\p{L}\p{M}\p{N}\p{Cf}]--${unspacedRun}]`;
const chunk = new RegExp(
  [
    `(${unspacedRun}+)`,
    String.raw`([$€£¥₹]?\s?\p{Nd}+(?:[.,:]\p{Nd}+)*(?:\s?%|\s?°\s?[CF]?|${letter}+)?)`,
    String.raw`((?:${letter}\.(?=${letter}(?!${wordCharacter})))+${letter}|${letter}${wordCharacter}*(?:['’](?=${letter})${wordCharacter}+)*)`,
    String.raw`([,;:\(\)。、，；]|[–—\-](?=\s))`,
  ].join("|"),
  "vy",
);
const marker = /\[\d{1,3}\]|\b(?:passage|document|source|step|note|paragraph) \d{1,3}\b/gi;

/** Reads a text into tokens. Citation markers such as [3] or "passage 3" are no numbers. Linear in the length of the text. */
export function readTokens(given: string): Token[] {
  const text = given.replace(marker, (found) => ";".padEnd(found.length));
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) {
      at += 1;
      continue;
    }
    const end = isLetter(code) ? plainWordEnd(text, at) : 0;
    if (end > 0) {
      pushWord(text.slice(at, end), at, tokens);
      at = end;
    } else at = readChunk(text, at, tokens);
  }
  return tokens;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

/** Where a word of plain letters ends; 0 when something follows that makes it no plain one. */
function plainWordEnd(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (!isLetter(code) && !(code >= 48 && code <= 57)) {
      const isPlain = code < 128 && code !== 39 && !(code === 46 && at === from + 1);
      return isPlain ? at : 0;
    }
    at += 1;
  }
  return at;
}

/** Reads what is no plain word at a place, and returns where to go on. */
function readChunk(text: string, at: number, tokens: Token[]): number {
  chunk.lastIndex = at;
  const match = chunk.exec(text);
  if (!match) return at + 1;
  const [whole, unspaced, number, word] = match;
  if (number !== undefined) return readNumber(text, number, at, tokens);
  const end = at + whole.length;
  if (word !== undefined) pushWord(word, at, tokens);
  else if (unspaced !== undefined) pushPairs(unspaced, at, tokens);
  else if (whole.length > 0 && isBreak(text, at, end)) tokens.push({ ...tokenOf("break", "", at, end), lower: whole });
  return Math.max(end, at + 1);
}

/** A dash separates only between spaces. */
function isBreak(text: string, at: number, end: number): boolean {
  return !/[–—-]/u.test(text.slice(at, end)) || /\s/u.test(text.charAt(at - 1));
}

function tokenOf(kind: Token["kind"], stem: string, start: number, end: number): Token {
  const content = kind === "word";
  return { kind, stem, lower: stem, content, capital: false, negation: false, number: null, start, end };
}

/** Small numbers between commas without a space are several: "boxes 1,2,3". */
const list = /^\p{Nd}{1,2}(?:,\p{Nd}{1,2}){2,}$/u;

/** Reads a number, several of them, or a part of a name that is written in digits ("Covid-19"). Returns where to go on. */
function readNumber(text: string, found: string, at: number, tokens: Token[]): number {
  if (/\p{L}[-–]$/u.test(text.slice(Math.max(0, at - 2), at))) {
    tokens.push(tokenOf("word", fold(found.trim()), at, at + found.trimEnd().length));
  } else if (list.test(found)) {
    let start = at;
    for (const one of found.split(",")) {
      pushNumber(one, start, tokens);
      start += one.length + 1;
    }
  } else pushNumber(found, at, tokens);
  return at + found.length;
}

function pushNumber(found: string, start: number, tokens: Token[]): void {
  const token = tokenOf("number", fold(found.trim()), start, start + found.trimEnd().length);
  tokens.push({ ...token, content: false, number: numberFrom(found, tokens) });
}

function pushWord(raw: string, start: number, tokens: Token[]): void {
  const end = start + raw.length;
  const { stem, lower, content, capital, negation, numeric } = readWord(raw);
  if (numeric && pushSpelled(lower, start, end, tokens)) return;
  tokens.push({
    kind: "word",
    stem,
    lower,
    content: content || isMonth(raw, tokens),
    capital,
    negation,
    number: null,
    start,
    end,
  });
}

/** "May" inside a sentence is the month: the verb has a capital only at the beginning. */
function isMonth(raw: string, before: readonly Token[]): boolean {
  return raw === "May" && before.length > 0;
}

/** Joins a word with the number before it. One name in between is passed over: putting it there changes no number. */
function pushSpelled(lower: string, start: number, end: number, tokens: Token[]): boolean {
  const at = tokens.at(-1)?.capital && tokens.length > 1 ? tokens.length - 2 : tokens.length - 1;
  const last = tokens[at];
  const joined = spelledNumber(lower, last);
  if (!joined) return false;
  const from = joined.replaces && last ? last.start : start;
  const token: Token = { ...tokenOf("number", lower, from, end), content: false, number: joined.number };
  if (joined.replaces) tokens[at] = token;
  else tokens.push(token);
  return true;
}

function pushPairs(run: string, start: number, tokens: Token[]): void {
  const characters = [...run];
  let at = start;
  characters.forEach((character, index) => {
    const next = characters[index + 1];
    if (next !== undefined || characters.length === 1) {
      const pair = next === undefined ? character : `${character}${next}`;
      tokens.push(tokenOf("word", pair, at, at + pair.length));
    }
    at += character.length;
  });
}
