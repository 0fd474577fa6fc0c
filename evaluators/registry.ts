import type { Evaluator, EvaluatorFactory } from "./define-evaluator.ts";
import { EvaluatorUsageError } from "./errors.ts";
import { faithfulness } from "./faithfulness/faithfulness.ts";
import { piiEvaluator } from "./safety/pii.ts";
import { promptInjection } from "./safety/prompt-injection.ts";
import { safety } from "./safety/safety.ts";
import { secretsEvaluator } from "./safety/secrets.ts";
import { taskAdherence } from "./task-adherence/task-adherence.ts";

/** The built-in evaluators: a new one is one file and one line here. */
export const registry: readonly EvaluatorFactory[] = [
  faithfulness,
  taskAdherence,
  safety,
  piiEvaluator,
  secretsEvaluator,
  promptInjection,
];

/** Evaluators by name. `get` throws `EvaluatorUsageError` that lists what there is. */
export interface EvaluatorSet {
  readonly names: readonly string[];
  get(name: string): Evaluator;
}

/** Makes a set of evaluators; a later one of the same name replaces an earlier one. */
export function createEvaluatorSet(evaluators: readonly Evaluator[]): EvaluatorSet {
  const byName = new Map(evaluators.map((evaluator) => [evaluator.name, evaluator]));
  const names = [...byName.keys()];
  return {
    names,
    get(name) {
      const found = byName.get(name);
      if (found) return found;
      throw new EvaluatorUsageError(`No evaluator "${name}". Known: ${names.join(", ")}.`);
    },
  };
}

/** The built-in evaluators with their default options. */
export function builtInEvaluators(): EvaluatorSet {
  return createEvaluatorSet(registry.map((factory) => factory.configure()));
}
