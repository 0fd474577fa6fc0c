import type { Evaluator, EvaluatorSet, Outcome } from "../../evaluators/index.ts";
import { inputKinds, type InputKind, outputKinds, type OutputKind } from "../wires/wire.ts";
import { type FailAction, type GuardrailConfig, type GuardrailGroup, guardrailsConfig } from "./config.ts";

/** What an outcome does to an answer: `degraded` lets it through and says that it was not examined. */
export type Effect = "allow" | "degraded" | FailAction;

/** The outcomes that are no verdict. */
export type Unexamined = Exclude<Outcome, "pass" | "fail">;

/** An evaluator attached to an alias, with every default settled. */
export interface Guardrail {
  readonly evaluator: Evaluator;
  readonly stage: "input" | "output";
  readonly mode: "hold" | "window" | "observe";
  readonly when: "context" | "tools" | "always";
  readonly covers: readonly (InputKind | OutputKind)[];
  /** What becomes of what fails: the first that can still be done. Ends with `block` or `flag`. */
  readonly onFail: readonly FailAction[];
  readonly onUnexamined: Readonly<Record<Unexamined, "degraded" | "block">>;
  /** What bounds `regenerate`. */
  readonly regenerate: {
    readonly attempts: number;
    readonly withinMs: number;
    readonly maxUsd: number | undefined;
  };
  /** The alias that answers instead. */
  readonly fallback: string | undefined;
  readonly onBlock: "refuse" | "error";
  readonly contextFrom: GuardrailGroup["context_from"];
  readonly hold: GuardrailGroup["hold"];
  readonly budget: GuardrailGroup["budget"];
  /** The policy it is part of, without its version. */
  readonly policy: string;
  readonly timeoutMs: number;
  readonly sample: number;
}

/** The guardrails of one alias, in the order of the file. */
export function guardrailsOf(alias: string, groups: readonly GuardrailGroup[], evaluators: EvaluatorSet): Guardrail[] {
  return groups
    .filter(({ models }) => models.includes(alias))
    .flatMap((group) => [
      ...group.input.map((guardrail) => settled("input", guardrail, group, evaluators)),
      ...group.output.map((guardrail) => settled("output", guardrail, group, evaluators)),
    ]);
}

function settled(
  stage: Guardrail["stage"],
  guardrail: GuardrailConfig,
  group: GuardrailGroup,
  evaluators: EvaluatorSet,
): Guardrail {
  return {
    evaluator: evaluators.get(guardrail.evaluator),
    stage,
    mode: guardrail.mode,
    when: guardrail.when,
    covers: guardrail.covers,
    onFail: chainOf(guardrail),
    onUnexamined: {
      error: unexamined(guardrail.on_error),
      timeout: unexamined(guardrail.on_timeout),
      skipped: unexamined(guardrail.on_skip),
      abstained: unexamined(guardrail.on_abstain),
    },
    regenerate: { attempts: guardrail.attempts, withinMs: guardrail.within, maxUsd: guardrail.max_usd },
    fallback: guardrail.fallback,
    onBlock: group.on_block,
    contextFrom: group.context_from,
    hold: group.hold,
    budget: group.budget,
    policy: group.name,
    timeoutMs: guardrail.timeout,
    sample: guardrail.sample,
  };
}

/** What is tried in order; something that ends the matter is always last. */
export function chainOf({ on_fail, then: next }: Pick<GuardrailConfig, "on_fail" | "then">): FailAction[] {
  const steps = stepsOf({ on_fail, then: next });
  return isEnd(steps.at(-1)) ? steps : [...steps, "block"];
}

/** The steps as they are written. */
export function stepsOf({ on_fail, then: next }: Pick<GuardrailConfig, "on_fail" | "then">): FailAction[] {
  return [on_fail, ...(typeof next === "string" ? [next] : next)];
}

/** After these nothing follows. */
export function isEnd(action: FailAction | undefined): boolean {
  return action === "block" || action === "flag";
}

function unexamined(choice: "allow" | "block"): "degraded" | "block" {
  return choice === "allow" ? "degraded" : "block";
}

/** The same evaluator, watching only. */
export function asObserver(guardrail: Guardrail): Guardrail {
  return { ...guardrail, mode: "observe" };
}

/** A guardrail that every caller may ask for on top (`x-proctor-evaluators`): it watches, or withholds what does not pass. */
export function requestedGuardrail(evaluator: Evaluator, isEnforced: boolean): Guardrail {
  const [group] = guardrailsConfig.parse([
    {
      name: "requested",
      models: ["*"],
      output: [
        {
          evaluator: evaluator.name,
          mode: isEnforced ? "hold" : "observe",
          ...(isEnforced ? { on_skip: "block", on_abstain: "block" } : {}),
        },
      ],
    },
  ]);
  const [guardrail] = group?.output ?? [];
  if (!group || !guardrail) throw new TypeError("A group that was just made has a guardrail.");
  return settled("output", guardrail, group, { names: [evaluator.name], get: () => evaluator });
}

/** Everything of a kind that its guardrail does not cover. */
export function uncoveredBy({ stage, covers }: Pick<Guardrail, "stage" | "covers">): string[] {
  return [...(stage === "input" ? inputKinds : outputKinds)].filter((kind) => !covers.includes(kind));
}

/** True for one whose verdict a request waits for. */
export function holdsRequests({ stage, mode }: Pick<Guardrail, "stage" | "mode">): boolean {
  return stage === "input" && mode !== "observe";
}

/** True for one whose verdict an answer waits for. */
export function withholds({ stage, mode }: Pick<Guardrail, "stage" | "mode">): boolean {
  return stage === "output" && mode !== "observe";
}
