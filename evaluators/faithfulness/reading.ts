import type { NumberMention, Token } from "../text/token.ts";
import { readTokens } from "../text/tokens.ts";
import { isCalendarWord } from "./calendar.ts";
import { measures, rateOf, unitStem } from "./units.ts";

/** A number with the words that follow it ("30 business days": busi, day), by which 30 days and 30 dollars are told apart. */
export interface CountedNumber extends NumberMention {
  readonly units: readonly string[];
  /** Stem of the time to which it belongs: "600 requests per minute" has minut. */
  readonly rate: string | null;
  /** The upper end of a scale ("4 out of 5 stars"), which says nothing by itself. */
  readonly isScale: boolean;
  /** Where it stands in the sentence, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

/** What a sentence says, as far as words go. */
export interface Reading {
  readonly tokens: readonly Token[];
  /** Stems of the words that carry meaning, in order. */
  readonly words: readonly string[];
  /** The same with numbers among them, by value: what pairs are made of. */
  readonly terms: readonly string[];
  readonly numbers: readonly CountedNumber[];
  /** Capitalised words that stand neither at the beginning nor behind a colon; days and months wherever they stand. */
  readonly names: readonly Token[];
  /** Stems that stand behind a "not", "no", "never" or "without". */
  readonly negated: ReadonlySet<string>;
  /** Weakens or contrasts what it says ("rather than", "unlikely"), so that a missing "not" proves nothing. */
  readonly contrasts: boolean;
  /** Says it of some cases only ("if", "once"). */
  readonly conditional: boolean;
  /** Leaves out some cases ("unless", "until"), so that the opposite may hold in them. */
  readonly excepts: boolean;
  /** Sets a limit ("not more than three"), so that what it denies is another amount. */
  readonly compares: boolean;
  /** Goes over to something else ("but", "while"), so that a negation may belong to one part only. */
  readonly turns: boolean;
}

/** Reads one sentence. */
export function readSentence(text: string): Reading {
  const tokens = readTokens(text);
  const words: string[] = [];
  const terms: string[] = [];
  let roles = 0;
  for (const { kind, content, stem, lower, number } of tokens) {
    roles |= roleOf.get(lower) ?? 0;
    if (content && kind === "word") words.push(stem);
    if (content || number) terms.push(number ? `#${number.value}` : stem);
  }
  return {
    tokens,
    words,
    terms,
    numbers: numbersOf(tokens),
    names: namesOf(tokens),
    negated: negatedOf(tokens),
    contrasts: (roles & role.contrasts) !== 0,
    conditional: (roles & role.conditional) !== 0,
    excepts: (roles & role.excepts) !== 0,
    compares: (roles & role.compares) !== 0,
    turns: (roles & role.turns) !== 0,
  };
}

/** What a single word makes of its sentence, as bits. */
const role = { contrasts: 1, conditional: 2, excepts: 4, compares: 8, turns: 16 } as const;

const roleWords: readonly (readonly [role: number, words: string])[] = [
  [
    role.contrasts,
    "rather unlikely instead without unable hardly few little fail fails failed lack lacks only difficult difficulty otherwise",
  ],
  [role.conditional, "if once when whenever after unless until except wenn falls sobald si"],
  [role.excepts, "unless until except sofern bis sauf"],
  [role.compares, "than"],
  [role.turns, "but while whereas although though however yet and aber sondern mais"],
];

/** One look at each word for all its roles. */
const roleOf: ReadonlyMap<string, number> = roleWords
  .flatMap(([bit, words]) => words.split(" ").map((word) => [word, bit] as const))
  .reduce((map, [word, bit]) => map.set(word, (map.get(word) ?? 0) | bit), new Map<string, number>());

function numbersOf(tokens: readonly Token[]): CountedNumber[] {
  const numbers: CountedNumber[] = [];
  tokens.forEach(({ number, start, end }, index) => {
    if (!number) return;
    const units = number.unit === null ? wordsAfter(tokens, index + 1) : [unitStem(number.unit)];
    numbers.push({ ...number, units, rate: rateOf(tokens, index + 1), isScale: isScale(tokens, index), start, end });
  });
  return numbers;
}

/** Behind "out of", and one of the round numbers at which scales end. */
function isScale(tokens: readonly Token[], at: number): boolean {
  const value = tokens[at]?.number?.value ?? 0;
  return (
    (value === 5 || value === 10 || value === 100) && tokens[at - 1]?.lower === "of" && tokens[at - 2]?.lower === "out"
  );
}

/** Words that a number may count: two at most. */
const mostUnits = 2;
/** Names and numbers between them that are passed over. */
const mostBetween = 4;

/** Between the two ends of a range: "6 to 8 hours". */
const ranging = new Set("to or through bis a oder ou".split(" "));

/**
 * Names and other numbers in between are passed over, so that putting one there takes no unit away; the first end of a range
 * has the unit of the other.
 */
function wordsAfter(tokens: readonly Token[], from: number): string[] {
  const stems: string[] = [];
  let between = 0;
  for (
    let index = isRange(tokens, from) ? from + 1 : from;
    index < tokens.length && stems.length < mostUnits && between < mostBetween;
    index += 1
  ) {
    const token = tokens[index];
    if (!token || token.kind === "break") break;
    const unit = unitStem(token.stem);
    if (token.kind === "number" || (token.capital && !measures.has(unit))) between += 1;
    else if (token.content || measures.has(unit)) stems.push(unit);
    else break;
  }
  return withDegrees(stems);
}

/** Whether a word or a dash leads to another number, over names if need be. */
function isRange(tokens: readonly Token[], at: number): boolean {
  const joint = tokens[at];
  if (!joint || !(ranging.has(joint.lower) || joint.lower === "–" || joint.lower === "-")) return false;
  const next = tokens.slice(at + 1, at + 1 + mostBetween).find(({ capital }) => !capital);
  return next?.number?.kind === "amount";
}

/** "20 degrees Celsius" is 20 °C. */
function withDegrees(stems: string[]): string[] {
  const [first, second = ""] = stems;
  return first === "°" && second.startsWith("°") ? [second] : stems;
}

function namesOf(tokens: readonly Token[]): Token[] {
  const first = tokens.findIndex(({ kind }) => kind === "word");
  return tokens.filter(
    (token, at) =>
      isCalendarWord(token.lower) ||
      (at > first && token.capital && token.content && token.stem.length > 1 && tokens[at - 1]?.lower !== ":"),
  );
}

/** How many meaningful words a negation reaches, if nothing breaks the sentence before; names are passed over. */
const reach = 2;

/** How many words of any kind it reaches across. */
const span = 12;

const nothing: ReadonlySet<string> = new Set();

function negatedOf(tokens: readonly Token[]): ReadonlySet<string> {
  if (!tokens.some(({ negation }) => negation)) return nothing;
  const negated = new Set<string>();
  tokens.forEach((token, index) => {
    if (!token.negation || tokens[index + 1]?.stem === "on") return;
    const reached = reachedFrom(tokens, index, 1);
    const behind = reached.length === 0 && trailing.has(token.lower) ? reachedFrom(tokens, index, -1) : [];
    for (const one of [...reached, ...behind]) negated.add(one);
  });
  return negated;
}

/** Negations that may stand at the end of what they deny: "Er raucht nicht." */
const trailing = new Set("not nicht niet".split(" "));

function reachedFrom(tokens: readonly Token[], negation: number, step: 1 | -1): string[] {
  const reached: string[] = [];
  let left = reach;
  for (let at = negation + step; Math.abs(at - negation) <= span && left > 0; at += step) {
    const next = tokens[at];
    if (!next || next.kind === "break" || next.stem === "but") break;
    if (!next.content) continue;
    reached.push(next.stem);
    if (!next.capital) left -= 1;
  }
  return reached;
}
