import { allMatches } from "../../text/all-matches.ts";
import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js";
import type { Detection } from "../detection.ts";
import { isDigit, isWordCharacter, leadTo } from "./border.ts";
import { type Announcement, announcementOf } from "./phone-words.ts";

const candidate = /(?:\+ ?|00)?\(?\d(?:[ ()./-]{0,3}\d){5,16}/g;
const extension = /^ ?(?:x|ext\.?|extension|#|durchwahl|poste) ?[.:]? ?\d{1,6}(?!\w)/i;
/** A number without a country is read as one of these. */
const regions: readonly CountryCode[] = [
  "US",
  "GB",
  "DE",
  "FR",
  "ES",
  "IT",
  "NL",
  "CH",
  "AT",
  "PL",
  "SE",
  "IN",
  "AU",
  "BR",
  "MX",
  "JP",
  "CN",
  "ZA",
];
/** The way North America writes them, and with brackets, dots or an extension: nothing else looks like it. */
const northAmerican = /^(?:\+?1[ .-]?)?(?:\(\d{3}\) ?\d{3}[ .-]?\d{4}|\d{3}-\d{3}-\d{4}|\d{3}\.\d{3}\.\d{4})$/;
const spaced = /^(?:1 )?[2-9]\d{2} [2-9]\d{2} \d{4}$/;
/** Called at the expense of the one who is called: an organisation's number and nobody's own. */
const tollFree = /^(?:\+?1)?8(?:00|33|44|55|66|77|88)\d{7}$|^0?80[08]\d{4,8}$|^\+(?!1)\d{2}80[08]\d{4,8}$/;

/** Finds phone numbers: by their form alone where it is beyond doubt, by country rules, or behind words that announce them. */
export function findPhones(text: string): Detection[] {
  return allMatches(text, candidate).flatMap((match) => {
    const number = match[0].trim();
    const end = match.index + number.length;
    if (!hasBorders(text, match.index, end)) return [];
    const extended = extension.exec(text.slice(end, end + 20))?.[0].length ?? 0;
    if (extended === 0 && isWordCharacter(text[end])) return [];
    if (!isPhone(text, { number, start: match.index, end, extended: extended > 0 })) return [];
    const kind = tollFree.test(digitsOf(number)) ? "toll_free_phone" : "phone";
    return [{ kind, start: match.index, end: end + extended }];
  });
}

interface Candidate {
  readonly number: string;
  readonly start: number;
  readonly end: number;
  /** Whether an extension follows. */
  readonly extended: boolean;
}

function digitsOf(number: string): string {
  return number.replace(/[^\d+]/g, "");
}

function hasBorders(text: string, start: number, end: number): boolean {
  return beginsCleanly(text, start) && endsCleanly(text, end);
}

function beginsCleanly(text: string, start: number): boolean {
  const before = text[start - 1];
  if (before === undefined) return true;
  if (isWordCharacter(before) || "/#$€£+-*^".includes(before)) return false;
  if (before === ".") return isLetterBefore(text, start - 2);
  if (before === "," || before === ":") return !isDigit(text[start - 2]);
  return before !== " " || !"$€£".includes(text[start - 2] ?? " ");
}

/** Neither a percentage nor letters for digits, and not cut out of a longer number. */
function endsCleanly(text: string, end: number): boolean {
  if (text[end] === "%" || /^-[A-Z]{2}/.test(text.slice(end, end + 3))) return false;
  return !(isDigit(text[end + 1]) && ".,:/-".includes(text[end] ?? " "));
}

function isLetterBefore(text: string, at: number): boolean {
  return isWordCharacter(text[at]) && !isDigit(text[at]);
}

function isPhone(text: string, found: Candidate): boolean {
  const { number, start, end, extended } = found;
  if (isOtherForm(number)) return false;
  const announcement = announcementOf(leadTo(text, start), text.slice(end, end + 24));
  if (announcement === "other") return false;
  if (isDoubtful(number) && announcement !== "label" && announcement !== "phrase") return false;
  if (number.startsWith("+")) return isInternational(number, announcement);
  return isUnmistakable(number, extended) || isNational(text, found, announcement);
}

function isUnmistakable(number: string, extended: boolean): boolean {
  if (number.startsWith("00") && isValid(`+${number.slice(2)}`)) return true;
  if (northAmerican.test(number) || (extended && /\D/.test(number))) return true;
  return spaced.test(number) && isValid(number, "US");
}

/** A country's number of the right length; wrong ones only behind a word that announces them. */
function isInternational(number: string, announcement: Announcement): boolean {
  const parsed = parsePhoneNumberFromString(number);
  if (parsed === undefined) return announcement === "label";
  return parsed.isValid() || announcement !== "none" || (parsed.isPossible() && /\d[ ().-]+\d/.test(number));
}

function isNational(text: string, { number, start, end }: Candidate, announcement: Announcement): boolean {
  const digits = digitsOf(number).length;
  if (announcement === "label") return digits <= 15;
  if (announcement === "phrase") {
    return digits <= 15 && (isGrouped(number) ? !/^[1-9]\d{0,2}(?:[ .]000)+$/.test(number) : digits >= 9);
  }
  const isWritten = isGrouped(number) && !isThousands(number);
  const isDialled = /^\(?0/.test(number);
  const isLikely =
    announcement === "hint" ? isWritten || isDialled : isWritten && (isDialled || isLine(text, start, end));
  return digits >= 7 && isLikely && isValidSomewhere(number);
}

function isGrouped(number: string): boolean {
  return /\d[ ()./-]+\d/.test(number);
}

function isValid(number: string, region?: CountryCode): boolean {
  return parsePhoneNumberFromString(number, region)?.isValid() ?? false;
}

function isValidSomewhere(number: string): boolean {
  return regions.some((region) => isValid(number, region));
}

/** Alone on its line, as in an address book. */
function isLine(text: string, start: number, end: number): boolean {
  const before = start === 0 || text[start - 1] === "\n";
  return before && text[end] === "\n";
}

/** `1 000 000` and `1.000.000`. */
function isThousands(number: string): boolean {
  return /^[1-9]\d{0,2}(?:([ .])\d{3})(?:\1\d{3})*$/.test(number);
}

/**
 * Dates, rows of years, social security numbers, one digit over and over, ISBNs, decimals, round numbers, and more zeros than
 * any country dials.
 */
const otherForms: readonly RegExp[] = [
  /^(?:1[5-9]|20)\d{2}[-./](?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])(?!\d)/,
  /^(?:0?[1-9]|[12]\d|3[01])[-./](?:0?[1-9]|[12]\d|3[01])[-./](?:1[5-9]|20)\d{2}(?!\d)/,
  /^(?:1[5-9]|20)\d{2}(?: ?[-/ ] ?(?:1[5-9]|20)\d{2})+$/,
  /^\d{3}-\d{2}-\d{4}$/,
  /^(\d)(?:[ ()./-]*\1){5,}$/,
  /^(?:97[89]-)?\d{1,5}-\d{2,7}-\d{1,6}-\d$/,
  /^\d\.\d+$|^\d+\.\d+(?: \d+\.\d+)+$/,
  /^\d+0{6,}$|^000/,
];
/** ZIP+4, and small numbers in a row: phone numbers only behind a word that announces them. */
const doubtfulForms: readonly RegExp[] = [/^\d{5}-\d{4}$/, /^\d{1,2}(?:[ /-]+\d{1,2}){3,}$/];

function isOtherForm(number: string): boolean {
  return otherForms.some((form) => form.test(number));
}

function isDoubtful(number: string): boolean {
  return doubtfulForms.some((form) => form.test(number));
}
