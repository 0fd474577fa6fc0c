import type { Claim } from "../evaluation.ts";
import type { Constraint, Marks } from "./constraint.ts";
import { phrasePattern, runPattern, wordPattern } from "./counts.ts";

/** Of one constraint no more passages than this are reported. */
export const mostPassages = 100;

/** Finds passages that break one constraint, stretch by stretch. Stretches are handed over in order and begin behind white space. */
export interface PassageFinder {
  /** Looks for passages that begin in the first `length` code units of `text`, which begins at `offset` in the answer. */
  find(text: string, length: number, offset: number): Claim[];
}

/** One finder for each constraint that knows what breaks it. */
export function passageFinders(constraints: readonly Constraint[]): PassageFinder[] {
  return constraints.flatMap(({ marks }) => (marks ? [finderFor(marks)] : []));
}

/** Every passage of a whole answer that breaks a constraint, in order. */
export function findPassages(output: string, constraints: readonly Constraint[]): Claim[] {
  return passageFinders(constraints)
    .flatMap((finder) => finder.find(output, output.length, 0))
    .toSorted((a, b) => a.start - b.start || a.end - b.end);
}

/** How many words of an answer have to be seen to know whether one of these passages begins at the first of them. */
export function longestPassage(constraints: readonly Constraint[]): number {
  const phrases = constraints.flatMap(({ marks }) => (marks && "phrases" in marks ? marks.phrases : []));
  return Math.max(1, ...phrases.map((phrase) => phrase.trim().split(/\s+/u).length));
}

function finderFor(marks: Marks): PassageFinder {
  if ("mostWords" in marks) return wordLimit(marks.kind, marks.mostWords);
  const patterns =
    "phrases" in marks
      ? marks.phrases.map((phrase) => phrasePattern(phrase))
      : [new RegExp(marks.mark.source, `g${marks.mark.flags.replace("g", "")}`)];
  let left = mostPassages;
  return {
    find(text, length, offset) {
      const claims = patterns
        .flatMap((pattern) => [...matchesWithin(pattern, text, length)])
        .toSorted((a, b) => a.index - b.index)
        .slice(0, left)
        .map(({ index, 0: found }) => toClaim(marks.kind, found, offset + index));
      left -= claims.length;
      return claims;
    },
  };
}

function* matchesWithin(pattern: RegExp, text: string, length: number): Generator<RegExpExecArray> {
  for (const match of text.matchAll(pattern)) {
    if (match.index >= length) return;
    yield match;
  }
}

/** The first word too many, by whichever way of counting words allows more. */
function wordLimit(kind: string, mostWords: number): PassageFinder {
  const counts = [wordPattern, runPattern].map((pattern) => ({ pattern, seen: 0 }));
  return {
    find(text, length, offset) {
      const before = counts.every(({ seen }) => seen > mostWords);
      const crossings = counts.map((count) => {
        let crossing: RegExpExecArray | null = null;
        for (const match of matchesWithin(count.pattern, text, length)) {
          count.seen += 1;
          if (count.seen === mostWords + 1) crossing = match;
        }
        return crossing;
      });
      if (before || counts.some(({ seen }) => seen <= mostWords)) return [];
      const last = crossings.toSorted((a, b) => (b?.index ?? -1) - (a?.index ?? -1))[0];
      return last ? [toClaim(kind, last[0], offset + last.index)] : [];
    },
  };
}

function toClaim(kind: string, text: string, start: number): Claim {
  return { text, start, end: start + text.length, verdict: "violation", kind };
}
