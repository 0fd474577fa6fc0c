import { allMatches } from "../../text/all-matches.ts";
import type { Detection } from "../detection.ts";
import { injectionLogit, suspectPlace } from "./injection-model.ts";
import { mayMatch, presentIn, toPlaces } from "./anchors.ts";
import { type InjectionPattern, injectionPatterns } from "./injection-patterns.ts";
import { asLatin } from "./lookalikes.ts";
import { otherReadings } from "./readings.ts";
import type { Place } from "./view.ts";

/** Fewest letters of a hidden reading that the model weighs; fewer say too little. */
const enoughLetters = /^(?:\P{L}*\p{L}){12}/u;

/** A way to read a window, the plain one included. */
export interface WindowReading {
  readonly text: string;
  place(passage: Place): Place;
}

/** All the ways to read a window: as it looks, and with disguises and encodings undone. */
export function readingsOf(window: string): WindowReading[] {
  const text = asLatin(window);
  const plain: WindowReading = { text, place: (passage) => passage };
  return [plain, ...otherReadings(text)];
}

/** Known forms of an injection in one reading, placed in the window. */
export function patternHits({ text, place }: WindowReading): Detection[] {
  const lower = inLowerCase(text);
  const present = presentIn(lower);
  tried ??= injectionPatterns.map((known) => ({ ...known, places: toPlaces(known.needs) }));
  return tried
    .filter(({ places }) => mayMatch(places, present))
    .flatMap(({ kind, pattern }) =>
      allMatches(pattern.ignoreCase ? text : lower, pattern).map((match) => ({
        kind,
        ...place({ start: match.index, end: match.index + match[0].length }),
      })),
    );
}

let tried: readonly (InjectionPattern & { readonly places: ReturnType<typeof toPlaces> })[] | undefined;

/** The text in lower case with offsets kept, which a few letters would shift. */
function inLowerCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The reading that looks most like an injection, with its logit and the words that speak most for it. */
export function worstReading(readings: readonly WindowReading[]): { readonly logit: number; place(): Place } {
  let worst = { logit: Number.NEGATIVE_INFINITY, place: (): Place => ({ start: 0, end: 0 }) };
  for (const [at, reading] of readings.entries()) {
    if (at > 0 && !isWorthWeighing(reading.text)) continue;
    const logit = injectionLogit(reading.text);
    if (logit > worst.logit) worst = { logit, place: () => reading.place(suspectPlace(reading.text)) };
  }
  return worst;
}

/** Whether a hidden reading has enough letters to be weighed. */
export function isWorthWeighing(text: string): boolean {
  return enoughLetters.test(text);
}
