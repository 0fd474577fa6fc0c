import type { Constraint, Extract } from "./constraint.ts";
import { amount, atLeast, isWithin, quantity, type Range, readQuantity } from "./quantity.ts";

const stars =
  /(?<![*\p{L}])\*{3}(?![*\p{L}])|\* \* \*|markdown dividers?|\b(?:3|three) (?:asteri[sx]ks?|ast\w*r\w*ks?)\b/iu;
const sixStars = /(?<![*])\*{6,7}(?![*])|\b(?:6|six) asteri[sx]ks?\b/iu;

/** What divides the parts of the answer: the named divider `***`, or blank lines. */
export function dividerOf(instruction: string): "stars" | "blank lines" {
  return stars.test(instruction) ? "stars" : "blank lines";
}

/** The parts between lines of `***` that hold something. */
export function dividedParts(output: string): string[] {
  return output
    .split("***")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

const part =
  "(?:sections?|parts?|stanzas?|verses?|steps?|snippets?|q ?(?:&|and) ?as?|tips|ideas|versions|pieces|chapters|advices?)";
const numberOfParts = new RegExp(`(?<![\\p{L}\\d.-])${quantity} (?:[\\p{L}-]+ )?${part}(?![\\p{L}])`, "iu");

/** Demands on parts that a named divider separates: `***` between any number of them, `******` between two. */
export const dividerConstraints: Extract = (instruction) => [...starred(instruction), ...twoResponses(instruction)];

function starred(instruction: string): Constraint[] {
  const told = instruction.replace(/highlight[^.!?\n]{0,60}sections?|italic[^.!?\n]{0,40}sections?/giu, " ");
  if (!stars.test(instruction) || /\bparagraphs?\b/iu.test(told.match(countedParagraphs)?.[0] ?? "")) return [];
  const range =
    shownParts(instruction) ?? readQuantity(numberOfParts.exec(told)?.groups ?? {}, "exact") ?? twoSides(told);
  if (!range) return [];
  return [
    {
      id: "length_constraints:number_paragraphs",
      question: `Are there ${range.words} parts, divided by three asterisks?`,
      label: "number of parts",
      holds: (output) => isWithin(dividedParts(output).length, range),
    },
  ];
}

const countedParagraphs = new RegExp(`(?<![\\p{L}\\d.-])(?:${amount}) (?:[\\p{L}-]+ )?paragraphs?`, "iu");

/** A form with three asterisks on lines of their own shows how many parts there are, unless it breaks off. */
function shownParts(instruction: string): Range | null {
  const lines = instruction.split("\n").map((line) => line.trim());
  const shown = lines.filter((line) => line === "***").length;
  if (shown < 2 || lines.some((line) => /^(?:\.{3,}|…|etc\.?)$/u.test(line))) return null;
  return { least: shown + 1, most: shown + 1, words: `exactly ${shown + 1}` };
}

/** "Separate A and B with ***" has two sides at least. */
function twoSides(instruction: string): Range | null {
  return /\bseparat\w* (?:the |your |my )?[^.!?\n,]{3,60} and [^.!?\n,]{3,60} (?:by|with|using)\b/iu.test(instruction)
    ? atLeast(2)
    : null;
}

const manyResponses =
  /\b(?:three|four|five|six|seven|eight|nine|ten|[3-9]|\d\d) (?:\p{L}+ )?(?:responses|answers|versions|options|variants|drafts|suggestions|poems|stories|letters|emails|tweets)\b/iu;

function twoResponses(instruction: string): Constraint[] {
  if (!sixStars.test(instruction) || manyResponses.test(instruction)) return [];
  return [
    {
      id: "combination:two_responses",
      question: "Are there two different responses, divided by six asterisks?",
      label: "two responses",
      holds: (output) => areTwo(output.split(/\*{6,}/u).map((one) => one.trim())),
    },
  ];
}

function areTwo(parts: readonly string[]): boolean {
  const [first, second, third] = parts.filter((one) => one !== "");
  return second !== undefined && third === undefined && first !== second;
}
