import { allMatches } from "../text/all-matches.ts";
import validator from "validator";
import type { Detection } from "./detection.ts";
import { isWordCharacter } from "./pii/border.ts";

const candidate =
  /[A-Z]{2}\d{2}[A-Z0-9]{0,30}(?:[ -][A-Z0-9]{1,30}){0,10}|[a-z]{2}\d{2}[a-z0-9]{11,30}(?:[ -][a-z0-9]{1,30}){0,10}/g;

/** Finds IBANs: the country's own form, and mod 97 (ISO 13616). */
export function findIbans(text: string): Detection[] {
  return allMatches(text, candidate).flatMap((match) => {
    if (isWordCharacter(text[match.index - 1])) return [];
    const length = lengthOf(match[0], isWordCharacter(text[match.index + match[0].length]));
    return length === null ? [] : [{ kind: "iban", start: match.index, end: match.index + length }];
  });
}

/** What follows an IBAN may look like one more group of it, so shorter readings are tried as well. */
function lengthOf(text: string, goesOn: boolean): number | null {
  let end = goesOn ? groupBefore(text, text.length) : text.length;
  for (; end >= 15; end = groupBefore(text, end)) {
    const compact = text.slice(0, end).replace(/[\s-]/gu, "");
    if (compact.length >= 15 && compact.length <= 34 && validator.isIBAN(compact.toUpperCase())) return end;
  }
  return null;
}

function groupBefore(text: string, end: number): number {
  return Math.max(text.lastIndexOf(" ", end - 1), text.lastIndexOf("-", end - 1));
}
