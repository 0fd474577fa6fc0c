import { type Outcome, outcomes } from "../evaluators/index.ts";
import type { Alias, Effect, Guardrail } from "../gateway/index.ts";
import type { GuardrailEvaluation } from "./guardrails-report-evaluations.ts";

/** What the configuration says now about what was evaluated. */
export interface Policy {
  /** A guardrail names the evaluator, none does and it was asked for by header, or the model is not configured. */
  readonly origin: "configured" | "not_named" | "no_model";
  /** The mode that is configured; null where no guardrail names the evaluator. */
  readonly mode: Guardrail["mode"] | null;
  /** What becomes of an answer when the guardrail is enforced. */
  readonly effects: Readonly<Record<Outcome, Effect>>;
  /** The same for errors that are no fault of the evaluator's: a spent budget, and more than can be held back. */
  readonly onExceed: { readonly budget: Effect; readonly too_long: Effect };
  /** Share of the requests that is observed. */
  readonly sample: number;
  /** The version of the evaluator as it is configured; null where no guardrail names it. */
  readonly version: string | null;
}

/** Settles what would become of an evaluation's answer. */
export type PolicyFor = (evaluation: Pick<GuardrailEvaluation, "model" | "evaluator" | "stage" | "mode">) => Policy;

/** Looks the guardrail up by model, evaluator and stage; where there are several, one of the same mode comes first. */
export function policyIn(aliases: ReadonlyMap<string, Pick<Alias, "guardrails">>): PolicyFor {
  return ({ model, evaluator, stage, mode }) => {
    const alias = aliases.get(model);
    const same = (alias?.guardrails ?? []).filter((each) => each.evaluator.name === evaluator && each.stage === stage);
    const guardrail = same.find((each) => each.mode === mode) ?? same[0];
    return guardrail ? policyOf(guardrail) : { ...requested, origin: alias ? "not_named" : "no_model" };
  };
}

/** What would become of the answer were the guardrail enforced. */
export function effectOn({ outcome, error }: GuardrailEvaluation, { effects, onExceed }: Policy): Effect {
  return outcome === "error" && (error === "budget" || error === "too_long") ? onExceed[error] : effects[outcome];
}

function policyOf({ evaluator, mode, onFail, onUnexamined, budget, hold, sample }: Guardrail): Policy {
  return {
    origin: "configured",
    mode,
    effects: { pass: "allow", fail: onFail[0] ?? "block", ...onUnexamined },
    onExceed: {
      budget: budget.on_exceed === "block" ? "block" : "degraded",
      too_long: hold.on_exceed === "block" ? "block" : "degraded",
    },
    sample,
    version: evaluator.version,
  };
}

/** A guardrail that only names its evaluator, which is what `x-proctor-evaluators` asks for. */
const requested: Omit<Policy, "origin"> = {
  mode: null,
  effects: {
    pass: "allow",
    fail: "block",
    error: "block",
    timeout: "block",
    skipped: "degraded",
    abstained: "degraded",
  },
  onExceed: { budget: "degraded", too_long: "block" },
  sample: 1,
  version: null,
};

/** What an answer is changed by, the strongest first. */
export const changes = ["block", "fallback", "regenerate", "redact"] as const satisfies readonly Effect[];
export type Change = (typeof changes)[number];

/** The change that an effect is; undefined where the answer leaves as it is. */
export function changeOf(effect: Effect): Change | undefined {
  return changes.find((change) => change === effect);
}

const keys = {
  pass: "",
  fail: "on_fail",
  error: "on_error",
  timeout: "on_timeout",
  skipped: "on_skip",
  abstained: "on_abstain",
} as const satisfies Readonly<Record<Outcome, string>>;

/** The effects in the words of the configuration: `on_fail: block, on_error: block, on_skip: allow`. */
export function effectsText(effects: Policy["effects"]): string {
  return outcomes
    .filter((outcome) => outcome !== "pass")
    .map((outcome) => `${keys[outcome]}: ${effects[outcome] === "degraded" ? "allow" : effects[outcome]}`)
    .join(", ");
}
