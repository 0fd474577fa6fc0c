import { defineEvaluator } from "../define-evaluator.ts";
import { streamDetections } from "./detection-stream.ts";
import { type Detect, type Detection, findingFrom, type KindNames } from "./detection.ts";
import { needs } from "./examined.ts";
import { findIbans } from "./ibans.ts";
import { localOptions } from "./local-options.ts";
import { findCards } from "./pii/cards.ts";
import { findEmails } from "./pii/emails.ts";
import { findIpAddresses } from "./pii/ip-addresses.ts";
import { findLabelled } from "./pii/labelled.ts";
import { findMacAddresses } from "./pii/mac-addresses.ts";
import { findNationalIds, nationalIds } from "./pii/national-ids.ts";
import { findPhones } from "./pii/phones.ts";
import { findWallets } from "./pii/wallets.ts";

export const piiKinds = [
  "credit_card",
  "iban",
  "us_ssn",
  "us_itin",
  "uk_nino",
  "uk_nhs",
  "de_tax_id",
  "es_dni",
  "fr_nir",
  "it_fiscal_code",
  "in_aadhaar",
  "in_pan",
  "br_cpf",
  "nl_bsn",
  "pl_pesel",
  "ca_sin",
  "au_tfn",
  "passport",
  "driver_license",
  "date_of_birth",
  "email",
  "ip_address",
  "private_ip_address",
  "mac_address",
  "crypto_wallet",
  "phone",
  "toll_free_phone",
] as const;

/** Nobody's in particular: reported when personal data is asked for, and no reason to withhold an answer. */
export const impersonalKinds: readonly (typeof piiKinds)[number][] = [
  "private_ip_address",
  "mac_address",
  "crypto_wallet",
  "toll_free_phone",
];

export const piiNames = {
  credit_card: ["credit card number", "credit card numbers"],
  iban: ["IBAN", "IBANs"],
  us_ssn: ["US social security number", "US social security numbers"],
  us_itin: ["US taxpayer number", "US taxpayer numbers"],
  uk_nino: ["UK national insurance number", "UK national insurance numbers"],
  uk_nhs: ["NHS number", "NHS numbers"],
  de_tax_id: ["German tax number", "German tax numbers"],
  es_dni: ["Spanish identity number", "Spanish identity numbers"],
  fr_nir: ["French social security number", "French social security numbers"],
  it_fiscal_code: ["Italian fiscal code", "Italian fiscal codes"],
  in_aadhaar: ["Aadhaar number", "Aadhaar numbers"],
  in_pan: ["Indian tax number", "Indian tax numbers"],
  br_cpf: ["Brazilian taxpayer number", "Brazilian taxpayer numbers"],
  nl_bsn: ["Dutch citizen number", "Dutch citizen numbers"],
  pl_pesel: ["PESEL number", "PESEL numbers"],
  ca_sin: ["Canadian social insurance number", "Canadian social insurance numbers"],
  au_tfn: ["Australian tax file number", "Australian tax file numbers"],
  passport: ["passport number", "passport numbers"],
  driver_license: ["driver's licence number", "driver's licence numbers"],
  date_of_birth: ["date of birth", "dates of birth"],
  email: ["e-mail address", "e-mail addresses"],
  ip_address: ["IP address", "IP addresses"],
  private_ip_address: ["private IP address", "private IP addresses"],
  mac_address: ["MAC address", "MAC addresses"],
  crypto_wallet: ["wallet address", "wallet addresses"],
  phone: ["phone number", "phone numbers"],
  toll_free_phone: ["toll-free phone number", "toll-free phone numbers"],
} as const satisfies KindNames;

/** Changes with anything that changes what is found, so that versions do. */
export const piiRevision = 3;

const everyKind: ReadonlySet<string> = new Set(piiKinds);

/** Finds personal data of the wanted kinds; the surest first. */
export const detectPii: Detect = (text, wanted = everyKind) =>
  finders.flatMap(({ kinds, find }) => (kinds.some((kind) => wanted.has(kind)) ? find(text, wanted) : []));

interface Finder {
  readonly kinds: readonly string[];
  find(text: string, wanted: ReadonlySet<string>): readonly Detection[];
}

const finders: readonly Finder[] = [
  { kinds: ["credit_card"], find: findCards },
  { kinds: ["iban"], find: findIbans },
  { kinds: nationalIds.map(({ kind }) => kind), find: findNationalIds },
  { kinds: ["passport", "driver_license", "date_of_birth"], find: findLabelled },
  { kinds: ["email"], find: findEmails },
  { kinds: ["ip_address", "private_ip_address"], find: findIpAddresses },
  { kinds: ["mac_address"], find: findMacAddresses },
  { kinds: ["crypto_wallet"], find: findWallets },
  { kinds: ["phone", "toll_free_phone"], find: findPhones },
];

/** Personal data that can be recognised by its form. */
export const piiEvaluator = defineEvaluator({
  name: "pii",
  description: "The text contains no personal data of the kinds looked for.",
  covers:
    "Card numbers, IBANs and identity numbers of twelve countries (by checksum where they have one), e-mail, IP and MAC addresses, wallets, phone numbers; dates of birth, passports and licences behind their names. Not examined: names, postal addresses, identifiers of other countries, and national phone numbers that nothing announces.",
  needs,
  options: localOptions(piiKinds),
  revision: piiRevision,
  evaluate: (sample, options, { signal }) =>
    findingFrom(sample, { detect: detectPii, names: piiNames }, options, signal),
  stream: (sample, options, tools) => streamDetections(sample, { detect: detectPii, names: piiNames }, options, tools),
  perPassage: true,
});
