const yes = new Set<unknown>([true, "true", "yes"]);
const no = new Set<unknown>([false, "false", "no", "none"]);

/** Yes, no, or null for a value that is neither. */
export function truthOf(value: unknown): boolean | null {
  const plain = typeof value === "string" ? value.toLowerCase() : value;
  if (yes.has(plain)) return true;
  return no.has(plain) ? false : null;
}

/** `OutdoorSeating`, `outdoor_seating`: outdoor, seating. */
export function keyWords(key: string): string[] {
  return key
    .replace(/(?<=\p{Ll}{2})(?=\p{Lu}\p{Ll}{2})/gu, " ")
    .replace(/[_-]+/g, " ")
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== "");
}
