import { z } from "zod";
import { defineEvaluator, type Finding } from "../define-evaluator.ts";
import type { Claim } from "../evaluation.ts";
import { hasTextAnchor } from "../text/has-text-anchor.ts";
import { isAllowed } from "./allow.ts";
import { withoutOverlap } from "./detection.ts";
import { type Examined, type ExaminedText, needs, textsOf } from "./examined.ts";
import { compilePattern, patternSource } from "./linear-pattern.ts";
import { localOnly } from "./local-options.ts";

const pattern = z.strictObject({
  /** Stands in reasons and claims, so it must say nothing that is secret. */
  id: z.string().regex(/^[a-z][a-z\d_]*$/, "Write an id in snake_case, such as order_number."),
  /** RE2 syntax. */
  pattern: patternSource,
  flags: z
    .string()
    .regex(/^[ims]*$/, "The flags are i (any case), m (lines) and s (dot matches line breaks).")
    .default(""),
});

const options = z.strictObject({
  ...localOnly,
  patterns: z.array(pattern).default([]),
  allow: z.array(z.string().min(1)).default([]),
  allow_patterns: z.array(patternSource).default([]),
});

type Options = z.output<typeof options>;

/** What the user's own patterns must not match. They see each text whole, so that `^` and `$` mean its beginning and end. */
export const patternsEvaluator = defineEvaluator({
  name: "patterns",
  description: "No text matches any of the user's patterns.",
  covers:
    "What the given patterns match, in the output with its reasoning and tool calls, or in the input when there is no output. Not examined: everything else, and look-alike spellings of what a pattern says.",
  needs,
  options,
  revision: 1,
  evaluate: (sample, given, { signal }) => examine(sample, given, signal),
  perPassage: ({ patterns }) => !patterns.some((one) => hasTextAnchor(one.pattern)),
});

function examine(sample: Examined, given: Options, signal: AbortSignal): Finding {
  const texts = textsOf(sample);
  if (given.patterns.length === 0) return { abstained: 'There is no pattern to look for. Give some in "patterns".' };
  if (texts.every(({ text }) => text.trim() === "")) return { abstained: "There is no text to examine." };
  const claims = texts.flatMap((examined) => {
    signal.throwIfAborted();
    return claimsIn(examined, given);
  });
  const reason = claims.length === 0 ? noneOf(given) : `Found ${counted(claims)}.`;
  return { score: claims.length === 0 ? 1 : 0, reason, claims };
}

function claimsIn({ field, index, text }: ExaminedText, given: Options): Claim[] {
  const found = given.patterns.flatMap(({ id, pattern: source, flags }) =>
    compilePattern(source, flags)
      .find(text)
      .map(({ start, end }) => ({ kind: id, start, end })),
  );
  const kept = found.filter(({ start, end }) => !isAllowed(given, text.slice(start, end)));
  return withoutOverlap(kept).map(({ kind, start, end }) => ({
    text: text.slice(start, end),
    start,
    end,
    verdict: "violation",
    kind,
    field,
    ...(index === undefined ? {} : { index }),
  }));
}

function noneOf({ patterns }: Options): string {
  return `Found no match of: ${[...new Set(patterns.map(({ id }) => id))].join(", ")}.`;
}

function counted(claims: readonly Claim[]): string {
  const counts = new Map<string, number>();
  for (const { kind = "" } of claims) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([id, count]) => `${count} ${count === 1 ? "match" : "matches"} of ${id}`).join(", ");
}
