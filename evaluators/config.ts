import { z } from "zod";
import { customJudge, rubricOptions } from "./judge/custom-judge.ts";
import { createEvaluatorSet, type EvaluatorSet, registry } from "./registry.ts";

/** The `evaluators:` section of `proctor.yaml`: options of built-in evaluators by name, and rubrics of the user's own. */
export const evaluatorsConfig = z
  .object(Object.fromEntries(registry.map(({ name, options }) => [name, options.optional()])))
  .catchall(rubricOptions)
  .default({});

/** Builds the set of evaluators that a configuration names, the built-in ones always among them. */
export function evaluatorSetFrom(config: z.output<typeof evaluatorsConfig>): EvaluatorSet {
  const builtIn = new Set(registry.map(({ name }) => name));
  const rubrics = Object.entries(config)
    .filter(([name]) => !builtIn.has(name))
    .map(([name, options]) => customJudge({ ...rubricOptions.parse(options), name }));
  return createEvaluatorSet([...registry.map((factory) => factory.configure(config[factory.name] ?? {})), ...rubrics]);
}
