import { allMatches } from "../../text/all-matches.ts";
import type { Detection } from "../detection.ts";
import { isPartOfNumber, leadTo, standsAlone } from "./border.ts";
import { hasLuhnChecksum } from "./checksums.ts";

/** Digits in groups of any size, a separator between two, also with spaces around it. */
const digitGroups = /\d+(?:(?:[ ./_-]| {2}| [-/.] )\d+){0,24}/g;

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
  /^(?:2200|2201|2202|2203|2204)\d{12,15}$/,
  /^(?:60(?:69[89]|70|71)|508[5-9]|6521|6522|81\d\d|82\d\d)\d{11,12}$/,
];
/** Behind these words the checksum alone decides: not every issuer has a prefix of its own. */
const cardWords =
  /(?<!\p{L})(?:(?:credit|debit|payment|bank)?-?cards?|(?:kredit|bank|debit)?karten?|kartennummer|kreditkartennummer|carte|tarjeta|carta|cartão|visa|mastercard|maestro|amex)(?!\p{L})|カード|信用卡|银行卡|카드/iu;
/** The ways in which cards print their number. */
const printed =
  /^(?:\d{4}[ ./_-]{1,3}\d{4}[ ./_-]{1,3}\d{4}[ ./_-]{1,3}\d{4}|\d{4}[ ./_-]{1,3}\d{6}[ ./_-]{1,3}\d{5})$/;

/** So many numbers in ascending order are counted off. */
const fewestInList = 6;

/** Finds payment card numbers in any grouping: an issuer's prefix, its length, and the Luhn checksum. */
export function findCards(text: string): Detection[] {
  return allMatches(text, digitGroups).flatMap((match) =>
    match[0].length < 12 ? [] : cardsIn(text, match[0], match.index),
  );
}

interface Group {
  readonly digits: string;
  readonly start: number;
  readonly end: number;
}

function cardsIn(text: string, run: string, offset: number): Detection[] {
  const named = cardWords.test(leadTo(text, offset));
  const groups: Group[] = [...run.matchAll(/\d+/g)].map(({ 0: digits, index }) => ({
    digits,
    start: offset + index,
    end: offset + index + digits.length,
  }));
  const found: Detection[] = [];
  for (let first = 0; first < groups.length; first += 1) {
    const last = lastGroup(text, groups.slice(first, first + 20), named);
    if (last === null || !(named || isOneNumber(groups, first, first + last))) continue;
    found.push({ kind: "credit_card", start: groups[first]?.start ?? 0, end: groups[first + last]?.end ?? 0 });
    first += last;
  }
  return found;
}

/**
 * Whether groups are one number and no stretch of a list of numbers: all that stand there and not in ascending order, or a few
 * of a good length.
 */
function isOneNumber(groups: readonly Group[], first: number, last: number): boolean {
  const own = groups.slice(first, last + 1);
  if (own.length <= 5 && own.every(({ digits }) => digits.length >= 4)) return true;
  const ascends = own.every(({ digits }, at) => at === 0 || Number(digits) > Number(own[at - 1]?.digits));
  return own.length === groups.length && !(ascends && own.length >= fewestInList);
}

/** The last group of the longest reading that is a card, so that nothing of a number is left over. */
function lastGroup(text: string, groups: readonly Group[], named: boolean): number | null {
  const start = groups[0]?.start ?? 0;
  let digits = "";
  let found: number | null = null;
  for (const [at, group] of groups.entries()) {
    digits += group.digits;
    if (digits.length > 19) break;
    if (isCard(digits, named) && isWhole(text, start, group.end)) found = at;
  }
  return found;
}

function isCard(digits: string, named: boolean): boolean {
  if (digits.length < 12 || digits.startsWith("0")) return false;
  return (named || issuers.some((issuer) => issuer.test(digits))) && hasLuhnChecksum(digits);
}

/** Glued to a word or to more digits only what is printed as on a card is one. */
function isWhole(text: string, start: number, end: number): boolean {
  if (printed.test(text.slice(start, end))) return true;
  return standsAlone(text, start, end) && !isDecimal(text, start, end);
}

/** A part of a longer number, or digits around one decimal point. */
function isDecimal(text: string, start: number, end: number): boolean {
  const number = text.slice(start, end);
  return /^\d{1,3}\.\d+$/.test(number) || (!/[ ./_-]/.test(number) && isPartOfNumber(text, start, end));
}
