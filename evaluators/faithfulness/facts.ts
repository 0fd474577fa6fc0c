import { stem } from "../text/stem.ts";
import { keyWords, truthOf } from "./json-words.ts";

/** What JSON says yes, no or nothing about. */
export interface Flag {
  /** Stems of the key's own words: outdoor, seat. */
  readonly stems: readonly string[];
  /** The key's words in one: takeout. */
  readonly joined: string;
  /** Stems of which a claim must have one, so that the street of "parking" is not that of an address; empty for none. */
  readonly about: readonly string[];
  readonly value: boolean | null;
}

/** Opening hours in minutes after midnight, by day from Monday (0); null for a day whose hours cannot be read. */
export type Hours = ReadonlyMap<number, readonly [number, number] | null>;

/** What can be checked of a JSON passage beyond its words. */
export interface Facts {
  readonly flags: readonly Flag[];
  readonly hours: Hours | null;
}

/** Reads flags (true, false, null) and opening hours out of a JSON value, at any depth. */
export function factsOf(value: unknown): Facts {
  const flags: Flag[] = [];
  const found: { hours: Hours | null } = { hours: null };
  collect(value, "", 0, { flags, found });
  return { flags, hours: found.hours };
}

interface Collected {
  readonly flags: Flag[];
  readonly found: { hours: Hours | null };
}

const deepest = 32;

function collect(value: unknown, parent: string, depth: number, into: Collected): void {
  if (depth > deepest || typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const entry of value) collect(entry, parent, depth + 1, into);
    return;
  }
  const hours = hoursOf(value);
  if (hours) {
    into.found.hours ??= hours;
    return;
  }
  for (const [key, entry] of Object.entries(value)) {
    const flag = flagOf(key, parent, entry);
    if (flag) into.flags.push(flag);
    collect(entry, key, depth + 1, into);
  }
}

/** Words of a key that do not tell what it is about. */
const general = new Set(
  "restaurant restaurants business good for has have by is are offers offer accepts accept allows allow allowed the of and to".split(
    " ",
  ),
);

function flagOf(key: string, parent: string, value: unknown): Flag | null {
  const truth = truthOf(value);
  if (truth === null && value !== null) return null;
  const words = keyWords(key).filter((word) => !general.has(word));
  if (words.length === 0) return null;
  return { stems: words.map(stem), joined: words.join(""), about: aboutOf(parent), value: truth };
}

/** Other words for what a group of flags is about. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ["ambience", "ambience ambiance atmosphere vibe setting environment decor feel style experience"],
  ["atmosphere", "ambience ambiance atmosphere vibe setting environment decor feel style experience"],
]);

function aboutOf(parent: string): string[] {
  const words = keyWords(parent).filter((word) => !general.has(word));
  if (words.length === 0 || words.some((word) => groups.has(word))) return [];
  return words.flatMap((word) => (synonyms.get(word) ?? word).split(" ")).map(stem);
}

/** Keys that only hold other keys together. */
const groups = new Set(
  "attributes features properties details info information options flags data amenities".split(" "),
);

const days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** The day that a word names, in full or by three or four letters, also in the plural; -1 for any other word. */
export function dayOf(word: string): number {
  const plain = word.endsWith("s") && word.length > 5 ? word.slice(0, -1) : word;
  return days.findIndex(
    (day) => day === plain || (plain.length >= 3 && plain.length <= 5 && plain !== "mont" && day.startsWith(plain)),
  );
}

function hoursOf(value: object): Hours | null {
  const entries = Object.entries(value).map(([key, entry]) => [dayOf(key.toLowerCase()), entry] as const);
  if (entries.length === 0 || entries.some(([day]) => day < 0)) return null;
  const ranges = entries.map(([day, entry]) => [day, rangeOf(entry)] as const);
  const isSometimesOpen = ranges.some(([, range]) => range && range[0] !== range[1]);
  const open = ranges.filter(([, range]) => !range || range[0] !== range[1]);
  return new Map(isSometimesOpen ? open : ranges.map(([day]) => [day, null]));
}

/**
 * "7:0-14:30". The same time twice is a day on which nobody opens, where other days have hours; on every day it may as well
 * mean always open, and says nothing.
 */
function rangeOf(value: unknown): readonly [number, number] | null {
  const [, openHour, openMinute, closeHour, closeMinute] =
    (typeof value === "string" && /^\s*(\d{1,2}):(\d{1,2})\s*[-–]\s*(\d{1,2}):(\d{1,2})\s*$/.exec(value)) || [];
  if (closeMinute === undefined) return null;
  return [Number(openHour) * 60 + Number(openMinute), Number(closeHour) * 60 + Number(closeMinute)];
}
