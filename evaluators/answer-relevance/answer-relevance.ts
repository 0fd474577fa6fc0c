import { z } from "zod";
import { defineEvaluator } from "../define-evaluator.ts";
import { judgeOnlyOptions } from "../engines.ts";
import { protocolText } from "../judge/prompt.ts";
import type { Rubric } from "../judge/protocol.ts";
import { examineByRubric } from "../judge/rubric.ts";

const answerRelevanceRubric: Rubric = {
  name: "answer_relevance",
  instructions:
    "Decide whether the output is an answer to the input. Whether it is true or well written does not matter here. Saying openly that the answer is not known, and asking back where the input is unclear, address the input; a refusal of a question that could be answered does not.",
  criteria: [
    {
      id: "addresses_input",
      question: "Does the output address what the input asks or says, and not something else?",
      weight: 2,
      must: true,
    },
    { id: "complete", question: "Is every part of the input addressed?", weight: 1 },
    {
      id: "to_the_point",
      question: "Is the output free of passages that have nothing to do with the input?",
      weight: 1,
    },
  ],
};

/** Whether an answer is one to its question. Words in common say little about that, so there is no local engine. */
export const answerRelevance = defineEvaluator({
  name: "answer_relevance",
  description: "The output answers the input, all of it, and keeps to it.",
  covers:
    "By a judge: whether the output addresses the input, every part of it, and nothing else. Not examined: whether it is true, supported by the context or well written.",
  needs: z.object({
    input: z.string().refine((text) => text.trim() !== "", { error: "empty" }),
    output: z.string(),
    system: z.string().optional(),
  }),
  options: judgeOnlyOptions({ name: "answer_relevance", threshold: 0.7 }),
  revision: { protocolText, rubric: answerRelevanceRubric },
  evaluate: (sample, run, tools) => examineByRubric(answerRelevanceRubric, sample, tools, run),
});
