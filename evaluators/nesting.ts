/** Whether a value that came of JSON has more levels than `most`. It looks no deeper, so that no nest is too deep for it. */
export function isNestedDeeper(value: unknown, most: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return most === 0 || Object.values(value).some((inner) => isNestedDeeper(inner, most - 1));
}
