import { type Detection, matchesOf } from "../detection.ts";

const is = "[\\s:=#*_\"']{0,4}(?:(?:no\\.?|nr\\.?|number|nummer|numéro|número|is|ist|est|es|:)[\\s:=#*_\"']{0,4}){0,3}";
const day = "(?:0?[1-9]|[12]\\d|3[01])";
const date = `(?:\\d{4}[-./]\\d{1,2}[-./]\\d{1,2}|\\d{1,2}[-./]\\d{1,2}[-./](?:\\d{4}|\\d{2})|${day}(?:st|nd|rd|th|\\.)? (?:de |of )?\\p{L}{3,10}\\.?,? (?:de )?\\d{4}|\\p{L}{3,10}\\.? ${day}(?:st|nd|rd|th)?,? \\d{4})(?!\\d)`;

/** What only its name tells from other dates and numbers. */
const labelled = {
  date_of_birth: new RegExp(
    `(?<!\\p{L})(?:dob|d\\.o\\.b\\.?|date of birth|birth ?date|geburtsdatum|geburtstag|geb\\.|date de naissance|fecha de nacimiento|data di nascita|data de nascimento|geboortedatum)${is}(?<value>${date})`,
    "dgiu",
  ),
  passport: new RegExp(
    `(?<!\\p{L})(?:passport|reisepass|reisepassnummer|passnummer|passeport|pasaporte|passaporto|paspoort)${is}(?<value>(?=(?:[A-Z]{0,4}\\d){4})[A-Z0-9]{6,10})(?![\\p{L}\\d])`,
    "dgiu",
  ),
  driver_license: new RegExp(
    `(?<!\\p{L})(?:driver'?s'?|driving) licen[cs]es?${is}(?<value>(?=[A-Z\\d -]{0,6}\\d{3})[A-Z\\d](?:[A-Z\\d]|[ -](?=[A-Z]?\\d)){4,18})(?![\\p{L}\\d])`,
    "dgiu",
  ),
} as const;

/** Finds dates of birth and the numbers of passports and driver's licences, behind their names only. */
export function findLabelled(text: string, wanted: ReadonlySet<string>): Detection[] {
  return Object.entries(labelled).flatMap(([kind, pattern]) =>
    wanted.has(kind) ? matchesOf(text, pattern, kind) : [],
  );
}
