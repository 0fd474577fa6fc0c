import { englishDataset, englishRecommendedTransformers, RegExpMatcher } from "obscenity";
import { createProfanityScan, type ProfanityScan } from "./profanity-scan.ts";

/** A profane word or slur. Offsets are UTF-16 code units, `end` exclusive. */
export interface Profanity {
  readonly start: number;
  readonly end: number;
}

/** So much on both sides of a suspicious place decides whether it is an innocent word. */
const around = 40;

let known: { readonly scan: ProfanityScan; readonly matcher: RegExpMatcher } | undefined;

/**
 * Finds profane English words, also with letters doubled, replaced or set apart, by the list of the package `obscenity`. Its
 * matcher is slow, so it is shown only the surroundings of what may be one.
 */
export function findProfanity(text: string): Profanity[] {
  const { scan, matcher } = (known ??= {
    scan: createProfanityScan(),
    matcher: new RegExpMatcher({ ...englishDataset.build(), ...englishRecommendedTransformers }),
  });
  return stretchesAround(text, scan(text)).flatMap(({ start, end }) =>
    matcher
      .getAllMatches(text.slice(start, end), true)
      .map(({ startIndex, endIndex }) => ({ start: start + startIndex, end: start + endIndex + 1 })),
  );
}

/** Whole words around places, joined where they meet. */
function stretchesAround(text: string, places: readonly number[]): Profanity[] {
  const stretches: { start: number; end: number }[] = [];
  for (const place of places) {
    const last = stretches.at(-1);
    if (last && place < last.end - around) continue;
    const start = wordStart(text, Math.max(0, place - around));
    const end = wordEnd(text, Math.min(text.length, place + 2 * around));
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else stretches.push({ start, end });
  }
  return stretches;
}

function wordStart(text: string, from: number): number {
  let at = from;
  while (at > 0 && !isSpace(text, at - 1)) at -= 1;
  return at;
}

function wordEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isSpace(text, at)) at += 1;
  return at;
}

function isSpace(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 32 || (code >= 9 && code <= 13);
}
