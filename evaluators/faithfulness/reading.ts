import type { NumberMention, Token } from "../text/token.ts";
import { stem } from "../text/stem.ts";
import { readTokens } from "../text/tokens.ts";

/** Stems of units in which things are measured, as opposed to the things that are counted. */
export const measures: ReadonlySet<string> = new Set(
  "% $ € £ ¥ ₹ second minute hour day week month year percent dollar euro pound cent mile kilometer kilometre meter metre km kg gram liter litre inch feet foot ounce gb mb degree point star"
    .split(" ")
    .map(stem),
);

const shortUnits: ReadonlyMap<string, string> = new Map([
  ["sec", "second"],
  ["min", "minute"],
  ["hr", "hour"],
  ["h", "hour"],
  ["wk", "week"],
  ["yr", "year"],
  ["mo", "month"],
  ["lb", "pound"],
  ["oz", "ounce"],
]);

/** A number with the words that follow it ("30 business days": busi, day), by which 30 days and 30 dollars are told apart. */
export interface CountedNumber extends NumberMention {
  readonly units: readonly string[];
}

/** What a sentence says, as far as words go. */
export interface Reading {
  /** Stems of the words that carry meaning, in order. */
  readonly words: readonly string[];
  readonly pairs: readonly string[];
  readonly numbers: readonly CountedNumber[];
  /** Stems of capitalised words that do not stand at the beginning. */
  readonly names: readonly string[];
  /** Stems that stand behind a "not", "no", "never" or "without". */
  readonly negated: ReadonlySet<string>;
  /** Weakens or contrasts what it says ("rather than", "unlikely"), so that a missing "not" proves nothing. */
  readonly contrasts: boolean;
  /** Share of the words behind the first that are capitalised. */
  readonly capitals: number;
}

/** Reads one sentence. */
export function readSentence(text: string): Reading {
  const tokens = readTokens(text);
  const words = tokens.filter((token) => token.content).map((token) => token.stem);
  const { names, capitals } = namesOf(tokens);
  const contrasts = contrast.test(text);
  return {
    words,
    pairs: pairsOf(tokens),
    numbers: numbersOf(tokens),
    names,
    negated: negatedOf(tokens),
    contrasts,
    capitals,
  };
}

const contrast =
  /\b(?:rather|unlikely|unless|instead|without|unable|hardly|few|little|fails?|failed|lacks?|only|difficult\w*|otherwise|if)\b/i;

function pairsOf(tokens: readonly Token[]): string[] {
  const stems = tokens.filter((token) => token.content || token.kind === "number").map((token) => token.stem);
  return stems.slice(1).map((stem, index) => `${stems[index] ?? ""} ${stem}`);
}

function numbersOf(tokens: readonly Token[]): CountedNumber[] {
  return tokens.flatMap((token, index) => {
    if (!token.number) return [];
    const { unit } = token.number;
    const units = (unit === null ? wordsAfter(tokens, index + 1, 2) : [unit]).map((word) =>
      stem(shortUnits.get(word) ?? word),
    );
    return [{ ...token.number, units }];
  });
}

function wordsAfter(tokens: readonly Token[], from: number, count: number): string[] {
  const stems: string[] = [];
  for (let index = from; index < tokens.length && stems.length < count; index += 1) {
    const token = tokens[index];
    if (!token || token.kind !== "word" || !token.content || token.capital) break;
    stems.push(token.stem);
  }
  return stems;
}

function namesOf(tokens: readonly Token[]): { names: string[]; capitals: number } {
  const words = tokens.filter((token) => token.kind === "word").slice(1);
  const capital = words.filter((token) => token.capital);
  const names = capital.filter((token) => token.content && token.stem.length > 1).map((token) => token.stem);
  return { names, capitals: words.length === 0 ? 0 : capital.length / words.length };
}

/** How many meaningful words a negation reaches, if nothing breaks the sentence before. */
const reach = 2;

/** How many words of any kind it reaches across. */
const span = 12;

function negatedOf(tokens: readonly Token[]): ReadonlySet<string> {
  const negated = new Set<string>();
  tokens.forEach((token, index) => {
    if (!token.negation || tokens[index + 1]?.stem === "on") return;
    let left = reach;
    for (let at = index + 1; at <= index + span && left > 0; at += 1) {
      const next = tokens[at];
      if (!next || next.kind === "break" || next.stem === "but") break;
      if (!next.content) continue;
      negated.add(next.stem);
      left -= 1;
    }
  });
  return negated;
}
