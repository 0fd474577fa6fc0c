/** Sentence for a name in the configuration that leads nowhere. */
export function unknownName(what: string, name: string, known: readonly string[]): string {
  return `No ${what} "${name}". Known: ${known.length === 0 ? "none" : known.join(", ")}.`;
}
