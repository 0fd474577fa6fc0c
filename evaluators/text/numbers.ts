import type { NumberMention, Token } from "./token.ts";

const parts =
  /^(?<sign>[$€£¥₹])?\s?(?<digits>\p{Nd}+(?:[.,:]\p{Nd}+)*)(?:\s?(?<percent>%|°\s?[CF]?)|(?<letters>\p{L}+))?$/u;
const scales: ReadonlyMap<string, number> = new Map([
  ["k", 1e3],
  ["bn", 1e9],
  ["hundred", 100],
  ["thousand", 1e3],
  ["million", 1e6],
  ["billion", 1e9],
  ["trillion", 1e12],
]);
const approximations = new Set("about around approximately roughly nearly almost over than circa some ca".split(" "));

/** Reads a number that is written in digits, with the tokens before it ("about"). */
export function numberFrom(text: string, before: readonly Token[]): NumberMention {
  if (/^\d{1,9}$/.test(text)) return { ...amount(Number(text), before.at(-1)), spelled: false };
  const { sign, digits = "", percent, letters = "" } = parts.exec(text.trim().normalize("NFKC"))?.groups ?? {};
  const suffix = letters.toLowerCase();
  const western = toWesternDigits(digits);
  if (western.includes(":")) return timeFrom(western, suffix);
  if (suffix === "am" || suffix === "pm") return timeFrom(`${western}:00`, suffix);
  const value = amountFrom(western) * scaleFrom(suffix, sign);
  const unit = percent?.replace(/\s/u, "") ?? sign ?? unitFrom(suffix);
  return { ...amount(value, before.at(-1)), unit, spelled: false };
}

/** An "m" is a million only behind a sign of money: "$3m", but "3m". */
function scaleFrom(suffix: string, sign: string | undefined): number {
  return scales.get(suffix) ?? (sign !== undefined && suffix === "m" ? 1e6 : 1);
}

/** Letters directly behind a number are its unit (10kg), unless they make it an ordinal, a decade or a multiple. */
function unitFrom(suffix: string): string | null {
  return suffix === "" || scales.has(suffix) || /^(?:st|nd|rd|th|s)$/.test(suffix) ? null : suffix;
}

const ones =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const spelled: ReadonlyMap<string, number> = new Map([
  ...ones.map((word, value) => [word, value] as const),
  ...tens.map((word, index) => [word, (index + 2) * 10] as const),
]);

/**
 * Reads a word as a number, joined with the number before it ("twenty five", "3 million", "7 pm", "30 percent"). A lone
 * "one" or "zero" is a word: most often it counts nothing.
 */
export function spelledNumber(
  word: string,
  last: Token | undefined,
): { number: NumberMention; replaces: boolean } | null {
  const joined = last?.number && joinedWith(last.number, word);
  if (joined) return { number: joined, replaces: true };
  const value = spelled.get(word) ?? 0;
  if (value > 1) return { number: amount(value, last), replaces: false };
  const scale = scaleOf(word);
  const single = last?.kind === "word" && /^(?:a|one)$/.test(last.stem);
  return scale !== undefined && single ? { number: amount(scale, undefined), replaces: true } : null;
}

/** Whether a word (in lower case) may be a number or a part of one; most words are not, and need no closer look. */
export function mayBeNumber(word: string): boolean {
  return spelled.has(word) || scales.has(word) || unitWords.has(word) || halfOf(word) !== null;
}

/** A number with the word that follows it, when the two are one number; null otherwise. */
function joinedWith(before: NumberMention, word: string): NumberMention | null {
  const half = halfOf(word);
  if (before.kind === "time") return half && before.eitherHalf ? atHalf(before, half) : null;
  const scale = scaleOf(word);
  if (scale !== undefined) return { ...before, value: before.value * scale };
  if (before.unit !== null) return null;
  if (half) return before.value <= 12 ? timeFrom(`${before.value}:00`, half) : null;
  const unit = unitWords.get(word);
  return unit === undefined ? withOnes(before, word) : { ...before, unit };
}

/** "twenty" and "five". */
function withOnes(before: NumberMention, word: string): NumberMention | null {
  const value = spelled.get(word) ?? 0;
  const isTens = before.value >= 20 && before.value < 100 && before.value % 10 === 0;
  return isTens && value > 0 && value < 10 ? { ...before, value: before.value + value } : null;
}

function scaleOf(word: string): number | undefined {
  return word.length > 2 ? scales.get(word) : undefined;
}

const unitWords: ReadonlyMap<string, string> = new Map([
  ...["percent", "pct"].map((word) => [word, "%"] as const),
  ...["dollar", "dollars", "usd"].map((word) => [word, "$"] as const),
  ...["euro", "euros", "eur"].map((word) => [word, "€"] as const),
  ...["pound", "pounds", "gbp"].map((word) => [word, "£"] as const),
  ...["yen", "jpy"].map((word) => [word, "¥"] as const),
  ...["rupee", "rupees", "inr"].map((word) => [word, "₹"] as const),
]);

function halfOf(word: string): "am" | "pm" | null {
  if (word === "am" || word === "a.m") return "am";
  return word === "pm" || word === "p.m" ? "pm" : null;
}

function amount(value: number, last: Token | undefined): NumberMention {
  const approximate = approximations.has(last?.stem ?? "");
  return { value, kind: "amount", eitherHalf: false, unit: null, approximate, spelled: true };
}

function timeFrom(text: string, half: string): NumberMention {
  const [hours = 0, minutes = 0] = text.split(":").map(Number);
  const time = {
    value: hours * 60 + minutes,
    kind: "time",
    eitherHalf: hours >= 1 && hours <= 12,
    unit: null,
    approximate: false,
    spelled: false,
  } as const;
  return half === "am" || half === "pm" ? atHalf(time, half) : time;
}

function atHalf(time: NumberMention, half: "am" | "pm"): NumberMention {
  const value = (time.value % 720) + (half === "pm" ? 720 : 0);
  return { ...time, value, eitherHalf: false };
}

/** 1,000 and 1.000,5 and 1.5: a mark before exactly three digits groups them, unless it is the only one and a point. */
function amountFrom(digits: string): number {
  if (/^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(digits)) return Number(digits.replaceAll(",", ""));
  if (/^\d{1,3}(?:\.\d{3})+,\d+$/.test(digits) || /^\d{1,3}(?:\.\d{3}){2,}$/.test(digits)) {
    return Number(digits.replaceAll(".", "").replace(",", "."));
  }
  if (/^\d+,\d+$/.test(digits)) return Number(digits.replace(",", "."));
  if (/^\d+(?:\.\d+){2,}$/.test(digits)) return versionFrom(digits);
  const value = Number(digits.replaceAll(",", ""));
  return Number.isNaN(value) ? versionFrom(digits.replaceAll(",", ".")) : value;
}

/** Versions and addresses (3.11.2) become one number that differs when any part differs. */
function versionFrom(digits: string): number {
  return digits.split(".").reduce((sum, part, index) => sum + Number(part) / 1000 ** index, 0);
}

function toWesternDigits(digits: string): string {
  return digits.replace(/[٠-٩۰-۹]/gu, (digit) => String(digit.charCodeAt(0) & 15));
}
