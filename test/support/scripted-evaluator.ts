import { z } from "zod";
import { defineEvaluator, type Evaluator, type Finding, type Tools } from "../../evaluators/define-evaluator.ts";
import type { Engine } from "../../evaluators/evaluation.ts";
import type { Sample } from "../../evaluators/sample.ts";

/** An evaluator that does what a test says; it needs an output. */
export function scriptedEvaluator(
  name: string,
  examine: (sample: Sample, tools: Tools) => Finding | Promise<Finding>,
  { engine = "local", revision = 1 }: { readonly engine?: Engine; readonly revision?: unknown } = {},
): Evaluator {
  return defineEvaluator({
    name,
    description: "A script.",
    covers: "Nothing; everything is not examined.",
    needs: z
      .custom<Sample>(() => true)
      .superRefine((sample, context) => {
        if (sample.output === undefined) context.addIssue({ code: "custom", path: ["output"], message: "No output." });
      }),
    options: z.strictObject({
      engine: z.enum(["local", "judge", "cascade"]).default(engine),
      threshold: z.number().min(0).max(1).default(0.5),
      judge: z.string().optional(),
    }),
    revision,
    evaluate: (sample, _options, tools) => examine(sample, tools),
  }).configure();
}

/** Passes what says "good", fails what says "bad", abstains on anything else. */
export function byWord(name = "by_word"): Evaluator {
  return scriptedEvaluator(name, ({ output = "" }) => {
    if (output.includes("good")) return { score: 1, reason: "Good." };
    return output.includes("bad") ? { score: 0, reason: "Bad." } : { abstained: "Neither." };
  });
}

/** Asks its judge one short question and passes when the answer is "yes". */
export function byJudge(name = "by_judge"): Evaluator {
  return scriptedEvaluator(
    name,
    async ({ output = "" }, { judge, signal, parent }) => {
      const messages = [{ role: "user", content: output }] as const;
      const { text, usage, costUsd } = await judge({ messages, maxTokens: 100, signal, parent, evaluator: name });
      return { score: text === "yes" ? 1 : 0, reason: "Judged.", usage, costUsd };
    },
    { engine: "judge" },
  );
}
