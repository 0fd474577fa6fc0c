import type { Constraint, Extract } from "./constraint.ts";
import { countBullets, countCharacters, countNumbered, countSentences, countWords, paragraphsOf } from "./counts.ts";
import { amount, between, isWithin, type Range, relation, relationBehind, toRange } from "./quantity.ts";

interface Unit {
  readonly name: string;
  /** Source of the pattern for the unit's name. */
  readonly pattern: string;
  /** What a number without "at least" and the like means: for words it is rarely meant exactly. */
  readonly bare: "exact" | "ignore";
  count(output: string, instruction: string): number;
}

const units: readonly Unit[] = [
  { name: "words", pattern: "words?", bare: "ignore", count: countWords },
  { name: "sentences", pattern: "sentences?", bare: "exact", count: countSentences },
  {
    name: "paragraphs",
    pattern: "paragraphs?",
    bare: "exact",
    count: (output, instruction) => paragraphsOf(output, dividerOf(instruction)).length,
  },
  { name: "characters", pattern: "characters?|letters", bare: "ignore", count: countCharacters },
  { name: "bullet points", pattern: "bullet(?:ed)?(?:[ -]points?| items?|s)?", bare: "exact", count: countBullets },
  {
    name: "list items",
    pattern: "(?:numbered|list) (?:items|points|steps)",
    bare: "exact",
    count: (output) => countNumbered(output) || countBullets(output),
  },
  { name: "lines", pattern: "lines?", bare: "exact", count: (output) => paragraphsOf(output, /\n/).length },
];

/** A number, its relation and a unit; the few words between may only describe the unit. */
const describing =
  "(?:[ -](?:short|long|concise|brief|complete|full|simple|different|separate|distinct|total|english|single|clear|main|key))?[ -]";
/** What makes a bare number a demand on the answer. */
const imperative =
  "(?:in|with|contain(?:s|ing)?|ha(?:ve|s)|include|including|write|use|using|give|provide|list|of|into|be|is|answer|respond|reply|return|output|produce|create)(?: me)?(?: (?:the|your|its|only|it|a|an|as|list of))? ";
const perPart = /(?:each|every|per)(?: \w+){0,4} $/i;
const forPart = /^(?: long)?,? (?:each|per\b|for each|for every|in each|in every|apiece)/i;
/** "At least 5 words in capital letters" is about some words, not about the length. */
const qualified =
  /^ (?:(?:(?:or|and) phrases |in (?:the|your) \w+ |should |must |to )*(?:be )?in (?:all )?(?:capital|upper|lower)|with (?:all )?capital|that (?:start|begin|end|rhyme)|starting|beginning|from the)/i;

/** Demands on length: words, sentences, paragraphs, characters, bullet points, list items, lines. */
export const lengthConstraints: Extract = (instruction) => units.flatMap((unit) => demands(unit, instruction));

function demands(unit: Unit, instruction: string): Constraint[] {
  const ranges = [...rangesWithin(unit, instruction), ...rangesOf(unit, instruction)];
  const seen = new Set<string>();
  return ranges.flatMap((range) => {
    if (seen.has(range.words)) return [];
    seen.add(range.words);
    const id = `length_${unit.name.replace(" ", "_")}${seen.size > 1 ? `_${seen.size}` : ""}`;
    const question = `Does the answer have ${range.words} ${unit.name}?`;
    return [
      {
        id,
        question,
        label: `length in ${unit.name}`,
        holds: (output) => isWithin(unit.count(output, instruction), range),
      },
    ];
  });
}

function rangesWithin(unit: Unit, instruction: string): Range[] {
  const pattern = new RegExp(
    `\\b(?:between )?(?<low>${amount})(?: and |\\s?[-–—]\\s?| to )(?<high>${amount})${describing}(?:${unit.pattern})\\b`,
    "giu",
  );
  return [...instruction.matchAll(pattern)]
    .filter((match) => isWhole(instruction, match))
    .map(({ groups = {} }) => between(groups["low"] ?? "", groups["high"] ?? ""));
}

function rangesOf(unit: Unit, instruction: string): Range[] {
  const pattern = new RegExp(
    `(?<before>(?:\\b(?:${relation}) ))?(?<bare>${imperative})?(?<![\\w.-]|\\d[-–—] ?|and |to )(?<number>${amount})(?<behind>${relationBehind})?${describing}(?:${unit.pattern})\\b(?<after> or more| or less| or fewer| at least| at most| max(?:imum)?| minimum)?`,
    "giu",
  );
  return [...instruction.matchAll(pattern)].flatMap((match) => {
    const { before, bare, number = "", behind, after } = match.groups ?? {};
    if (!isWhole(instruction, match)) return [];
    const range = toRange(
      denied(instruction, match.index, before) ?? before,
      number,
      behind ?? after,
      bare ? unit.bare : "ignore",
    );
    return range ? [range] : [];
  });
}

/** "Nothing longer than 30 words" is a limit from above. */
function denied(instruction: string, index: number, before: string | undefined): string | null {
  if (!/^(?:more|longer|greater|over|above)/i.test(before ?? "")) return null;
  return /(?:n't|\b(?:not|never|nothing|no))\b[^.!?\n]{0,25}$/i.test(instruction.slice(Math.max(0, index - 40), index))
    ? "at most"
    : null;
}

function isWhole(instruction: string, match: RegExpExecArray): boolean {
  const end = match.index + match[0].length;
  const behind = instruction.slice(end, end + 40);
  return (
    !perPart.test(instruction.slice(Math.max(0, match.index - 40), match.index)) &&
    !forPart.test(behind) &&
    !qualified.test(behind)
  );
}

/** Paragraphs are divided by a blank line unless the instruction names a divider. */
export function dividerOf(instruction: string): RegExp {
  return /\*\s?\*\s?\*|markdown divider/i.test(instruction) ? /\n?\s*\*\s?\*\s?\*\s*\n?/ : /\n\s*\n/;
}
