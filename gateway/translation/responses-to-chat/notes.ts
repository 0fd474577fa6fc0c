import type { Drop } from "../notes.ts";

/** True for what says nothing: absent, null, or an empty list or object. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Names the members of an object that nothing is made of. */
export function dropOthers(given: object, known: readonly string[], path: string, drop: Drop): void {
  for (const [name, value] of Object.entries(given)) {
    if (!known.includes(name) && !isEmpty(value)) drop(`${path}.${name}`);
  }
}
