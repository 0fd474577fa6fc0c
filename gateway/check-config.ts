import { type EvaluatorSet, judgeAliasOf } from "../evaluators/index.ts";
import { misplacedKeys } from "./access/check-keys.ts";
import type { GatewayConfig } from "./config.ts";
import { answeringFor, checkRouting } from "./routing/check-routing.ts";
import { unknownName } from "./unknown-name.ts";

/** A mistake that no schema sees: a name that leads nowhere. */
export interface ConfigIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Follows every name in the gateway's sections: providers, aliases, evaluators, judges. */
export function checkGatewayConfig(config: GatewayConfig, evaluators: EvaluatorSet): ConfigIssue[] {
  return [
    ...checkTargets(config),
    ...checkRouting(config),
    ...checkGuardrails(config, evaluators),
    ...misplacedKeys(config),
  ];
}

function checkTargets({ models, providers }: GatewayConfig): ConfigIssue[] {
  return Object.entries(models).flatMap(([alias, { targets }]) =>
    targets.flatMap(({ provider }, position) =>
      Object.hasOwn(providers, provider)
        ? []
        : [
            {
              path: ["models", alias, "targets", position, "provider"],
              message: unknownName("provider", provider, Object.keys(providers)),
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
        : [{ path: ["guardrails", position, "models", at], message: unknownName("model", alias, Object.keys(models)) }],
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
  if (!evaluators.names.includes(name)) return [unknownName("evaluator", name, evaluators.names)];
  const judge = judgeAliasOf(evaluators.get(name));
  if (judge === undefined) return [];
  if (!Object.hasOwn(models, judge)) {
    return [
      `Evaluator "${name}" asks the judge "${judge}", and no model has that name. Known: ${Object.keys(models).join(", ")}.`,
    ];
  }
  return guarded.flatMap((alias) => {
    const why = judgesItself(alias, judge, models);
    const rule = "a judge is never the model under judgement. Name another alias as its judge.";
    return why === undefined ? [] : [`Evaluator "${name}" asks the judge "${judge}", ${why}: ${rule}`];
  });
}

/** How a judge would come to judge its own answer to `alias`; undefined when it would not. */
function judgesItself(alias: string, judge: string, models: GatewayConfig["models"]): string | undefined {
  if (alias === judge) return "which it would be judging";
  const judging = answeringFor(models, judge);
  const shared = answeringFor(models, alias).find((name) => judging.includes(name));
  if (shared === undefined) return undefined;
  if (shared === judge) return `to which "${alias}" falls back`;
  return shared === alias
    ? `which falls back to "${alias}"`
    : `and both "${judge}" and "${alias}" fall back to "${shared}"`;
}
