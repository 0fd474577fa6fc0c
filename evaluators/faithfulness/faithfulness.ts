import { z } from "zod";
import { defineEvaluator } from "../define-evaluator.ts";
import { byEngine, engineOptions, type EngineOptions } from "../engines.ts";
import { protocolText } from "../judge/prompt.ts";
import { streamWhole } from "../text/stream-whole.ts";
import { judgeFaithfulness } from "./judged.ts";
import { examineLocally, type Material, streamLocally } from "./local.ts";
import { faithfulnessRubric } from "./rubric.ts";
import { shares } from "./support.ts";
import { weights } from "./weights.ts";

const needs = z.object({
  output: z.string(),
  context: z.array(z.string()).min(1),
  input: z.string().optional(),
});

const decide = byEngine<z.output<typeof needs> & Pick<Material, "comparison">, EngineOptions>({
  local: (sample, { threshold }, tools) => examineLocally(sample, threshold, tools),
  judge: judgeFaithfulness,
});

/** Every claim of the output against the context: by words, numbers, names and negations, or by a judge. */
export const faithfulness = defineEvaluator({
  name: "faithfulness",
  description: "Every claim in the output is supported by the given context.",
  covers:
    "Local: each sentence of the output by its words, numbers, names and negations against all passages of the context, and by flags and opening hours against JSON. Not examined locally: paraphrase in other words, conclusions drawn from several passages, answers in another language than the context (abstained), and whether the context itself is true.",
  needs,
  options: engineOptions({ threshold: weights.threshold, band: weights.band }),
  revision: { local: 4, weights, shares, protocolText, rubric: faithfulnessRubric },
  evaluate: decide,
  stream(sample, options, tools) {
    const material = { ...sample, context: sample.context ?? [] };
    const examine = (output: string, comparison?: Material["comparison"]) =>
      decide({ ...material, output, comparison }, options, tools);
    return options.engine === "local" ? streamLocally(material, examine) : streamWhole(examine);
  },
});
