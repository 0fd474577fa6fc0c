import type { Guardrail } from "../guardrails/guardrail.ts";
import type { ModelConfig } from "../config.ts";
import type { Provider, WireName } from "../providers/provider.ts";
import type { Usage } from "../../evaluators/index.ts";

/** A provider with that provider's model name. */
export interface Target {
  readonly provider: Provider;
  readonly model: string;
  readonly weight: number;
  /** USD per million tokens; undefined when nobody said. */
  readonly price: { readonly input: number; readonly output: number } | undefined;
  /** `provider/model`, as headers and spans show it. */
  readonly label: string;
}

/** A model name that clients may ask for. */
export interface Alias {
  readonly name: string;
  readonly role: ModelConfig["role"];
  readonly targets: readonly Target[];
  readonly retry: { readonly attempts: number; readonly on: readonly (string | number)[] };
  readonly guardrails: readonly Guardrail[];
}

/** Targets of the alias that speak the wire. */
export function targetsOn(alias: Alias, wire: WireName): readonly Target[] {
  return alias.targets.filter(({ provider }) => provider.wires.includes(wire));
}

/** Chooses by weight. `random` is between 0 (included) and 1 (excluded). */
export function chooseTarget(targets: readonly Target[], random = Math.random()): Target {
  let left = random * targets.reduce((sum, { weight }) => sum + weight, 0);
  const chosen = targets.find(({ weight }) => (left -= weight) < 0) ?? targets.at(-1);
  if (!chosen) throw new RangeError("An alias has at least one target.");
  return chosen;
}

/** USD; null when the price or the usage is not known. */
export function costOf(target: Target, usage: Usage | null): number | null {
  if (!target.price || !usage) return null;
  return (usage.inputTokens * target.price.input + usage.outputTokens * target.price.output) / 1_000_000;
}
