import { stem as stemOf } from "../text/stem.ts";
import type { Token } from "../text/token.ts";
import { type ContextWords, rootLength } from "./context-words.ts";

/** Whether the context has a name: itself, its first five letters, the words that it abbreviates, or its number as a month. */
export function isKnownName({ stem }: Token, index: ContextWords, known: ReadonlySet<string>): boolean {
  if (index.has(stem) || known.has(stem) || scaleNames.has(stem)) return true;
  const month = months.get(stem);
  if (month !== undefined && index.numbers.has(month)) return true;
  if (otherNames.get(stem)?.some((other) => index.has(other))) return true;
  if (stem.length >= rootLength && index.hasRoot(stem.slice(0, rootLength))) return true;
  return stem.length >= 2 && stem.length <= 5 && index.hasInitials(stem);
}

/** Written with a capital, and no names of anything that an answer could invent. */
const scaleNames: ReadonlySet<string> = new Set(["fahrenheit", "celsius"].map(stemOf));

/** Each group holds words that stand for the same thing, or parts of it. */
const sameNames = `us usa united states america american
uk united kingdom britain british england
eu european union
un united nations
alabama al|alaska ak|arizona az|arkansas ar|california ca|colorado co|connecticut ct|delaware de|florida fl|georgia ga|hawaii hi|idaho id|illinois il|indiana in|iowa ia|kansas ks|kentucky ky|louisiana la|maine me|maryland md|massachusetts ma|michigan mi|minnesota mn|mississippi ms|missouri mo|montana mt|nebraska ne|nevada nv|ohio oh|oklahoma ok|oregon or|pennsylvania pa|tennessee tn|texas tx|utah ut|vermont vt|virginia va|washington wa|wisconsin wi|wyoming wy
rep representative representatives congressman congresswoman
sen senator|gov governor|dr doctor|prof professor|gen general|lt lieutenant|sgt sergeant|capt captain|pres president
jan january|feb february|mar march|apr april|jun june|jul july|aug august|sep sept september|oct october|nov november|dec december
weekend saturday|weekend sunday|weekday monday|weekday tuesday|weekday wednesday|weekday thursday|weekday friday|autumn fall
tv television|nyc york|la angeles|dc washington`;

const otherNames: ReadonlyMap<string, readonly string[]> = new Map(
  sameNames
    .split(/[\n|]/)
    .map((line) => line.split(" ").map(stemOf))
    .flatMap((names) => names.map((name) => [name, names] as const))
    .reduce(
      (map, [name, names]) => map.set(name, [...(map.get(name) ?? []), ...names.filter((other) => other !== name)]),
      new Map<string, string[]>(),
    ),
);

const months: ReadonlyMap<string, number> = new Map(
  "january february march april may june july august september october november december"
    .split(" ")
    .map((month, position) => [stemOf(month), position + 1] as const),
);
