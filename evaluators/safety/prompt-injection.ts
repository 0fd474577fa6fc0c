import { defineEvaluator } from "../define-evaluator.ts";
import { type Detect, type Detection, findingFrom, type KindNames, matchesOf } from "./detection.ts";
import { needs } from "./examined.ts";
import { injectionKinds, injectionPatterns } from "./injection-patterns.ts";
import { localOptions } from "./local-options.ts";
import { unmask } from "./unmask.ts";

export const injectionNames = {
  instruction_override: ["override attempt", "override attempts"],
  role_takeover: ["role takeover", "role takeovers"],
  prompt_extraction: ["prompt extraction", "prompt extractions"],
  delimiter_forgery: ["forged delimiter", "forged delimiters"],
} as const satisfies KindNames;

/** Finds injections, also behind invisible characters, look-alike letters and base64. */
export const detectInjection: Detect = (text) => [...detectPlain(text), ...detectEncoded(text)];

/** Patterns of other scripts need the text as it was written, those of the Latin one the text as it looks. */
function detectPlain(text: string): Detection[] {
  const { text: visible, offsets } = unmask(text);
  const seen = injectionPatterns.flatMap(({ kind, pattern }) =>
    [...visible.matchAll(pattern)].map((match) => ({
      kind,
      start: offsets[match.index] ?? 0,
      end: offsets[match.index + match[0].length] ?? text.length,
    })),
  );
  if (visible === text) return seen;
  return [...seen, ...injectionPatterns.flatMap(({ kind, pattern }) => matchesOf(text, pattern, kind))];
}

const encoded = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{24,8192}={0,2}(?![A-Za-z0-9+/_=-])/g;
/** Letters, digits, punctuation and white space. */
const readable = /^[\t\n\r -~\p{L}]+$/u;

/** What was found inside a base64 passage is reported as the passage. */
function detectEncoded(text: string): Detection[] {
  return [...text.matchAll(encoded)].flatMap((match) => {
    const decoded = Buffer.from(match[0], "base64").toString("utf8");
    if (!readable.test(decoded) || !decoded.includes(" ")) return [];
    return detectPlain(decoded)
      .slice(0, 1)
      .map(({ kind }) => ({ kind, start: match.index, end: match.index + match[0].length }));
  });
}

/** Attempts to make a model leave its instructions. */
export const promptInjection = defineEvaluator({
  name: "prompt_injection",
  description: "The text contains no known form of an attempt to make a model leave its instructions.",
  covers:
    "Known wordings in English, and the commonest in ten other languages: instruction override, role takeover, prompt extraction, forged delimiters; also behind invisible characters, look-alike letters and base64. Not examined: attacks in other words, stories that lead up to one, and other encodings.",
  needs,
  options: localOptions(injectionKinds),
  revision: injectionPatterns,
  evaluate: (sample, options, { signal }) =>
    findingFrom(sample, { detect: detectInjection, names: injectionNames }, options, signal),
});
