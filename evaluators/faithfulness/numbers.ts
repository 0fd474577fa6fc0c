import type { ContextWords, PlacedNumber } from "./context-words.ts";
import type { CountedNumber } from "./reading.ts";
import { measures } from "./units.ts";

/** An approximate number may differ by this share. */
const tolerance = 0.05;

/** Whether a number of a claim needs no support: "two friends" may count what the context lists, "two days" measures. */
export function isIncidental(number: CountedNumber): boolean {
  if (number.isScale) return true;
  return number.spelled && number.value <= 4 && !number.units.some((unit) => measures.has(unit));
}

/** The numbers of the context that support one of a claim: the same value, of the same kind, not of another measure. */
export function supportingNumbers(number: CountedNumber, index: ContextWords): readonly PlacedNumber[] {
  const known = knownSupport.get(index) ?? new Map<string, readonly PlacedNumber[]>();
  knownSupport.set(index, known);
  const asked = askedOf(number);
  const before = known.get(asked);
  if (before) return before;
  const candidates = number.kind === "time" ? timesOf(number, index) : amountsOf(number, index);
  const found = candidates.filter((match) => !measuresAnother(number, match));
  known.set(asked, found);
  return found;
}

/** By context: a number that an answer repeats is looked for once, or a list of numbers would take the square of its length. */
const knownSupport = new WeakMap<ContextWords, Map<string, readonly PlacedNumber[]>>();

/** All that decides which numbers support one. */
function askedOf({ kind, value, approximate, eitherHalf, rate, units }: CountedNumber): string {
  const counting = units.filter((unit, at) => isMeasure(unit) || (at === 0 && unit.startsWith("°")));
  return `${kind} ${Number.isFinite(value) ? value : ""} ${approximate} ${eitherHalf} ${rate ?? ""} ${counting.join(" ")}`;
}

function amountsOf(number: CountedNumber, index: ContextWords): readonly PlacedNumber[] {
  const exact = (index.numbers.get(number.value) ?? []).filter(({ kind }) => kind === "amount");
  if (exact.some((match) => !measuresAnother(number, match))) return exact;
  const converted = degreesOf(number, index);
  if (converted.length > 0 || !number.approximate) return converted;
  const reach = Math.abs(number.value) * tolerance;
  return [...index.numbers].flatMap(([value, found]) =>
    Math.abs(value - number.value) <= reach ? found.filter(({ kind }) => kind === "amount") : [],
  );
}

/** Degrees of the other scale, rounded as people do; the context's own unit must say so. */
function degreesOf({ value, units }: CountedNumber, index: ContextWords): readonly PlacedNumber[] {
  const [unit] = units;
  if (unit !== "°c" && unit !== "°f") return [];
  const exact = unit === "°c" ? value * 1.8 + 32 : (value - 32) / 1.8;
  const reach = unit === "°c" ? 10 : 6;
  const near = Array.from({ length: 2 * reach + 1 }, (_, step) => Math.round(exact) - reach + step);
  return near
    .flatMap((candidate) => index.numbers.get(candidate) ?? [])
    .filter((match) => match.units.some((other) => other.startsWith("°")))
    .map((match) => ({ ...match, units }));
}

/**
 * "7 am" is supported by 7:00, by 7 (as in "7 to 9 pm"), and by a 7:00 that does not say which half it means, unless its
 * passage counts to 24.
 */
function timesOf(time: CountedNumber, index: ContextWords): readonly PlacedNumber[] {
  const isTime = ({ kind }: PlacedNumber) => kind === "time";
  const exact = (index.numbers.get(time.value) ?? []).filter(isTime);
  const twins = (index.numbers.get((time.value + 720) % 1440) ?? []).filter(isTime);
  const twin = twins.filter((match) => !match.uses24Hours && (match.eitherHalf || time.eitherHalf));
  const hour = time.value % 60 === 0 ? (index.numbers.get(((time.value / 60 + 11) % 12) + 1) ?? []) : [];
  return [...exact, ...twin, ...hour.filter(({ kind, units }) => kind === "amount" && units.length === 0)];
}

/** Whether a number of the context is another one for the same thing. */
export function isRival(number: CountedNumber, other: CountedNumber): boolean {
  if (number.kind !== other.kind || number.value === other.value) return false;
  return (number.units.length === 0 && other.units.length === 0) || sharesUnit(number, other);
}

function sharesUnit(a: CountedNumber, b: CountedNumber): boolean {
  return a.units.some((unit) => b.units.includes(unit));
}

/** 30 days are not supported by 30 dollars or by a "30 years' lease", nor 600 a minute by 600 a second, while 30 guests may be by 30 people. */
function measuresAnother(a: CountedNumber, b: CountedNumber): boolean {
  if (a.rate !== null && b.rate !== null && a.rate !== b.rate) return true;
  if (!a.units.some(isMeasure) || !b.units.some(isMeasure)) return false;
  return !a.units.some((unit) => isMeasure(unit) && b.units.includes(unit));
}

function isMeasure(unit: string): boolean {
  return measures.has(unit);
}
