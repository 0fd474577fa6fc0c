import { z } from "zod";
import { setImmediate } from "node:timers/promises";
import { defineEvaluator, type Finding, type Tools } from "../define-evaluator.ts";
import { byEngine, engineOptions } from "../engines.ts";
import type { Claim } from "../evaluation.ts";
import { examineByRubric, protocolText } from "../judge/rubric.ts";
import { readTokens } from "../text/tokens.ts";
import { findClaims, type StatedClaim } from "./claims.ts";
import { differInLanguage } from "./languages.ts";
import { indexContext } from "./passages.ts";
import { explainClaims } from "./reason.ts";
import { faithfulnessRubric } from "./rubric.ts";
import { type Support, supportOf, weights } from "./support.ts";

const needs = z.object({
  output: z.string(),
  context: z.array(z.string()).min(1),
  input: z.string().optional(),
});

/** Every claim of the output against the context: by words, numbers, names and negations, or by a judge. */
export const faithfulness = defineEvaluator({
  name: "faithfulness",
  description: "Every claim in the output is supported by the given context.",
  covers:
    "Local: each sentence of the output by its words, numbers, names and negations against the nearest passage of the context. Not examined locally: paraphrase in other words, conclusions drawn from several passages, answers in another language than the context (abstained), and whether the context itself is true.",
  needs,
  options: engineOptions({ threshold: 0.7 }),
  revision: { local: 2, weights, protocolText, rubric: faithfulnessRubric },
  evaluate: byEngine({
    local: (sample, _options, tools) => examineLocally(sample, tools),
    judge: (sample, _options, tools) => examineByRubric(faithfulnessRubric, sample, tools),
  }),
});

/** How long the event loop is held at a time. In milliseconds. */
const slice = 8;

async function examineLocally(
  { output, context, input = "" }: z.output<typeof needs>,
  { signal }: Tools,
): Promise<Finding> {
  if (context.every((passage) => passage.trim() === ""))
    return { abstained: "The context is empty, so there is nothing to compare with." };
  const claims = findClaims(output);
  if (claims.length === 0) return { abstained: "No claim to compare: only remarks, questions or nothing at all." };
  const index = indexContext(context);
  const known = new Set(readTokens(input).map((token) => token.stem));
  const supports = await supportsOf(claims, (claim) => supportOf(claim.reading, index, known), signal);
  const unmatched = supports.every(({ verdict, doubt }) => verdict === "unsupported" && doubt !== "number");
  if (unmatched && differInLanguage(output, context.join("\n"))) {
    return {
      abstained:
        'The output and the context are in different languages, which words cannot compare. Use the engine "judge" or "cascade".',
    };
  }
  return {
    score: combine(supports),
    reason: explainClaims(supports),
    claims: claims.map((claim, at) => toClaim(claim, supports[at])),
  };
}

/** One after the other, letting others run in between; what is said twice is looked up once. */
async function supportsOf(
  claims: readonly StatedClaim[],
  lookUp: (claim: StatedClaim) => Support,
  signal: AbortSignal,
): Promise<Support[]> {
  const known = new Map<string, Support>();
  const supports: Support[] = [];
  let since = performance.now();
  for (const claim of claims) {
    const support = known.get(claim.text) ?? lookUp(claim);
    known.set(claim.text, support);
    supports.push(support);
    if (performance.now() - since < slice) continue;
    await setImmediate();
    signal.throwIfAborted();
    since = performance.now();
  }
  return supports;
}

/** How much the worst claim counts beside the average: enough that one unsupported claim fails any number of good ones. */
const worstShare = 0.7;

function combine(supports: readonly Support[]): number {
  const degrees = supports.map((support) => support.degree);
  const mean = degrees.reduce((sum, degree) => sum + degree, 0) / degrees.length;
  return worstShare * degrees.reduce((least, degree) => Math.min(least, degree), 1) + (1 - worstShare) * mean;
}

function toClaim({ text, start, end }: StatedClaim, support: Support | undefined): Claim {
  const { verdict = "unclear", doubt, evidence } = support ?? {};
  return {
    text,
    start,
    end,
    verdict,
    ...(doubt ? { kind: doubt } : {}),
    ...(evidence === undefined ? {} : { evidence }),
  };
}
