import { isIPv6 } from "node:net";
import { type Detection, matchesOf } from "./detection.ts";

/** Bounded on both sides of the @, so that a long run of letters costs no more than its length. */
const email =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}_%+-][\p{L}\p{N}._%+-]{0,63}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}\p{L}{2,24}(?![\p{L}\p{N}])/gu;

export function findEmails(text: string): Detection[] {
  return text.includes("@") ? matchesOf(text, email, "email") : [];
}

const hyphened = /(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])/g;
const named =
  /\b(?:ssn|social security)\b[^\d\n]{0,40}(?<value>(?!000|666|9)\d{3}[ -]?(?!00)\d{2}[ -]?(?!0000)\d{4})(?!\d)/giu;

/** With hyphens anywhere, in other forms only behind the words "SSN" or "social security" (rules of the SSA since 2011). */
export function findSocialSecurityNumbers(text: string): Detection[] {
  return [...matchesOf(text, hyphened, "us_ssn"), ...matchesOf(text, named, "us_ssn")];
}

const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const version4 = new RegExp(`(?<![\\w.]|version |release )${octet}(?:\\.${octet}){3}(?![\\w]|\\.\\d)`, "giu");
const version6 = /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/giu;
/** This host, no host, and masks: nobody's address. */
const nobody = /^(?:127\.|0\.0\.0\.0$|255\.)/;

export function findIpAddresses(text: string): Detection[] {
  const found = [
    ...matchesOf(text, version4, "ip_address").filter(({ start, end }) => !nobody.test(text.slice(start, end))),
    ...matchesOf(text, version6, "ip_address").filter(({ start, end }) => isAddress(text.slice(start, end))),
  ];
  return found;
}

/** `a::b` is an address by its form and a name in many languages; an address here has three groups and a digit. */
function isAddress(text: string): boolean {
  return isIPv6(text) && /\d/.test(text) && text.split(":").filter((group) => group !== "").length >= 3;
}
