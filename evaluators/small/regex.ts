import { LRUCache } from "lru-cache";
import { RE2JS } from "re2js";
import { z } from "zod";
import { defineEvaluator } from "../define-evaluator.ts";
import type { Claim } from "../evaluation.ts";
import { hasTextAnchor } from "../text/has-text-anchor.ts";
import { codeOptions } from "./options.ts";

const needs = z.object({ output: z.string() });

const pattern = z
  .string()
  .min(1)
  .max(10_000)
  .superRefine((source, context) => {
    const complaint = complaintAbout(source);
    if (complaint) context.addIssue({ code: "custom", message: complaint, input: source });
  });

const options = codeOptions(1, {
  /** In the syntax of RE2, which runs in linear time whatever it is given. */
  pattern: pattern.optional(),
  /** `i` ignores case, `m` lets ^ and $ stand at lines, `s` lets . match line breaks. */
  flags: z
    .string()
    .regex(/^(?!.*(.).*\1)[ims]*$/, "Flags are any of i, m and s, each once.")
    .default(""),
  /** `match`: the pattern must be found; `deny`: it must not. */
  mode: z.enum(["match", "deny"]).default("match"),
});

type Options = z.output<typeof options>;

/** The output matches a pattern, or does not. */
export const regex = defineEvaluator({
  name: "regex",
  description: "The configured pattern is found in the output, or, with the mode deny, is not.",
  covers:
    "One pattern in the syntax of RE2, anywhere in the output. Not examined: anything else; a pattern that the output must match as a whole begins with ^ and ends with $.",
  needs,
  options,
  revision: 1,
  evaluate({ output }, given, { signal }) {
    signal.throwIfAborted();
    if (given.pattern === undefined) return { abstained: "No pattern is configured: set the option pattern." };
    const claims = matchesOf(compiled(given.pattern, given.flags), output, given.mode);
    const isGood = claims.length > 0 === (given.mode === "match");
    if (isGood && output.trim() === "") return { abstained: "The output is empty." };
    return { score: isGood ? 1 : 0, reason: reasonOf(claims.length, given.mode), claims };
  },
  perPassage: ({ mode, pattern: source }) => mode === "deny" && source !== undefined && !hasTextAnchor(source),
});

function reasonOf(count: number, mode: Options["mode"]): string {
  const found = count === 0 ? "is not found" : `is found ${count >= mostMatches ? `at least ${count}` : count} times`;
  return `The pattern ${count === 1 ? "is found once" : found}; it ${mode === "match" ? "must be there" : "may not be there"}.`;
}

/** Every further match is another pass over the rest of the text. */
const mostMatches = 100;

function matchesOf(expression: RE2JS, text: string, mode: Options["mode"]): Claim[] {
  const claims: Claim[] = [];
  const matcher = expression.matcher(text);
  while (claims.length < mostMatches && matcher.find()) {
    const [start, end] = [matcher.start(), matcher.end()];
    const verdict = mode === "deny" ? "violation" : "supported";
    claims.push({ text: text.slice(start, end), start, end, field: "output", verdict, kind: "pattern" });
  }
  return claims;
}

const flagValues = { i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE, s: RE2JS.DOTALL } as const;

const expressions = new LRUCache<string, RE2JS>({ max: 200 });

function compiled(source: string, flags: string): RE2JS {
  const key = `${flags}/${source}`;
  const known = expressions.get(key);
  if (known) return known;
  const value = Object.entries(flagValues).reduce((sum, [flag, one]) => (flags.includes(flag) ? sum | one : sum), 0);
  const made = RE2JS.compile(source, value);
  expressions.set(key, made);
  return made;
}

function complaintAbout(source: string): string | undefined {
  try {
    RE2JS.compile(source);
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message : "unreadable";
    return `RE2 cannot compile the pattern (${why}). It has no look-ahead, look-behind, back-references or possessive repetition, and repeats at most 1000 times.`;
  }
}
