/** So many names a sentence can hold. */
const most = 40;

/** Names for a sentence: all of them, or the first and how many more there are. */
export function listed(names: readonly string[]): string {
  if (names.length === 0) return "none";
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
