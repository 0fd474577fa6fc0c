import { defineEvaluator } from "../define-evaluator.ts";
import { streamDetections } from "./detection-stream.ts";
import { type Detect, type Detection, findingFrom, type KindNames, matchesOf } from "./detection.ts";
import { needs } from "./examined.ts";
import { localOptions } from "./local-options.ts";
import { assignedForms, secretNamesHint } from "./secrets/assigned.ts";
import { issuedForms, type SecretForm } from "./secrets/issued.ts";
import { isRandom } from "./secrets/randomness.ts";

export const secretKinds = ["private_key", "api_key", "access_token", "json_web_token", "password"] as const;

export const secretNames = {
  private_key: ["private key", "private keys"],
  api_key: ["API key", "API keys"],
  access_token: ["access token", "access tokens"],
  json_web_token: ["JSON web token", "JSON web tokens"],
  password: ["password", "passwords"],
} as const satisfies KindNames;

/** Changes with anything that changes what is found, so that versions do. */
export const secretsRevision = { forms: [issuedForms, assignedForms], since: 3 };

/** Finds credentials: forms that issuers document, then assignments of anything random to a name that says it is secret. */
export const detectSecrets: Detect = (text) => [
  ...(mayHoldIssued(text) ? issuedForms.flatMap((form) => findForm(text, form)) : []),
  ...assignedForms.flatMap((form) => findForm(text, form)),
];

/** Every issued form has a run as long as this, or is a key in lines of its own: most prose has neither. */
function mayHoldIssued(text: string): boolean {
  return hasRun(text, 14) || text.includes("-----BEGIN ") || text.includes("PuTTY-");
}

/** Whether so many signs of which keys are made stand in a row. */
function hasRun(text: string, length: number): boolean {
  let run = 0;
  for (let at = 0; at < text.length; at += 1) {
    run = keySigns[text.charCodeAt(at)] === 1 ? run + 1 : 0;
    if (run === length) return true;
  }
  return false;
}

const keySigns = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9+/=_.-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

function findForm(text: string, { kind, marks, pattern, bits }: SecretForm): Detection[] {
  const possible = marks.length === 0 ? secretNamesHint.test(text) : marks.some((mark) => text.includes(mark));
  if (!possible) return [];
  return matchesOf(text, pattern, kind).filter(({ start, end }) => isRandom(text.slice(start, end), bits));
}

/** Credentials that can be recognised by their form. */
export const secretsEvaluator = defineEvaluator({
  name: "secrets",
  description: "The text contains no credentials of the kinds looked for.",
  covers:
    "Keys and tokens with a known prefix, private keys, JSON web tokens, webhook addresses, passwords in addresses, and random values assigned to a name that says it is secret. Not examined: secrets without such a form or name, and whether a key is still valid.",
  needs,
  options: localOptions(secretKinds),
  revision: secretsRevision,
  evaluate: (sample, options, { signal }) =>
    findingFrom(sample, { detect: detectSecrets, names: secretNames }, options, signal),
  stream: (sample, options, tools) =>
    streamDetections(sample, { detect: detectSecrets, names: secretNames }, options, tools),
  perPassage: true,
});
