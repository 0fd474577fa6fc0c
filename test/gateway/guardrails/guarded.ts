import { createEvaluatorSet, type Evaluation, type Evaluator } from "../../../evaluators/index.ts";
import { guardrailsConfig } from "../../../gateway/guardrails/config.ts";
import type { Progress } from "../../../gateway/guardrails/decide.ts";
import { type Guardrail, guardrailsOf } from "../../../gateway/guardrails/guardrail.ts";
import { byWord } from "../../support/scripted-evaluator.ts";

/** One of the answers of "student", in `hold` where nothing else is said; `guardrail` and `group` are what the file says of it. */
export function guardrailFor(evaluator: Evaluator, guardrail: object = {}, group: object = {}): Guardrail {
  const output = [{ evaluator: evaluator.name, mode: "hold", ...guardrail }];
  const groups = guardrailsConfig.parse([{ models: ["student"], output, ...group }]);
  const [made] = guardrailsOf("student", groups, createEvaluatorSet([evaluator]));
  if (!made) throw new TypeError("The group has a guardrail.");
  return made;
}

/** The same of an evaluator that tells good from bad. */
export function guardrailWith(guardrail: object = {}, group: object = {}): Guardrail {
  return guardrailFor(byWord(), guardrail, group);
}

/** Nothing was tried yet. */
export const atFirst: Progress = {
  attempts: 1,
  elapsedMs: 0,
  usd: 0,
  isRedacted: false,
  exhausted: [],
  fellBackTo: [],
};

/** Of `by_word`, which passed; without a judge. */
export function evaluationWith(found: Partial<Evaluation> = {}): Evaluation {
  return {
    evaluator: "by_word",
    version: "0123456789ab",
    engine: "local",
    outcome: "pass",
    score: 1,
    threshold: 0.5,
    reason: "Good.",
    confidence: null,
    calibrated: false,
    path: [],
    usage: null,
    costUsd: null,
    latencyMs: 1,
    error: null,
    ...found,
  };
}
