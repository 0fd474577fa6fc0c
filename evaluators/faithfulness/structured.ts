import { type Facts, factsOf } from "./facts.ts";
import { keyWords, truthOf } from "./json-words.ts";

/** A line of a passage with what it says about itself. */
export interface Line {
  readonly text: string;
  /** The line says that something is not so: its words support only a denial. */
  readonly denies: boolean;
}

/** A passage, read as data where it is JSON. */
export interface Passage {
  readonly lines: readonly Line[];
  /** What JSON says about flags and opening hours; null for any other text. */
  readonly facts: Facts | null;
}

/** A passage as lines to compare with: JSON becomes one line per value, any other text stays as it is. */
export function readPassage(passage: string): Passage {
  const text = passage.trim();
  const parsed = /^[[{]/.test(text) ? parseJson(text) : undefined;
  if (parsed === undefined) return { lines: [{ text: passage, denies: false }], facts: null };
  return { lines: leavesOf(parsed, []), facts: factsOf(parsed) };
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
function leavesOf(value: unknown, path: readonly string[]): Line[] {
  if (path.length > deepest) return [];
  if (Array.isArray(value)) return value.flatMap((entry) => leavesOf(entry, [...path, ""]));
  if (typeof value !== "object" || value === null)
    return leafOf(
      value,
      path.filter((key) => key !== ""),
    );
  return Object.entries(value).flatMap(([key, entry]) => leavesOf(entry, [...path, keyWords(key).join(" ")]));
}

/**
 * "Outdoor Seating: yes." for true, "No Outdoor Seating." for false, "stars: 4 stars" for a number, and nothing at all for
 * null, because what is unknown supports nothing.
 */
function leafOf(value: unknown, path: readonly string[]): Line[] {
  const key = path.at(-1) ?? "";
  const keys = path.slice(-2).join(" ");
  const truth = truthOf(value);
  if (value === null) return [];
  if (truth === true) return [{ text: `${keys}: yes.`, denies: false }];
  if (truth === false) return [{ text: `No ${key}.`, denies: true }];
  if (typeof value === "string") return [{ text: `${keys}: ${value}`, denies: false }];
  return [{ text: `${keys}: ${JSON.stringify(value)} ${key}`, denies: false }];
}
