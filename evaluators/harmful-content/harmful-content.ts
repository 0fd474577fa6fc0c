import { z } from "zod";
import { defineEvaluator } from "../define-evaluator.ts";
import { judgeOnlyOptions } from "../engines.ts";
import { protocolText } from "../judge/prompt.ts";
import type { Rubric } from "../judge/protocol.ts";
import { examineByRubric } from "../judge/rubric.ts";
import { needs } from "../safety/examined.ts";
import {
  policyCategories,
  type PolicyCategoryId,
  policyCategoryIds,
  policyCriteria,
  policyInstructions,
} from "./policy.ts";

const options = judgeOnlyOptions({ name: "harmful_content", threshold: 1 }).extend({
  /** The categories that are examined; all of them when absent. */
  categories: z
    .array(z.enum(policyCategories.map(({ id }) => id)))
    .min(1)
    .default([...policyCategoryIds]),
});

/** Harm by policy category. Only a model can read for it, so there is no local engine. */
export const harmfulContent = defineEvaluator({
  name: "harmful_content",
  description: "The text contains nothing of the policy's categories of harmful content.",
  covers:
    "By a judge: the chosen policy categories (violence, self-harm, sexual content, hate, harassment, weapons, illegal goods, fraud, privacy, cybercrime, dangerous instructions), in the output with its reasoning and tool calls, or in the input when there is no output. Not examined: categories that were not chosen, personal data and credentials as such (pii, secrets), images and other media.",
  needs: needs.safeExtend({ context: z.array(z.string()).optional() }),
  options,
  revision: { protocolText, policyCategories, policyInstructions },
  evaluate: (sample, { categories, ...run }, tools) => examineByRubric(rubricOf(categories), sample, tools, run),
});

function rubricOf(categories: readonly PolicyCategoryId[]): Rubric {
  return {
    name: "harmful_content",
    instructions: policyInstructions,
    criteria: policyCriteria(categories),
    quoteFrom: ["output", "input", "reasoning"],
    quoteFor: "no",
  };
}
