import { z } from "zod";
import { defineEvaluator, type Finding } from "../define-evaluator.ts";
import { byEngine, engineOptions } from "../engines.ts";
import { protocolText } from "../judge/prompt.ts";
import { type Sample, sampleSchema } from "../sample.ts";
import { adherenceStream } from "./adherence-stream.ts";
import { constraintsOf, examineConstraints } from "./examine-locally.ts";
import { judgeTaskAdherence } from "./judged.ts";
import { checklistTask, taskAdherenceRubric } from "./rubric.ts";

const needs = sampleSchema
  .required({ output: true })
  .refine(
    ({ input = "", system = "", constraints, schema }) =>
      input.trim() !== "" || system.trim() !== "" || constraints !== undefined || schema !== undefined,
    { path: ["input or system"], error: "no instruction" },
  );

const options = engineOptions({ threshold: 1, band: [0.2, 1] }).extend({
  /** Meets a demand when the answer does without its first line, its last, or its asterisks, as IFEval's loose mode has it. */
  loose: z.boolean().default(false),
});

type Options = z.output<typeof options>;

const examine = byEngine<Sample & { output: string }, Options>({ local: examineLocally, judge: judgeTaskAdherence });

/** Whether the answer keeps to the verifiable part of its instruction. */
export const taskAdherence = defineEvaluator({
  name: "task_adherence",
  description: "The output keeps to what the instruction demands.",
  covers:
    "Local: only demands that code can verify, given or read from the instruction (length, format, JSON Schema, letter case, required and forbidden words, beginning and end, sections, language). Not examined locally: every other demand, whether the task itself was done, and done well.",
  needs,
  options,
  revision: { local: 4, protocolText, checklistTask, rubric: taskAdherenceRubric },
  evaluate: (sample, given, tools) =>
    given.engine === "local" ? examineLocally(sample, given) : examine(sample, given, tools),
  stream: (sample, given, tools) =>
    given.engine === "local"
      ? adherenceStream(constraintsOf(sample, given.loose))
      : adherenceStream([], (output) => examine({ ...sample, output }, given, tools)),
});

function examineLocally(sample: Sample & { output: string }, { loose }: Pick<Options, "loose">): Finding {
  return examineConstraints(sample.output, constraintsOf(sample, loose));
}
