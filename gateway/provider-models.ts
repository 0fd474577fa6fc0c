import type { GatewayConfig, ModelConfig } from "./config.ts";
import type { ProviderKind } from "./providers/provider.ts";
import { providerKinds } from "./providers/registry.ts";

const guardedAs = "student";

/**
 * Adds the model names that a configured provider brings with it, such as the sandbox's behaviours. Each is guarded as
 * `student` is. A name that the configuration uses itself is left alone.
 */
export function withProviderModels(config: GatewayConfig): GatewayConfig {
  const kinds: readonly ProviderKind[] = providerKinds;
  const brought = Object.entries(config.providers).flatMap(([provider, { kind }]) =>
    (kinds.find((candidate) => candidate.kind === kind)?.models ?? []).map((name): [string, ModelConfig] => [
      name,
      { role: guardedAs, targets: [{ provider, model: name.slice(name.indexOf("/") + 1), weight: 1 }] },
    ]),
  );
  const added = brought.filter(([name]) => !Object.hasOwn(config.models, name));
  if (added.length === 0) return config;
  const names = added.map(([name]) => name);
  return {
    ...config,
    models: { ...config.models, ...Object.fromEntries(added) },
    guardrails: config.guardrails.map((group) =>
      group.models.includes(guardedAs) ? { ...group, models: [...group.models, ...names] } : group,
    ),
  };
}
