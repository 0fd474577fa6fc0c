/** A passage as lines to compare with: JSON becomes one line per value, any other text stays as it is. */
export function toLines(passage: string): string {
  const text = passage.trim();
  if (!/^[[{]/.test(text)) return passage;
  const parsed = parseJson(text);
  return parsed === undefined ? passage : leavesOf(parsed, []).join("\n");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Nothing real is nested deeper, and the walk must end. */
const deepest = 32;

/** One line for every value inside, with the keys that lead to it. */
function leavesOf(value: unknown, path: readonly string[]): string[] {
  if (path.length > deepest) return [];
  if (Array.isArray(value)) return value.flatMap((entry) => leavesOf(entry, [...path, ""]));
  if (typeof value !== "object" || value === null)
    return leafOf(
      value,
      path.filter((key) => key !== ""),
    );
  return Object.entries(value).flatMap(([key, entry]) => leavesOf(entry, [...path, toWords(key)]));
}

const yes = new Set<unknown>([true, "true", "yes"]);
const no = new Set<unknown>([false, "false", "no", "none"]);

/**
 * "Outdoor Seating: yes." for true, "No Outdoor Seating." for false, "stars: 4 stars" for a number, and nothing at all for
 * null, because what is unknown supports nothing.
 */
function leafOf(value: unknown, path: readonly string[]): string[] {
  const key = path.at(-1) ?? "";
  const keys = path.slice(-2).join(" ");
  if (value === null) return [];
  if (yes.has(value)) return [`- ${keys}: yes.`];
  if (no.has(value)) return [`- No ${key}.`];
  if (typeof value === "string") return [`- ${keys}: ${value}`];
  return [`- ${keys}: ${JSON.stringify(value)} ${key}`];
}

/** `OutdoorSeating`, `outdoor_seating`: outdoor seating. */
function toWords(key: string): string {
  return key
    .replace(/(?<=\p{Ll}{2})(?=\p{Lu}\p{Ll}{2})/gu, " ")
    .replace(/[_-]+/g, " ")
    .toLowerCase();
}
