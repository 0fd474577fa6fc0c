import { z } from "zod";
import { defineEvaluator, type Finding } from "../define-evaluator.ts";
import { byEngine, engineOptions } from "../engines.ts";
import type { Criterion } from "../evaluation.ts";
import { examineByRubric, protocolText } from "../judge/rubric.ts";
import type { Constraint } from "./constraint.ts";
import { findConstraints } from "./constraints.ts";
import { taskAdherenceRubric } from "./rubric.ts";

const needs = z
  .object({ output: z.string(), input: z.string().optional(), system: z.string().optional() })
  .refine(({ input = "", system = "" }) => input.trim() !== "" || system.trim() !== "", {
    path: ["input or system"],
    error: "no instruction",
  });

/** Whether the answer keeps to the verifiable part of its instruction. */
export const taskAdherence = defineEvaluator({
  name: "task_adherence",
  description: "The output keeps to what the instruction demands.",
  covers:
    "Local: only constraints that code can verify (length, format, letter case, required and forbidden words, beginning and end, sections, language, JSON). Not examined locally: whether the task itself was done, and done well.",
  needs,
  options: engineOptions({ threshold: 1, band: [0.2, 1] }),
  revision: { local: 1, protocolText, rubric: taskAdherenceRubric },
  evaluate: byEngine({
    local: ({ output, input = "", system = "" }) => examineLocally(output, [system, input]),
    judge: (sample, _options, tools) => examineByRubric(taskAdherenceRubric, sample, tools),
  }),
});

const nothingToCheck = "no checkable constraint in the instruction";

function examineLocally(output: string, instructions: readonly string[]): Finding {
  const constraints = findConstraints(instructions.filter((text) => text.trim() !== "").join("\n\n"));
  if (constraints.length === 0) return { abstained: nothingToCheck };
  const checked = constraints.map((constraint) => ({ constraint, verdict: verdictOf(constraint, output) }));
  const decided = checked.filter(({ verdict }) => verdict !== "unsure");
  if (decided.length === 0)
    return { abstained: "the answer is too short to check the only constraint in the instruction" };
  const unmet = decided.filter(({ verdict }) => verdict === "no").map(({ constraint }) => constraint.label);
  return {
    score: (decided.length - unmet.length) / decided.length,
    reason: explain(decided.length, unmet),
    criteria: checked.map(({ constraint: { id, question }, verdict }) => ({ id, question, verdict, weight: 1 })),
  };
}

/** An empty answer meets nothing, not even "no commas". */
function verdictOf(constraint: Constraint, output: string): Criterion["verdict"] {
  const holds = output.trim() === "" ? false : constraint.holds(output);
  if (holds === null) return "unsure";
  return holds ? "yes" : "no";
}

function explain(total: number, unmet: readonly string[]): string {
  const noun = total === 1 ? "checkable constraint" : "checkable constraints";
  if (unmet.length === 0)
    return total === 1 ? "The only checkable constraint is met." : `All ${total} ${noun} are met.`;
  return `${unmet.length} of ${total} ${noun} ${unmet.length === 1 ? "is" : "are"} not met: ${[...new Set(unmet)].join(", ")}.`;
}
