import { allMatches } from "../../text/all-matches.ts";
import type { Detection } from "../detection.ts";
import { isPartOfNumber, leadTo, standsAlone } from "./border.ts";
import { hasLuhnChecksum, hasMod1110Checksum, hasVerhoeffChecksum, weighted } from "./checksums.ts";

/** A number that a state gives a person. */
interface NationalId {
  readonly kind: string;
  /** Where one may stand. */
  readonly form: RegExp;
  /** Without so many digits in a text there is none in it. */
  readonly digits: number;
  /** Nor without so many letters and digits in a row. */
  readonly run?: number;
  /** Decides on it without spaces and marks, in upper case. */
  isValid(compact: string): boolean;
  /** The words without which a form that other numbers share is not reported. */
  readonly words?: RegExp;
  /** A way of writing it that needs no words. */
  readonly unmistakable?: RegExp;
}

const social = /(?<!\p{L})(?:ssn|social security|soc\. sec\.)(?!\p{L})/iu;
const dniLetters = "TRWAGMYFPDXBNJZSQVHLCKE";

/** Forms and checksums as the issuing authorities publish them; the surest first. */
export const nationalIds: readonly NationalId[] = [
  {
    kind: "us_ssn",
    form: /(?<!\w)\d{3}[ .-]?\d{2}[ .-]?\d{4}/g,
    digits: 9,
    isValid: (digits) => !/^(?:000|666|9)|^\d{3}00|0000$/.test(digits),
    words: social,
    unmistakable: /^\d{3}-\d{2}-\d{4}$/,
  },
  {
    kind: "us_itin",
    form: /(?<!\w)9\d{2}[ -]?\d{2}[ -]?\d{4}/g,
    digits: 9,
    isValid: (digits) => /^9\d\d(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])/.test(digits),
    words: /(?<!\p{L})(?:itin|taxpayer)(?!\p{L})/iu,
    unmistakable: /^\d{3}-\d{2}-\d{4}$/,
  },
  {
    kind: "uk_nino",
    form: /(?<!\w)[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]/gi,
    digits: 6,
    isValid: (id) => /^(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]/.test(id),
    words: /(?<!\p{L})(?:nino|national insurance|ni (?:number|no))(?!\p{L})/iu,
    unmistakable: /^[A-Z]{2} \d{2} \d{2} \d{2} [A-D]$/,
  },
  {
    kind: "uk_nhs",
    form: /(?<!\w)\d{3}[ -]?\d{3}[ -]?\d{4}/g,
    digits: 10,
    isValid: (digits) => (11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === Number(digits[9]),
    words: /(?<!\p{L})nhs(?!\p{L})/iu,
  },
  {
    kind: "de_tax_id",
    form: /(?<!\w)[1-9]\d ?\d{3} ?\d{3} ?\d{3}/g,
    digits: 11,
    isValid: (digits) => repeatsOneDigit(digits.slice(0, 10)) && hasMod1110Checksum(digits),
    words: /(?<!\p{L})(?:steuer\p{L}*|identifikationsnummer|id-?nr|tin|tax)(?!\p{L})/iu,
  },
  {
    kind: "es_dni",
    form: /(?<!\w)(?:\d{8}|[XYZ]-?\d{7})-?[A-Z]/gi,
    digits: 7,
    run: 7,
    isValid: (id) => {
      const digits = id.slice(0, -1).replace(/^[XYZ]/, (letter) => String("XYZ".indexOf(letter)));
      return Number(digits) > 0 && dniLetters[Number(digits) % 23] === id.at(-1);
    },
    words: /(?<!\p{L})(?:dni|nie|nif|documento|identidad|identity (?:card|number|document))(?!\p{L})/iu,
    unmistakable: /^(?:[XYZ]-?\d{7}-?[A-Z]|\d{8}-[A-Z])$/,
  },
  {
    kind: "fr_nir",
    form: /(?<!\w)[12][ .]?\d{2}[ .]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .]?(?:\d{2}|2[AB])[ .]?\d{3}[ .]?\d{3}[ .]?\d{2}/gi,
    digits: 13,
    isValid: (id) => {
      const digits = id.replace("2A", "19").replace("2B", "18");
      return 97 - Number(BigInt(digits.slice(0, 13)) % 97n) === Number(digits.slice(13));
    },
  },
  {
    kind: "it_fiscal_code",
    form: /(?<!\w)[A-Z]{6}[\dLMNP-V]{2}[A-EHLMPRST][\dLMNP-V]{2}[A-Z][\dLMNP-V]{3}[A-Z]/gi,
    digits: 0,
    run: 16,
    isValid: (code) => fiscalLetter(code) === code.at(-1),
  },
  {
    kind: "in_aadhaar",
    form: /(?<!\w)[2-9]\d{3}[ -]?\d{4}[ -]?\d{4}/g,
    digits: 12,
    run: 4,
    isValid: hasVerhoeffChecksum,
    words: /(?<!\p{L})(?:aadhaa?r|uidai|uid)(?!\p{L})|आधार/iu,
  },
  {
    kind: "in_pan",
    form: /(?<!\w)[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z]/g,
    digits: 4,
    run: 10,
    isValid: () => true,
    words: /(?<!\p{L})(?:pan|permanent account)(?!\p{L})/iu,
  },
  {
    kind: "br_cpf",
    form: /(?<!\w)\d{3}\.?\d{3}\.?\d{3}-?\d{2}/g,
    digits: 11,
    isValid: isCpf,
    words: /(?<!\p{L})cpf(?!\p{L})/iu,
    unmistakable: /^\d{3}\.\d{3}\.\d{3}-\d{2}$/,
  },
  {
    kind: "nl_bsn",
    form: /(?<!\w)(?:\d{9}|\d{4}[ .]\d{2}[ .]\d{3})/g,
    digits: 9,
    isValid: (digits) => weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 && digits !== "000000000",
    words: /(?<!\p{L})(?:bsn|burgerservicenummer|sofinummer)(?!\p{L})/iu,
  },
  {
    kind: "pl_pesel",
    form: /(?<!\w)\d{11}/g,
    digits: 11,
    run: 11,
    isValid: (digits) => (10 - (weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === Number(digits[10]),
    words: /(?<!\p{L})pesel(?!\p{L})/iu,
  },
  {
    kind: "ca_sin",
    form: /(?<!\w)\d{3}[ -]?\d{3}[ -]?\d{3}/g,
    digits: 9,
    isValid: hasLuhnChecksum,
    words: /(?<!\p{L})(?:sin|social insurance|nas)(?!\p{L})/iu,
  },
  {
    kind: "au_tfn",
    form: /(?<!\w)\d{3} ?\d{3} ?\d{3}/g,
    digits: 9,
    isValid: (digits) => weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0 && digits !== "000000000",
    words: /(?<!\p{L})(?:tfn|tax file)(?!\p{L})/iu,
  },
];

/** Finds the numbers that states give to persons, those of the wanted kinds. */
export function findNationalIds(text: string, wanted: ReadonlySet<string>): Detection[] {
  const { digits, run } = countsOf(text);
  return nationalIds
    .filter((id) => wanted.has(id.kind) && digits >= id.digits && run >= (id.run ?? 0))
    .flatMap((id) => findOne(text, id));
}

/** How many digits a text has, and how many letters and digits stand in a row in it at most; ASCII, as the forms have it. */
function countsOf(text: string): { digits: number; run: number } {
  let digits = 0;
  let run = 0;
  let longest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isDigit = code >= 48 && code <= 57;
    if (isDigit) digits += 1;
    const lower = code | 32;
    run = isDigit || (lower >= 97 && lower <= 122 && code < 128) ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  return { digits, run: longest };
}

function findOne(text: string, id: NationalId): Detection[] {
  return allMatches(text, id.form).flatMap(({ 0: value, index: start }) => {
    const end = start + value.length;
    if (!standsAlone(text, start, end) || isPartOfNumber(text, start, end)) return [];
    if (!id.isValid(value.replace(/[ .-]/g, "").toUpperCase())) return [];
    const certain = id.words === undefined || id.unmistakable?.test(value) === true;
    return certain || id.words?.test(leadTo(text, start)) ? [{ kind: id.kind, start, end }] : [];
  });
}

/** Of the first ten digits one stands twice or three times and the others once at most (BZSt, since 2016). */
function repeatsOneDigit(digits: string): boolean {
  const counts = Array.from("0123456789", (digit) => digits.split(digit).length - 1).filter((count) => count > 1);
  return counts.length === 1 && (counts[0] === 2 || counts[0] === 3);
}

const oddValues = "1 0 5 7 9 13 15 17 19 21 2 4 18 20 11 3 6 8 12 14 16 10 22 25 24 23".split(" ").map(Number);

/** The check letter of the codice fiscale (D.M. 23 December 1976). */
function fiscalLetter(code: string): string | undefined {
  const sum = Array.from(code.slice(0, 15)).reduce((total, character, at) => {
    const value = character >= "A" ? character.charCodeAt(0) - 65 : Number(character);
    return total + (at % 2 === 0 ? (oddValues[value] ?? 0) : value);
  }, 0);
  return String.fromCharCode(65 + (sum % 26));
}

/** Two check digits, modulo 11; a number of one digit only is none. */
function isCpf(digits: string): boolean {
  const check = (length: number) => {
    const weights = Array.from({ length }, (_, at) => length + 1 - at);
    return ((weighted(digits, weights) * 10) % 11) % 10;
  };
  return !/^(\d)\1+$/.test(digits) && check(9) === Number(digits[9]) && check(10) === Number(digits[10]);
}
