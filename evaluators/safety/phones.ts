import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js";
import type { Detection } from "./detection.ts";

const candidate =
  /(?<![\p{L}\p{N}_.,\u002f:#$€£-]|[$€£] )(?:\+|00)?\(?\d(?:[ \u00a0().\u002f–-]{0,2}\d){6,16}(?![\p{L}\p{N}_]|[.,:\u002f-]\d|%)/gu;
/** Words that announce a phone number, in the languages of the regions below. */
const announced =
  /(?:(?<!\p{L})(?:(?:tele|cell|smart)?phones?|tel|tele(?:fon|fono|foon)\p{L}*|t[ée]l(?:[ée]phone)?|cell|mobile?|m[óo]vil|handy|celular|fax|whatsapp|sms|call(?:ing)?|dial|reach|contact|ring|text|hotline|helpline|rufnummer|appelez|ll[aá]m\p{L}*)(?!\p{L})|電話|电话|手机)[^\d\n]{0,40}$/iu;
/** Words that announce some other number. */
const other =
  /(?<!\p{L})(?:order|invoice|ticket|tracking|reference|ref|case|account|serial|sku|isbn|id|number of|bestell\p{L}*|rechnung\p{L}*)(?!\p{L})\.?[\s:#]{0,3}(?:number|nummer|no\.?|id|is)?[\s:#]{0,3}$/iu;
/** The way North America writes them: nothing else looks like it. */
const northAmerican = /^(?:\+?1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])[2-9]\d{2}[ .-]\d{4}$/;
/** A number without a country is read as one of these, and only behind a word that announces it. */
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
/** Where the announcing words are looked for, in characters before the number. */
const lookBack = 60;

/** Finds phone numbers: international form, North American form, or any national form behind a word such as "call". */
export function findPhones(text: string): Detection[] {
  return [...text.matchAll(candidate)]
    .filter((match) => isPhone(match[0].trim(), text.slice(Math.max(0, match.index - lookBack), match.index)))
    .map((match) => ({ kind: "phone", start: match.index, end: match.index + match[0].length }));
}

function isPhone(number: string, before: string): boolean {
  if (isDate(number)) return false;
  if (number.startsWith("+")) return isValid(number);
  const announcedHere = announced.test(before);
  if (other.test(before) && !announcedHere) return false;
  if (number.startsWith("00") && isValid(`+${number.slice(2)}`)) return true;
  if (northAmerican.test(number)) return isValid(number, "US");
  return announcedHere && regions.some((region) => isValid(number, region));
}

function isValid(number: string, region?: CountryCode): boolean {
  return parsePhoneNumberFromString(number, region)?.isValid() ?? false;
}

function isDate(number: string): boolean {
  return /^(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}|\d{4}\s?[-–]\s?\d{4})\b/u.test(number);
}
