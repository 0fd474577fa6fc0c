import type { AllowList } from "../allow.ts";
import { compilePattern } from "../linear-pattern.ts";
import type { Place } from "./view.ts";

/** Where a text has allowed phrases: the exact ones, and what the patterns match. */
export function allowedPlaces(text: string, { allow, allow_patterns }: AllowList): Place[] {
  return [
    ...allow.flatMap((phrase) => occurrencesOf(phrase, text)),
    ...allow_patterns.flatMap((pattern) => compilePattern(pattern).find(text)),
  ];
}

/** Whether a passage lies inside an allowed place; a passage that goes beyond it is no allowed one. */
export function isInside({ start, end }: Place, places: readonly Place[]): boolean {
  return places.some((place) => place.start <= start && place.end >= end);
}

/** The text with the places as blanks, so that all offsets stay. */
export function blanked(text: string, places: readonly Place[]): string {
  let kept = "";
  let at = 0;
  for (const { start, end } of places.toSorted((a, b) => a.start - b.start)) {
    if (end <= at) continue;
    kept += text.slice(at, Math.max(at, start)) + " ".repeat(end - Math.max(at, start));
    at = end;
  }
  return kept + text.slice(at);
}

function occurrencesOf(phrase: string, text: string): Place[] {
  const places: Place[] = [];
  for (let start = text.indexOf(phrase); start !== -1; start = text.indexOf(phrase, start + phrase.length))
    places.push({ start, end: start + phrase.length });
  return places;
}
