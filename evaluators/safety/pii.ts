import { defineEvaluator } from "../define-evaluator.ts";
import { findCards } from "./cards.ts";
import { type Detect, findingFrom, type KindNames, withoutOverlap } from "./detection.ts";
import { needs } from "./examined.ts";
import { findIbans } from "./ibans.ts";
import { localOptions } from "./local-options.ts";
import { findEmails, findIpAddresses, findSocialSecurityNumbers } from "./identifiers.ts";
import { findPhones } from "./phones.ts";

export const piiKinds = ["credit_card", "iban", "us_ssn", "email", "ip_address", "phone"] as const;

export const piiNames = {
  credit_card: ["credit card number", "credit card numbers"],
  iban: ["IBAN", "IBANs"],
  us_ssn: ["US social security number", "US social security numbers"],
  email: ["e-mail address", "e-mail addresses"],
  ip_address: ["IP address", "IP addresses"],
  phone: ["phone number", "phone numbers"],
} as const satisfies KindNames;

/** Changes with the patterns, so that versions do. */
export const piiRevision = 1;

/** Finds personal data; the surest kinds first. */
export const detectPii: Detect = (text) =>
  withoutOverlap([
    ...findCards(text),
    ...findIbans(text),
    ...findSocialSecurityNumbers(text),
    ...findEmails(text),
    ...findIpAddresses(text),
    ...findPhones(text),
  ]);

/** Personal data that can be recognised by its form. */
export const piiEvaluator = defineEvaluator({
  name: "pii",
  description: "The text contains no personal data of the kinds looked for.",
  covers:
    "Credit card numbers and IBANs (by checksum), US social security numbers, e-mail and IP addresses, phone numbers. Not examined: names, postal addresses, dates of birth, and identifiers of other countries.",
  needs,
  options: localOptions(piiKinds),
  revision: piiRevision,
  evaluate: (sample, options, { signal }) =>
    findingFrom(sample, { detect: detectPii, names: piiNames }, options, signal),
});
