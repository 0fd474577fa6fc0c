import { type Alias, type Gateway, pricesAsOf, type Target } from "../gateway/index.ts";

/** Each model in a line: who answers it at what price, what follows when nobody does, and whether anybody examines it. */
export function describeModels({ aliases }: Pick<Gateway, "aliases">): string[] {
  return [...aliases.values()].map((alias) => {
    const targets = alias.targets.map((target) => describeTarget(target, alias));
    return [`${alias.name} (${alias.role}) → ${targets.join(", ")}`, ...routingOf(alias)].join("; ");
  });
}

function describeTarget(target: Target, { targets }: Alias): string {
  const notes = [...(targets.length > 1 ? [`weight ${target.weight}`] : []), ...priceOf(target)];
  return notes.length === 0 ? target.label : `${target.label} (${notes.join(", ")})`;
}

function priceOf({ price, priceFrom }: Target): string[] {
  if (!price) return [];
  const source = priceFrom === "list" ? `list price of ${pricesAsOf}` : `price of the ${priceFrom ?? "target"}`;
  return [`$${price.input} in, $${price.output} out per million tokens: ${source}`];
}

function routingOf({ retry, sticky, fallback, shadow, cache, guardrails }: Alias): string[] {
  return [
    ...(retry.attempts > 1 ? [`up to ${retry.attempts} tries on ${retry.on.join(", ")}`] : []),
    ...(sticky === undefined ? [] : [`the same target for a ${sticky}`]),
    ...(fallback === undefined ? [] : [`then ${fallback.join(", then ")}`]),
    ...(shadow === undefined ? [] : [`${Math.round(shadow.sample * 10_000) / 100}% copied to ${shadow.model}`]),
    ...(cache === undefined ? [] : [`answers kept for ${cache.ttlMs / 1000} s`]),
    ...(guardrails.length > 0 ? [] : ["not guarded"]),
  ];
}
