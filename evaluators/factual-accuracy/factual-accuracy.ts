import { z } from "zod";
import { defineEvaluator, type Finding } from "../define-evaluator.ts";
import { byEngine, engineOptions } from "../engines.ts";
import { protocolText } from "../judge/prompt.ts";
import { judgeFacts } from "./judged.ts";
import { factualAccuracyRubric } from "./rubric.ts";

const needs = z.object({
  output: z.string(),
  expected_output: z.string().refine((text) => text.trim() !== "", { error: "empty" }),
  input: z.string().optional(),
});

/** The output against the expected one, fact by fact. */
export const factualAccuracy = defineEvaluator({
  name: "factual_accuracy",
  description: "The output states the facts of the expected output and contradicts none.",
  covers:
    "By a judge: each sentence of the expected output, whether the output states and whether it contradicts it. By code: only whether both texts are equal, white space, quotation marks around them and a full stop at the end aside. Not examined: what the output says besides, and whether the expected output is right.",
  needs,
  options: engineOptions({ threshold: 0.7, engine: "judge" }),
  revision: { local: 2, protocolText, rubric: factualAccuracyRubric },
  evaluate: byEngine({
    local: compareTexts,
    judge: judgeFacts,
  }),
});

/** Equal texts say the same. Of different ones code cannot tell whether they do. */
function compareTexts({ output, expected_output }: z.output<typeof needs>): Finding {
  const [given, expected] = [output, expected_output].map(bare);
  if (given === expected && given !== "") return { score: 1, reason: "The output equals the expected output." };
  return {
    abstained:
      'The output is worded otherwise than the expected output, which code cannot compare. Use the engine "judge" or "cascade".',
  };
}

/** Letters keep their case and marks that may mean something stay: MW is not mW, 5² not 52, 5" not 5', and 5! not 5. */
function bare(text: string): string {
  return text
    .normalize("NFC")
    .replace(/\s+/gu, " ")
    .trim()
    .replace(/^(?:"([^"]*)"|'([^']*)'|[“„]([^“”„]*)[“”]|‘([^‘’]*)’|[«»]([^«»]*)[«»])$/u, "$1$2$3$4$5")
    .replace(/(?:[.。]|(?<=\p{L}\p{L})[!！…])$/u, "");
}
