import type { Evaluator, EvaluatorSet, Outcome } from "../../evaluators/index.ts";
import type { GuardrailGroup } from "./config.ts";

/** What an outcome does to an answer in `hold`: `degraded` lets it through and says that it was not examined. */
export type Effect = "allow" | "degraded" | "block";

/** An evaluator attached to an alias, with every default settled. */
export interface Guardrail {
  readonly evaluator: Evaluator;
  readonly stage: "input" | "output";
  readonly mode: "hold" | "observe";
  readonly when: "context" | "tools" | "always";
  readonly effects: Readonly<Record<Outcome, Effect>>;
  readonly onBlock: "refuse" | "error";
  readonly contextFrom: GuardrailGroup["context_from"];
  readonly timeoutMs: number;
  readonly sample: number;
}

/** Where `evaluator` fails and the file says nothing, an answer that should have been examined is withheld. */
const defaultOn = { error: "block", timeout: "block", skipped: "allow", abstained: "allow" } as const;

/** The guardrails of one alias, in the order of the file. */
export function guardrailsOf(alias: string, groups: readonly GuardrailGroup[], evaluators: EvaluatorSet): Guardrail[] {
  return groups.filter(({ models }) => models.includes(alias)).flatMap((group) => guardrailsIn(group, evaluators));
}

function guardrailsIn(group: GuardrailGroup, evaluators: EvaluatorSet): Guardrail[] {
  const shared = { onBlock: group.on_block, contextFrom: group.context_from };
  const input = group.input.map((guardrail): Guardrail => ({
    ...shared,
    evaluator: evaluators.get(guardrail.evaluator),
    stage: "input",
    mode: "observe",
    when: "always",
    effects: observing,
    timeoutMs: guardrail.timeout,
    sample: guardrail.sample,
  }));
  const output = group.output.map((guardrail): Guardrail => ({
    ...shared,
    evaluator: evaluators.get(guardrail.evaluator),
    stage: "output",
    mode: guardrail.mode,
    when: guardrail.when,
    effects:
      guardrail.mode === "observe"
        ? observing
        : {
            pass: "allow",
            fail: guardrail.on_fail ?? "block",
            error: unexamined(guardrail.on_error ?? defaultOn.error),
            timeout: unexamined(guardrail.on_timeout ?? defaultOn.timeout),
            skipped: unexamined(guardrail.on_skip ?? defaultOn.skipped),
            abstained: unexamined(guardrail.on_abstain ?? defaultOn.abstained),
          },
    timeoutMs: guardrail.timeout,
    sample: guardrail.sample,
  }));
  return [...input, ...output];
}

const observing: Guardrail["effects"] = {
  pass: "allow",
  fail: "allow",
  error: "allow",
  timeout: "allow",
  skipped: "allow",
  abstained: "allow",
};

function unexamined(choice: "allow" | "block"): Effect {
  return choice === "allow" ? "degraded" : "block";
}

/** The same evaluator, watching only. */
export function asObserver(guardrail: Guardrail): Guardrail {
  return { ...guardrail, mode: "observe", effects: observing };
}

/** A guardrail that every caller may ask for on top (`x-proctor-evaluators`): it watches and never withholds. */
export function observer(evaluator: Evaluator): Guardrail {
  return {
    evaluator,
    stage: "output",
    mode: "observe",
    when: "always",
    effects: observing,
    onBlock: "refuse",
    contextFrom: ["body", "tool_results", "documents", "tags"],
    timeoutMs: 30_000,
    sample: 1,
  };
}
