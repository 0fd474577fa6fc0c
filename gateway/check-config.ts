import type { EvaluatorSet } from "../evaluators/index.ts";
import type { GatewayConfig } from "./config.ts";

/** A mistake that no schema sees: a name that leads nowhere. */
export interface ConfigIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Follows every name in the gateway's sections: providers, aliases, evaluators, judges. */
export function checkGatewayConfig(config: GatewayConfig, evaluators: EvaluatorSet): ConfigIssue[] {
  return [...checkTargets(config), ...checkGuardrails(config, evaluators)];
}

function checkTargets({ models, providers }: GatewayConfig): ConfigIssue[] {
  return Object.entries(models).flatMap(([alias, { targets }]) =>
    targets.flatMap(({ provider }, position) =>
      Object.hasOwn(providers, provider)
        ? []
        : [
            {
              path: ["models", alias, "targets", position, "provider"],
              message: unknown("provider", provider, Object.keys(providers)),
            },
          ],
    ),
  );
}

function checkGuardrails({ guardrails, models }: GatewayConfig, evaluators: EvaluatorSet): ConfigIssue[] {
  return guardrails.flatMap((group, position) => {
    const aliases = group.models.flatMap((alias, at) =>
      Object.hasOwn(models, alias)
        ? []
        : [{ path: ["guardrails", position, "models", at], message: unknown("model", alias, Object.keys(models)) }],
    );
    const named = (["input", "output"] as const).flatMap((stage) =>
      group[stage].flatMap(({ evaluator }, at) => {
        const path = ["guardrails", position, stage, at, "evaluator"];
        return checkEvaluator(evaluator, group.models, models, evaluators).map((message) => ({ path, message }));
      }),
    );
    return [...aliases, ...named];
  });
}

function checkEvaluator(
  name: string,
  guarded: readonly string[],
  models: GatewayConfig["models"],
  evaluators: EvaluatorSet,
): string[] {
  if (!evaluators.names.includes(name)) return [unknown("evaluator", name, evaluators.names)];
  const { engine, judge = "judge" } = evaluators.get(name).options;
  if (engine === "local") return [];
  if (!Object.hasOwn(models, judge)) {
    return [
      `Evaluator "${name}" asks the judge "${judge}", and no model has that name. Known: ${Object.keys(models).join(", ")}.`,
    ];
  }
  if (!guarded.includes(judge)) return [];
  return [
    `Evaluator "${name}" asks the judge "${judge}", which it would be judging: a judge is never the model under judgement. Name another alias as its judge.`,
  ];
}

function unknown(what: string, name: string, known: readonly string[]): string {
  return `No ${what} "${name}". Known: ${known.length === 0 ? "none" : known.join(", ")}.`;
}
