import type { Alias, Target } from "../routing/alias.ts";
import { unknownName } from "../unknown-name.ts";
import type { KeyConfig } from "./config.ts";

interface Misplaced {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Keys of which nobody could tell one from the other, and models that are not there. */
export function misplacedKeys({ keys, models }: KeysAndModels): Misplaced[] {
  return keys.flatMap(({ name, hash, models: allowed = [] }, position) => {
    const before = keys.slice(0, position);
    const unknown = allowed.flatMap((alias, at) =>
      Object.hasOwn(models, alias)
        ? []
        : [{ path: ["keys", position, "models", at], message: unknownName("model", alias, Object.keys(models)) }],
    );
    const twin = before.find((other) => other.hash === hash);
    return [
      ...(before.some((other) => other.name === name)
        ? [{ path: ["keys", position, "name"], message: `There are two keys with the name "${name}".` }]
        : []),
      ...(twin ? [{ path: ["keys", position, "hash"], message: `"${name}" is the same key as "${twin.name}".` }] : []),
      ...unknown,
    ];
  });
}

interface KeysAndModels {
  readonly keys: readonly KeyConfig[];
  readonly models: Readonly<Record<string, unknown>>;
}

/**
 * Keys whose budget cannot be held, as sentences: what a model without a price costs, nobody knows. Asked of the settled
 * aliases, since prices may come from elsewhere than the file.
 */
export function unchargeableKeys(keys: readonly KeyConfig[], aliases: ReadonlyMap<string, Alias>): string[] {
  return keys
    .filter(({ usd_per_day, usd_per_month }) => usd_per_day !== undefined || usd_per_month !== undefined)
    .flatMap(({ name, models }) => {
      const all = [...aliases.values()];
      const allowed = all.filter((alias) => models === undefined || models.includes(alias.name));
      const reached = new Set(allowed.flatMap((alias) => [alias.name, ...(alias.fallback ?? [])]));
      const paid = all.filter((alias) => reached.has(alias.name) || alias.role === "judge");
      const unpriced = paid.filter(({ targets }) => targets.some(hasNoPrice)).map((alias) => `"${alias.name}"`);
      return unpriced.length === 0
        ? []
        : [
            `The key "${name}" has a budget in USD, but there is no price for ${unpriced.join(", ")}, so what it spends cannot be counted. Set "price" there ({ input: 0, output: 0 } where it costs nothing), or name other "models" for the key.`,
          ];
    });
}

/** What is built in calls nobody and costs nothing. */
function hasNoPrice({ price, provider }: Target): boolean {
  return price === undefined && provider.url.startsWith("http");
}
