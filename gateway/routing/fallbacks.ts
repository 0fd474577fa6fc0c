import type { Alias, Target } from "./alias.ts";
import type { Fallback } from "./generation.ts";

/**
 * The aliases that stand in for an alias, in the order in which they are asked, each once: what it names, and after each of
 * them what that one names. Those without a target that may be called are left out.
 */
export function fallbacksOf(
  alias: Pick<Alias, "name" | "fallback">,
  aliases: ReadonlyMap<string, Alias>,
  targetsIn: (alias: Alias) => readonly Target[],
): Fallback[] {
  return fallbackNames(alias.name, (name) => aliases.get(name)?.fallback ?? []).flatMap((name) => {
    const standIn = aliases.get(name);
    const targets = standIn ? targetsIn(standIn) : [];
    return standIn && targets.length > 0 ? [{ alias: standIn, targets }] : [];
  });
}

/** The names of all that stand in for an alias, directly or through another, in order. Ends also where they go round in a circle. */
export function fallbackNames(alias: string, fallbackOf: (name: string) => readonly string[]): string[] {
  const found = new Set<string>();
  const follow = (name: string): void => {
    for (const next of fallbackOf(name)) {
      if (next === alias || found.has(next)) continue;
      found.add(next);
      follow(next);
    }
  };
  follow(alias);
  return [...found];
}
