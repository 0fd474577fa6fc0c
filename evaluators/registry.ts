import { answerRelevance } from "./answer-relevance/answer-relevance.ts";
import type { Evaluator, EvaluatorFactory } from "./define-evaluator.ts";
import { EvaluatorUsageError } from "./errors.ts";
import { factualAccuracy } from "./factual-accuracy/factual-accuracy.ts";
import { citationCheck } from "./faithfulness/citation-check.ts";
import { contextUtilization } from "./faithfulness/context-utilization.ts";
import { entityConsistency } from "./faithfulness/entity-consistency.ts";
import { faithfulness } from "./faithfulness/faithfulness.ts";
import { numericConsistency } from "./faithfulness/numeric-consistency.ts";
import { quoteExactness } from "./faithfulness/quote-exactness.ts";
import { harmfulContent } from "./harmful-content/harmful-content.ts";
import { refusal } from "./refusal/refusal.ts";
import { piiEvaluator } from "./safety/pii.ts";
import { promptInjection } from "./safety/injection/prompt-injection.ts";
import { safety } from "./safety/safety.ts";
import { toxicity } from "./safety/toxicity/toxicity.ts";
import { patternsEvaluator } from "./safety/patterns.ts";
import { secretsEvaluator } from "./safety/secrets.ts";
import { systemPromptLeak } from "./safety/system-prompt-leak.ts";
import { urlsEvaluator } from "./safety/urls.ts";
import { taskAdherence } from "./task-adherence/task-adherence.ts";
import { contains } from "./small/contains.ts";
import { equals } from "./small/equals.ts";
import { jsonSchema } from "./small/json-schema.ts";
import { language } from "./small/language.ts";
import { length } from "./small/length.ts";
import { levenshtein } from "./small/levenshtein.ts";
import { numericClose } from "./small/numeric-close.ts";
import { regex } from "./small/regex.ts";
import { rougeL } from "./small/rouge-l.ts";
import { toolCallMatch } from "./tools/tool-call-match.ts";
import { toolCallValid } from "./tools/tool-call-valid.ts";
import { trajectoryMatch } from "./tools/trajectory-match.ts";

/** The built-in evaluators: a new one is one file and one line here. */
export const registry: readonly EvaluatorFactory[] = [
  faithfulness,
  numericConsistency,
  entityConsistency,
  quoteExactness,
  citationCheck,
  contextUtilization,
  taskAdherence,
  safety,
  piiEvaluator,
  secretsEvaluator,
  urlsEvaluator,
  systemPromptLeak,
  patternsEvaluator,
  promptInjection,
  toxicity,
  refusal,
  toolCallValid,
  toolCallMatch,
  trajectoryMatch,
  contains,
  regex,
  equals,
  levenshtein,
  rougeL,
  numericClose,
  jsonSchema,
  length,
  language,
  harmfulContent,
  factualAccuracy,
  answerRelevance,
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

let builtIn: EvaluatorSet | undefined;

/** The built-in evaluators with their default options. */
export function builtInEvaluators(): EvaluatorSet {
  builtIn ??= createEvaluatorSet(registry.map((factory) => factory.configure()));
  return builtIn;
}
