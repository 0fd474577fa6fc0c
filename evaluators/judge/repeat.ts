import { z } from "zod";
import type { Finding, ScoredFinding } from "../define-evaluator.ts";
import { allAnswered } from "./all-answered.ts";
import { spendingOf, sumOf } from "./spending.ts";
import { majorityOf } from "./votes.ts";

/** Two scores and what lies between them. Turned round it would hold nothing, and nothing would ever be in doubt. */
export const bandSchema = z
  .tuple([z.number().min(0).max(1), z.number().min(0).max(1)])
  .refine(([low, high]) => low <= high, {
    error: ({ input }) => `A band is [low, high], and ${JSON.stringify(input)} is turned round.`,
  });

/** Options of everything that asks a judge about a sample. */
export const repeatOptions = {
  /** Answers that are wanted where the first one's score is in doubt. 1 asks once. */
  samples: z.number().int().min(1).max(9).default(1),
  /** A score between these two, ends included, is in doubt; 0.2 on either side of the threshold when absent. */
  judge_band: bandSchema.optional(),
};

/** How often a judge is asked, and when. */
export interface Repetition {
  readonly threshold: number;
  readonly samples: number;
  readonly judge_band?: readonly [number, number] | undefined;
}

/** How far from the threshold a score is still in doubt, unless a band says so. */
const doubt = 0.2;
/** Independent answers need a model that does not always say the same. */
const temperature = 0.7;

/**
 * Has a judge examined once at temperature 0 and, when the score is in doubt and several `samples` are wanted, more often at a
 * higher one. The outcome is what more than half of the answers come to, told by the middle one of these; without such a
 * majority it abstains. Confidence is the share that agrees.
 */
export async function repeated(
  examine: (temperature: number) => Promise<Finding>,
  repetition: Repetition,
): Promise<Finding> {
  const first = await examine(0);
  const { samples } = repetition;
  if (samples === 1 || "abstained" in first || !isInDoubt(first.score, repetition)) return first;
  const more = Array.from({ length: samples - 1 }, () => examine(temperature));
  const answers = await allAnswered([Promise.resolve(first), ...more].map(withItsSpending));
  const findings = answers.map(({ finding }) => finding);
  return { ...agreed(findings, repetition.threshold), ...sumOf(answers) };
}

async function withItsSpending(examined: Promise<Finding>) {
  const finding = await examined;
  return { finding, ...spendingOf(finding) };
}

function isInDoubt(score: number, { threshold, judge_band }: Repetition): boolean {
  if (judge_band) return score >= judge_band[0] && score <= judge_band[1];
  // Sums of decimals miss their end by a little.
  return Math.abs(score - threshold) <= doubt + 1e-9;
}

function agreed(findings: readonly Finding[], threshold: number): Finding {
  const outcomeOf = (finding: Finding) =>
    "abstained" in finding ? "abstained" : finding.score >= threshold ? "pass" : "fail";
  const majority = majorityOf(findings.map(outcomeOf));
  if (!majority || majority.winner === "abstained")
    return { abstained: `${findings.length} answers of the judge do not agree on an outcome.` };
  const like = findings
    .filter((finding): finding is ScoredFinding => outcomeOf(finding) === majority.winner)
    .toSorted((left, right) => ("score" in left && "score" in right ? left.score - right.score : 0));
  const middle = like[Math.floor(like.length / 2)];
  if (!middle) throw new Error("A majority has members.");
  return {
    ...middle,
    confidence: majority.agreement,
    reason: `${middle.reason} ${majority.votes} of ${findings.length} answers of the judge agree.`,
  };
}
