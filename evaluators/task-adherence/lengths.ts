import type { Constraint, Extract } from "./constraint.ts";
import {
  countBullets,
  countCharacters,
  countNumbered,
  countRuns,
  countSentences,
  countWords,
  paragraphsOf,
} from "./counts.ts";
import { dividedParts, dividerOf } from "./dividers.ts";
import { countPunktSentences } from "./given/punkt-sentences.ts";
import { type CountedUnit, rangeReader } from "./length-ranges.ts";
import { isWithinEither, type Range } from "./quantity.ts";

interface Unit extends CountedUnit {
  readonly id: string;
  readonly name: string;
  /** Every honest way to count: one within the range is enough. */
  count(output: string, instruction: string): readonly number[];
}

const units: readonly Unit[] = [
  {
    id: "length_constraints:number_words",
    name: "words",
    pattern: "words?",
    bare: "exact if small",
    count: (output) => [countWords(output), countRuns(output)],
  },
  {
    id: "length_constraints:number_sentences",
    name: "sentences",
    pattern: "sentences?",
    bare: "exact",
    count: (output) => [countSentences(output), countPunktSentences(output)],
  },
  {
    id: "length_constraints:number_paragraphs",
    name: "paragraphs",
    pattern: "paragraphs?",
    bare: "exact",
    count: (output, instruction) => [
      (dividerOf(instruction) === "stars" ? dividedParts(output) : paragraphsOf(output)).length,
    ],
  },
  {
    id: "length:characters",
    name: "characters",
    pattern: "characters?|letters",
    bare: "ignore",
    count: (output) => [countCharacters(output)],
  },
  {
    id: "detectable_format:number_bullet_lists",
    name: "bullet points",
    pattern: "bullet(?:ed)?(?:[ -]points?| items?|s)?",
    bare: "exact",
    count: (output) => [countBullets(output)],
  },
  {
    id: "length:list_items",
    name: "list items",
    pattern: "(?:numbered|list) (?:items|points|steps)",
    bare: "exact",
    count: (output) => [countNumbered(output) || countBullets(output)],
  },
  {
    id: "length:lines",
    name: "lines",
    pattern: "lines?",
    bare: "exact",
    count: (output) => [paragraphsOf(output, /\n/).length],
  },
];

const readers = units.map((unit) => ({ unit, read: rangeReader(unit) }));

/** Demands on length: words, sentences, paragraphs, characters, bullet points, list items, lines. */
export const lengthConstraints: Extract = (instruction) =>
  readers.flatMap(({ unit, read }) => read(instruction).map((range) => toConstraint(unit, range, instruction)));

function toConstraint({ id, name, count }: Unit, range: Range, instruction: string): Constraint {
  const hasLimit = name === "words" && range.most < Number.POSITIVE_INFINITY;
  return {
    id,
    question: `Does the answer have ${range.words} ${name}?`,
    label: name === "bullet points" ? "number of bullet points" : `length in ${name}`,
    holds: (output) => isWithinEither(count(output, instruction), range),
    ...(hasLimit ? { marks: { kind: "too_long", mostWords: range.most } } : {}),
  };
}
