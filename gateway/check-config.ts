import type { EvaluatorSet } from "../evaluators/index.ts";
import { misplacedKeys } from "./access/check-keys.ts";
import type { GatewayConfig } from "./config.ts";
import { checkGuardrails } from "./guardrails/check-guardrails.ts";
import { checkRouting } from "./routing/check-routing.ts";
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
