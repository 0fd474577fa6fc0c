/** A number in a text, as it is meant: 2.5 for "2.5", 2500000 for "2.5 million". */
export interface Amount {
  readonly value: number;
  /** "%", a currency code such as "USD", or null. */
  readonly unit: string | null;
  /** UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

/** The mark before the fraction; the other one of the two groups thousands. */
export type DecimalMark = "." | ",";

/**
 * The numbers that are written in digits, with sign, groups of thousands (by comma or point, apostrophe, underscore or
 * space), fraction, exponent, a scale ("thousand", "million", "5k"), percent and currency. A lone "1,234" is read
 * with `decimalMark`. Digits that hang on a letter (GPT4, v2) and versions (1.2.3) are no amounts.
 */
export function amountsIn(text: string, decimalMark: DecimalMark): Amount[] {
  const amounts: Amount[] = [];
  for (const match of text.matchAll(digits)) {
    // The digits of an exponent belong to the amount before them.
    if (match.index < (amounts.at(-1)?.end ?? 0)) continue;
    const found = amountAt(text, match, decimalMark);
    if (found) amounts.push(found);
  }
  return amounts;
}

const digits =
  /(?<!\p{Nd})\p{Nd}{1,3}(?: \p{Nd}{3})+(?!\p{Nd})(?:[.,]\p{Nd}+)?|\p{Nd}+(?:[.,'’_\u00a0\u2009\u202f]\p{Nd}+)*|\.\p{Nd}+/gu;

function amountAt(text: string, match: RegExpExecArray, decimalMark: DecimalMark): Amount | undefined {
  const [raw] = match;
  const end = match.index + raw.length;
  const before = prefixOf(text.slice(Math.max(0, match.index - 8), match.index));
  const after = suffixOf(text.slice(end, end + 32));
  const number = numberFrom(toAscii(raw), decimalMark);
  if (number === undefined || before.isPartOfWord) return undefined;
  const value = (before.isNegative ? -1 : 1) * number * after.factor;
  if (!Number.isFinite(value)) return undefined;
  const unit = after.unit ?? before.currency;
  return { value, unit, start: match.index - before.length, end: end + after.length };
}

interface Prefix {
  readonly isPartOfWord: boolean;
  readonly isNegative: boolean;
  readonly currency: string | null;
  /** How much of the text before the digits belongs to the amount. */
  readonly length: number;
}

const prefix =
  /(?<letter>[\p{L}\p{N}_)])?(?<sign>[-−–+])?(?:(?<symbol>[$€£¥₹]|\b(?:USD|EUR|GBP|JPY|INR)\s?)(?<inner>[-−+])?)?$/u;

/** A sign behind a letter or a digit is a hyphen or a range. */
function prefixOf(text: string): Prefix {
  const { letter, sign, symbol, inner } = prefix.exec(text)?.groups ?? {};
  const own = letter === undefined ? (sign ?? "") : "";
  const marks = `${own}${inner ?? ""}`;
  return {
    isPartOfWord: letter !== undefined && letter !== ")" && sign === undefined && symbol === undefined,
    isNegative: /[-−–]/.test(marks),
    currency: unitOf(symbol),
    length: own.length + (symbol ?? "").length + (inner ?? "").length,
  };
}

const suffix = new RegExp(
  [
    String.raw`^(?:[eE](?<exponent>[-+−]?\p{Nd}{1,3})(?![\p{L}\p{Nd}]))?`,
    String.raw`(?:(?<attached>[kK]|bn|mn|tn)\b|\s?(?<scale>hundred|thousand|million|billion|trillion|dozen)s?\b)?`,
    String.raw`(?:\s?(?<unit>[%٪$€£¥₹]|percent\b|per cent\b|pct\b|USD\b|EUR\b|GBP\b|JPY\b|INR\b|dollars?\b|euros?\b|pounds sterling\b|yen\b|rupees?\b))?`,
  ].join(""),
  "iu",
);

interface Suffix {
  readonly factor: number;
  readonly unit: string | null;
  readonly length: number;
}

function suffixOf(text: string): Suffix {
  const found = suffix.exec(text);
  const { exponent = "0", attached = "", scale = attached, unit } = found?.groups ?? {};
  const factor = 10 ** Number(toAscii(exponent).replace("−", "-")) * (scales.get(scale.toLowerCase()) ?? 1);
  return { factor, unit: unitOf(unit), length: found?.[0].length ?? 0 };
}

const scales: ReadonlyMap<string, number> = new Map([
  ["k", 1e3],
  ["mn", 1e6],
  ["bn", 1e9],
  ["tn", 1e12],
  ["dozen", 12],
  ["hundred", 100],
  ["thousand", 1e3],
  ["million", 1e6],
  ["billion", 1e9],
  ["trillion", 1e12],
]);

const units: ReadonlyMap<string, string> = new Map([
  ...["%", "٪", "percent", "per cent", "pct"].map((name) => [name, "%"] as const),
  ...["$", "usd", "dollar", "dollars"].map((name) => [name, "USD"] as const),
  ...["€", "eur", "euro", "euros"].map((name) => [name, "EUR"] as const),
  ...["£", "gbp", "pounds sterling"].map((name) => [name, "GBP"] as const),
  ...["¥", "jpy", "yen"].map((name) => [name, "JPY"] as const),
  ...["₹", "inr", "rupee", "rupees"].map((name) => [name, "INR"] as const),
]);

function unitOf(name: string | undefined): string | null {
  return units.get(name?.trim().toLowerCase() ?? "") ?? null;
}

/** Reads digits with their marks; undefined where they are a version, a list or an address. */
function numberFrom(raw: string, decimalMark: DecimalMark): number | undefined {
  const plain = raw.replaceAll(/(?<=\d)[ '’_\u00a0\u2009\u202f](?=\d{3}(?!\d))/g, "");
  if (/^\d*\.?\d+$/.test(plain) && decimalMark === ".") return Number(plain);
  const group = decimalMark === "." ? "," : ".";
  return withMarks(plain, group, decimalMark) ?? withMarks(plain, decimalMark, group);
}

/** The number when `group` groups its thousands (or lakhs) and `decimal` stands before its fraction. */
function withMarks(text: string, group: DecimalMark, decimal: DecimalMark): number | undefined {
  const [whole = "", fraction, ...more] = text.split(decimal);
  const groups = whole.split(group);
  const isGrouped = groups.length === 1 || /^\d{1,3}(?:-\d{3})+$|^\d{1,2}(?:-\d{2})+-\d{3}$/.test(groups.join("-"));
  if (more.length > 0 || !isGrouped || !/^\d*$/.test(fraction ?? "")) return undefined;
  const digitsOnly = groups.join("");
  return /^\d*$/.test(digitsOnly) ? Number(`${digitsOnly}.${fraction ?? "0"}`) : undefined;
}

/** Decimal digits stand in rows of ten, from zero to nine, in every script of Unicode; some rows follow each other. */
function toAscii(text: string): string {
  return text.replaceAll(/(?![0-9])\p{Nd}/gu, (digit) => String(valueOf(digit.codePointAt(0) ?? 0)));
}

function valueOf(codePoint: number): number {
  let zero = codePoint;
  while (/^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return (codePoint - zero) % 10;
}
