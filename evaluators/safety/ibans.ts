import validator from "validator";
import type { Detection } from "./detection.ts";

const candidate =
  /(?<![\p{L}\p{N}])(?:[A-Z]{2}\d{2}[A-Z0-9]{0,30}(?:[ \u00a0-][A-Z0-9]{1,30}){0,10}|[a-z]{2}\d{2}[a-z0-9]{11,30})(?![\p{L}\p{N}])/gu;

/** Finds IBANs: the country's own form, and mod 97 (ISO 13616). */
export function findIbans(text: string): Detection[] {
  return [...text.matchAll(candidate)].flatMap((match) => {
    const length = lengthOf(match[0]);
    return length === null ? [] : [{ kind: "iban", start: match.index, end: match.index + length }];
  });
}

/** What follows an IBAN may look like one more group of it, so shorter readings are tried as well. */
function lengthOf(text: string): number | null {
  for (
    let end = text.length;
    end >= 15;
    end = Math.max(text.lastIndexOf(" ", end - 1), text.lastIndexOf("-", end - 1))
  ) {
    const compact = text.slice(0, end).replace(/[\s-]/gu, "");
    if (compact.length >= 15 && compact.length <= 34 && validator.isIBAN(compact.toUpperCase())) return end;
  }
  return null;
}
