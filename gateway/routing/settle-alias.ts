import type { GatewayConfig, ModelConfig, ProviderConfig } from "../config.ts";
import { listPrice } from "../providers/prices.ts";
import type { Provider } from "../providers/provider.ts";
import type { Alias, Target } from "./alias.ts";
import type { RoutingState } from "./routing-state.ts";

/** Which failures may be tried again, and lead to a fallback, where the configuration says nothing. */
const retryableByDefault = [429, "5xx", "connect", "timeout"] as const;

/** What aliases are settled from. */
export interface AliasParts {
  readonly config: Pick<GatewayConfig, "providers">;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly routing: RoutingState;
}

/** An alias of the configuration with its providers, prices, breakers and queues; all but its name and guardrails. */
export function settleAlias(model: ModelConfig, parts: AliasParts): Omit<Alias, "name" | "guardrails"> {
  const { role, retry, sticky, fallback, shadow } = model;
  return {
    role,
    retry: retry ?? { attempts: 1, on: retryableByDefault },
    sticky,
    fallback: typeof fallback === "string" ? [fallback] : fallback,
    shadow,
    targets: model.targets.map((target) => settleTarget(target, model, parts)),
  };
}

function settleTarget(
  target: ModelConfig["targets"][number],
  model: ModelConfig,
  { config, providers, routing }: AliasParts,
): Target {
  const provider = providers.get(target.provider);
  const settings = config.providers[target.provider];
  if (!provider || !settings) throw new TypeError(`No provider "${target.provider}".`);
  const label = `${target.provider}/${target.model}`;
  return {
    provider,
    model: target.model,
    weight: target.weight,
    maxTokens: target.max_tokens,
    omit: target.omit,
    label,
    ...priceOf(target, model, settings),
    ...limitsOf(label, settings, target.provider, routing),
  };
}

function priceOf(
  target: ModelConfig["targets"][number],
  { price }: ModelConfig,
  settings: ProviderConfig,
): Pick<Target, "price" | "priceFrom"> {
  if (target.price) return { price: target.price, priceFrom: "target" };
  if (price) return { price, priceFrom: "alias" };
  const address = "base_url" in settings ? settings.base_url : undefined;
  const listed = listPrice(settings.kind, address, target.model);
  return { price: listed, priceFrom: listed && "list" };
}

function limitsOf(
  label: string,
  settings: ProviderConfig,
  provider: string,
  routing: RoutingState,
): Pick<Target, "breaker" | "queue" | "propagates"> {
  if (!("circuit_breaker" in settings)) return {};
  const { circuit_breaker: rules, concurrency, propagate } = settings;
  return {
    breaker: rules === false ? undefined : routing.breaker(label, rules),
    queue: concurrency && routing.queue(provider, concurrency),
    propagates: propagate,
  };
}
