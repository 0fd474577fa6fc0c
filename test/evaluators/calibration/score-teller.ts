import { z } from "zod";
import { defineEvaluator } from "../../../evaluators/define-evaluator.ts";
import { byEngine, engineOptions } from "../../../evaluators/engines.ts";
import { EvaluatorError } from "../../../evaluators/errors.ts";

/** The words of an output that say what `scoreTeller` is to make of it. */
const words = z.object({ output: z.string() });

/**
 * An evaluator whose score stands in the output: `0.7` for code and judge alike, `0.4 0.9` for code first and judge second. `none`
 * in the place of a score abstains and `broken` breaks.
 */
export const scoreTeller = defineEvaluator({
  name: "score_teller",
  description: "The output says how good it is.",
  covers: "Numbers; what they mean is not examined.",
  needs: words,
  options: engineOptions({ threshold: 0.5 }),
  revision: 1,
  evaluate: byEngine({
    local: ({ output }) => told(output.split(" ")[0]),
    judge: async ({ output }, _options, { judge, signal, parent }) => {
      await judge({ messages: [], maxTokens: 1, signal, parent, evaluator: "score_teller" });
      return told(output.split(" ").at(-1));
    },
  }),
});

function told(word: string | undefined) {
  if (word === "none") return { abstained: "There is no score." };
  if (word === "broken") throw new EvaluatorError("internal", "It broke.");
  return { score: Number(word), reason: "As told." };
}
