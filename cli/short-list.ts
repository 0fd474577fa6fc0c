/** Models in a line, those that a provider brings in one word: `student, sandbox/*`. */
export function shortList(models: readonly string[]): string {
  const short = models.map((name) => (name.includes("/") ? `${name.slice(0, name.indexOf("/"))}/*` : name));
  return [...new Set(short)].join(", ");
}
