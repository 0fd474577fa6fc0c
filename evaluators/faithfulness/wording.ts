import type { ContextIndex } from "./passages.ts";
import type { Reading } from "./reading.ts";

/** Words of a claim that neither the context nor the question has. A denied word may stand in a denial. */
export function missingWordsOf(claim: Reading, index: ContextIndex, known: ReadonlySet<string>) {
  let missingWords = 0;
  let run = 0;
  let longestRun = 0;
  for (const stem of claim.words) {
    const isThere = index.has(stem) || known.has(stem) || (claim.negated.has(stem) && index.where.has(stem));
    run = isThere ? 0 : run + 1;
    longestRun = Math.max(longestRun, run);
    if (!isThere) missingWords += 1;
  }
  return { missingWords, longestRun };
}

/** Neighbouring meaningful words and numbers that are neighbours nowhere in the context. */
export function missingPairsOf({ terms }: Reading, index: ContextIndex): { pairs: number; missingPairs: number } {
  let missingPairs = 0;
  for (let at = 1; at < terms.length; at += 1) {
    if (!index.hasPair(terms[at - 1] ?? "", terms[at] ?? "")) missingPairs += 1;
  }
  return { pairs: Math.max(0, terms.length - 1), missingPairs };
}
