import type { Detection } from "./detection.ts";

/** Digits in groups of any size, one separator between two. */
const digitGroups = /(?<![\p{L}\p{N}_.,-])\d+(?:[ \u00a0.\-–]\d+){0,24}(?![\p{L}\p{N}_]|[.,-]\d)/gu;

/** Issuer prefixes with the lengths that they use (ISO/IEC 7812 ranges as published by the schemes). */
const issuers: readonly RegExp[] = [
  /^4(?:\d{12}|\d{15}|\d{18})$/,
  /^(?:5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12})$/,
  /^3[47]\d{13}$/,
  /^(?:6011|65\d\d|64[4-9]\d)\d{12,15}$/,
  /^(?:35\d{14}|(?:1800|2131)\d{11})$/,
  /^3(?:0[0-5]|095|[689]\d)\d{11,16}$/,
  /^62\d{14,17}$/,
  /^(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{8,15}$/,
];

/** Finds payment card numbers in any grouping: an issuer's prefix, its length, and the Luhn checksum. */
export function findCards(text: string): Detection[] {
  return [...text.matchAll(digitGroups)].flatMap((match) => {
    const named = cardBefore.test(text.slice(Math.max(0, match.index - 40), match.index));
    return cardsIn(match[0], match.index, named);
  });
}

/** Behind these words the checksum alone decides: not every issuer has a prefix of its own. */
const cardBefore = /(?<!\p{L})(?:card|karte|kreditkarte|carte|tarjeta|carta|cartão)(?!\p{L})[^\d\n]{0,30}$/iu;

function cardsIn(run: string, offset: number, named: boolean): Detection[] {
  const groups = [...run.matchAll(/\d+/g)].map((match) => ({ digits: match[0], start: match.index }));
  const found: Detection[] = [];
  for (let first = 0; first < groups.length; first += 1) {
    const last = lastGroup(groups, first, named);
    if (last === null) continue;
    const { start = 0 } = groups[first] ?? {};
    const end = groups[last];
    found.push({ kind: "credit_card", start: offset + start, end: offset + (end ? end.start + end.digits.length : 0) });
    first = last;
  }
  return found;
}

/** The last group of the longest reading that is a card, so that nothing of a number is left over. */
function lastGroup(groups: readonly { digits: string }[], first: number, named: boolean): number | null {
  let digits = "";
  let last: number | null = null;
  for (let at = first; at < groups.length && digits.length < 20; at += 1) {
    digits += groups[at]?.digits ?? "";
    if (isCard(digits, named)) last = at;
  }
  return last;
}

function isCard(digits: string, named: boolean): boolean {
  if (digits.length < 12 || digits.length > 19 || digits.startsWith("0")) return false;
  return (named || issuers.some((issuer) => issuer.test(digits))) && hasLuhnChecksum(digits);
}

/** The Luhn formula (ISO/IEC 7812-1, annex B). */
function hasLuhnChecksum(digits: string): boolean {
  let sum = 0;
  [...digits].toReversed().forEach((digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    sum += value > 9 ? value - 9 : value;
  });
  return sum % 10 === 0;
}
