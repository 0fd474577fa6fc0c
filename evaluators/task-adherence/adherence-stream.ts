import type { EvaluatorStream, Finding } from "../define-evaluator.ts";
import type { Claim } from "../evaluation.ts";
import type { Constraint } from "./constraint.ts";
import { examineConstraints } from "./examine-locally.ts";
import { longestPassage, passageFinders } from "./passages.ts";

/**
 * Looks for forbidden words and marks and for too many words while an answer arrives. Other demands need the whole answer:
 * where there is one, nothing is settled before the end, but what is found is reported at once.
 */
export function adherenceStream(
  constraints: readonly Constraint[],
  examine: (output: string) => Finding | Promise<Finding> = (output) => examineConstraints(output, constraints),
): EvaluatorStream {
  const pieces: string[] = [];
  const finders = passageFinders(constraints);
  const everythingShows = constraints.length > 0 && finders.length === constraints.length;
  const heldBack = longestPassage(constraints) + 1;
  let tail = "";
  let offset = 0;
  const advance = (): Claim[] => {
    const length = settledLength(tail, heldBack);
    if (length === 0) return [];
    const claims = finders.flatMap((finder) => finder.find(tail, length, offset));
    tail = tail.slice(length);
    offset += length;
    return claims;
  };
  return {
    push(text) {
      pieces.push(text);
      if (finders.length === 0) return { settled: 0, claims: [] };
      tail += text;
      const claims = /\s/u.test(text) ? advance() : [];
      return { settled: everythingShows ? offset : 0, claims };
    },
    end: () => examine(pieces.join("")),
  };
}

/** Up to the beginning of the last few words, which may be the beginning of something longer. */
function settledLength(text: string, words: number): number {
  let at = text.length;
  for (let word = 0; word < words; word += 1) {
    while (at > 0 && !isSpace(text, at - 1)) at -= 1;
    if (word < words - 1) while (at > 0 && isSpace(text, at - 1)) at -= 1;
  }
  return at;
}

function isSpace(text: string, at: number): boolean {
  return /\s/u.test(text.charAt(at));
}
