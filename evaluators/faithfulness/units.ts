import { remembering } from "../text/remembering.ts";
import { stem } from "../text/stem.ts";
import type { Token } from "../text/token.ts";

/** Other spellings of units, by stem. */
const spellings: ReadonlyMap<string, string> = new Map(
  `sec second|min minute|hr hour|hrs hour|h hour|wk week|yr year|yrs year|mo month|lb pound|lbs pound|oz ounce|kg kilogram|kilo kilogram
  g gram|mg milligram|m meter|metr meter|cm centimeter|centimetr centimeter|mm millimeter|millimetr millimeter|km kilometer
  kilometr kilometer|mi mile|ft foot|feet foot|l liter|litr liter|ml milliliter|millilitr milliliter|degre °|degree °|celsiu °c
  fahrenheit °f|percent %|pct %|dollar $|euro €|gb gigabyte|mb megabyte|tb terabyte|kb kilobyte`
    .split(/[|\n]/u)
    .map((pair) => pair.trim().split(" "))
    .map(([from = "", to = ""]) => [from, to] as const),
);

/** The stem by which a unit is compared: metres, meters and m are one. */
export const unitStem: (word: string) => string = remembering((word) => stem(spellings.get(word) ?? word), {
  most: 2_000,
  longest: 40,
});

/** Stems of units in which things are measured, as opposed to the things that are counted. */
export const measures: ReadonlySet<string> = new Set(
  `% $ € £ ¥ ₹ ° °c °f second minute hour day week month year pound cent mile kilometer meter centimeter millimeter foot inch yard
  acre kilogram gram milligram ounce liter milliliter gallon gigabyte megabyte terabyte kilobyte kwh mwh watt volt point star`
    .split(/\s+/u)
    .map(stem),
);

const rates: ReadonlyMap<string, string> = new Map(
  `daily day|hourly hour|weekly week|monthly month|quarterly quarter|yearly year|annually year|annual year`
    .split("|")
    .map((pair) => pair.split(" "))
    .map(([from = "", to = ""]) => [from, stem(to)] as const),
);
const times: ReadonlySet<string> = new Set("second minute hour day night week month quarter year".split(" ").map(stem));
const perWords: ReadonlySet<string> = new Set("per a an each every".split(" "));
/** How far behind a number its rate may stand, in tokens. */
const farthest = 5;

/** The time to which the number before a place belongs: "600 requests per minute", "$45 monthly", "3 % a year". */
export function rateOf(tokens: readonly Token[], from: number): string | null {
  for (let at = from; at < from + farthest; at += 1) {
    const token = tokens[at];
    if (!token || token.kind !== "word") return null;
    const rate = rates.get(token.lower);
    if (rate !== undefined) return rate;
    const next = perWords.has(token.lower) ? unitStem(tokens[at + 1]?.stem ?? "") : "";
    if (times.has(next)) return next;
  }
  return null;
}
