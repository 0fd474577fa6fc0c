import type { Token } from "../text/token.ts";
import type { ContextWords } from "./context-words.ts";

/** Longest beginning by which "American" is known from "America". */
const rootLength = 5;

/** Whether the context has a name: itself, its first five letters, the words that it abbreviates, or its number as a month. */
export function isKnownName({ stem }: Token, index: ContextWords, known: ReadonlySet<string>): boolean {
  if (index.has(stem) || known.has(stem) || scaleNames.has(stem)) return true;
  const month = months.get(stem);
  if (month !== undefined && index.numbers.has(month)) return true;
  if (otherNames.get(stem)?.some((other) => index.has(other))) return true;
  if (stem.length >= rootLength && index.roots.has(stem.slice(0, rootLength))) return true;
  return stem.length >= 2 && stem.length <= 5 && index.hasInitials(stem);
}

/** Written with a capital, and no names of anything that an answer could invent. */
const scaleNames: ReadonlySet<string> = new Set(["fahrenheit", "celsiu", "celsius"]);

/** Each line holds stems that stand for the same thing, or parts of it. */
const sameNames = `us usa unit state america american
uk unit kingdom britain british england
eu european union
un unit nation
alabama al|alaska ak|arizona az|arkansas ar|california ca|colorado co|connecticut ct|delaware de|florida fl|georgia ga|hawaii hi|idaho id|illinoi il|indiana in|iowa ia|kansa ks|kentucky ky|louisiana la|maine me|maryland md|massachusett ma|michigan mi|minnesota mn|mississippi ms|missouri mo|montana mt|nebraska ne|nevada nv|ohio oh|oklahoma ok|oregon or|pennsylvania pa|tennesse tn|texa tx|utah ut|vermont vt|virginia va|washington wa|wisconsin wi|wyom wy
rep representative representativ congressman congresswoman
sen senator|gov governor|dr doctor|prof professor|gen general|lt lieutenant|sgt sergeant|capt captain|pres president
jan januari|feb februari|mar march|apr april|jun june|jul july|aug august|sep sept september|oct october|nov november|dec december
tv television|nyc york|la angel|dc washington`;

const otherNames: ReadonlyMap<string, readonly string[]> = new Map(
  sameNames
    .split(/[\n|]/)
    .map((line) => line.split(" "))
    .flatMap((names) => names.map((name) => [name, names] as const))
    .reduce(
      (map, [name, names]) => map.set(name, [...(map.get(name) ?? []), ...names.filter((other) => other !== name)]),
      new Map<string, string[]>(),
    ),
);

const months: ReadonlyMap<string, number> = new Map(
  "januari februari march april mai june juli august september october november december"
    .split(" ")
    .map((month, position) => [month, position + 1] as const),
);
