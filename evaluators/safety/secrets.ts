import { defineEvaluator } from "../define-evaluator.ts";
import { type Detect, findingFrom, type KindNames, matchesOf } from "./detection.ts";
import { needs } from "./examined.ts";
import { localOptions } from "./local-options.ts";

export const secretKinds = ["private_key", "api_key", "access_token", "json_web_token", "password"] as const;

export const secretNames = {
  private_key: ["private key", "private keys"],
  api_key: ["API key", "API keys"],
  access_token: ["access token", "access tokens"],
  json_web_token: ["JSON web token", "JSON web tokens"],
  password: ["password", "passwords"],
} as const satisfies KindNames;

interface SecretPattern {
  readonly kind: (typeof secretKinds)[number];
  readonly pattern: RegExp;
  /** Least disorder of the value in bits per character, by which placeholders are told from secrets. */
  readonly bits: number;
}

/** Forms that issuers document, then assignments of anything random to a name that says it is secret. */
export const secretPatterns: readonly SecretPattern[] = [
  {
    kind: "private_key",
    pattern:
      /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:[A-Za-z0-9+/=\s\\:,.-]{0,8000}?-----END (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----)?/g,
    bits: 0,
  },
  {
    kind: "api_key",
    pattern: /(?<![\w-])sk-(?:ant-|proj-|svcacct-|admin-|or-v1-|lf-)?[A-Za-z0-9_-]{20,200}/g,
    bits: 3,
  },
  { kind: "api_key", pattern: /(?<![\w-])[sr]k_(?:live|test)_[A-Za-z0-9]{16,200}/g, bits: 3 },
  { kind: "api_key", pattern: /(?<![\w-])AIza[A-Za-z0-9_-]{35}(?![\w-])/g, bits: 3 },
  {
    kind: "api_key",
    pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7][A-Z0-9]{15}(?![A-Za-z0-9])/g,
    bits: 2.5,
  },
  {
    kind: "api_key",
    pattern: /(?<![\w-])(?:hf|gsk|npm|dop_v1|glpat|pypi|xai|r8|SG)[_.-][A-Za-z0-9_.-]{20,200}/g,
    bits: 3.3,
  },
  {
    kind: "access_token",
    pattern: /(?<![\w-])(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{30,255})/g,
    bits: 3,
  },
  { kind: "access_token", pattern: /(?<![\w-])xox[abeoprs]-[A-Za-z0-9-]{10,200}/g, bits: 2.5 },
  {
    kind: "json_web_token",
    pattern: /(?<![\w-])eyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{16,1000}/g,
    bits: 3,
  },
  { kind: "access_token", pattern: /\bbearer\s+(?<value>[A-Za-z0-9._~+/-]{20,500}=*)/gi, bits: 3.3 },
  {
    kind: "password",
    pattern: /(?<![\w+])[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/]{1,64}:(?<value>[^\s:@/]{3,128})@[^\s@/]{1,255}/gi,
    bits: 1.5,
  },
  {
    kind: "api_key",
    pattern:
      /\b[a-z_-]{0,30}(?:api[_-]?key|secret(?:[_-]?key)?|access[_-]?key|auth[_-]?token|access[_-]?token|client[_-]?secret)\b["']?\s{0,3}(?::|=|=>|\bis\b)\s{0,3}["'`]?(?<value>[A-Za-z0-9_+/.=~-]{16,200})/gi,
    bits: 3.3,
  },
  {
    kind: "password",
    pattern:
      /\b(?:password|passwd|passphrase|pwd)\b["']?\s{0,3}(?::|=|=>|\bis\b)\s{0,3}["'`]?(?<value>[^\s"'`,;<>(){}[\]]{8,128})/gi,
    bits: 2.5,
  },
];

/** What stands where a secret would, in documentation. */
const placeholder =
  /^(?:your|my|the|some|insert|enter|change|replace|example)[_-]|x{5,}|\*{4,}|\.{4,}|^\$|^%|^process\.|^env[.[]|^os\.|placeholder|redacted|_here$|-here$/i;
const mixed = /(?=.*\p{L})(?=.*[\p{N}!@#$%^&*?_+~-])/u;

/** Finds credentials. */
export const detectSecrets: Detect = (text) =>
  secretPatterns.flatMap(({ kind, pattern, bits }) =>
    matchesOf(text, pattern, kind).filter(({ start, end }) => bits === 0 || isRandom(text.slice(start, end), bits)),
  );

function isRandom(value: string, bits: number): boolean {
  return mixed.test(value) && !placeholder.test(value) && bitsPerCharacter(value) >= bits;
}

/** Shannon entropy of the characters. */
function bitsPerCharacter(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / value.length) * Math.log2(count / value.length), 0);
}

/** Credentials that can be recognised by their form. */
export const secretsEvaluator = defineEvaluator({
  name: "secrets",
  description: "The text contains no credentials of the kinds looked for.",
  covers:
    "Keys and tokens with a known prefix, private keys, JSON web tokens, passwords in addresses, and random values assigned to a name that says it is secret. Not examined: secrets without such a form or name, and whether a key is still valid.",
  needs,
  options: localOptions(secretKinds),
  revision: secretPatterns,
  evaluate: (sample, options, { signal }) =>
    findingFrom(sample, { detect: detectSecrets, names: secretNames }, options, signal),
});
