import { allMatches } from "../text/all-matches.ts";
import { amount, between, quantity, type Range, readQuantity, relation, relationBehind, toRange } from "./quantity.ts";

/** Something that an instruction counts. */
export interface CountedUnit {
  /** Source of the pattern for the unit's name. */
  readonly pattern: string;
  /** What a number without "at least" and the like means: for words only a small one is meant exactly. */
  readonly bare: "exact" | "exact if small" | "ignore";
}

/** Reads every demand on the number of units out of an instruction. */
export type RangeReader = (instruction: string) => readonly Range[];

/** Makes the reader for a unit. */
export function rangeReader({ pattern, bare }: CountedUnit): RangeReader {
  const named = new RegExp(`(?:${pattern})\\b`, "iu");
  const readers = [spans(pattern), amounts(pattern, bare), statedNumbers(pattern)];
  return (instruction) => {
    if (!named.test(instruction)) return [];
    const ranges = readers.flatMap((read) => read(instruction));
    return [...new Map(ranges.map((range) => [range.words, range])).values()];
  };
}

/** A number, its relation and a unit; the few words between may only describe the unit. */
const describing =
  "(?:[ -](?:short|long|concise|brief|complete|full|simple|different|separate|distinct|total|english|single|clear|main|key))?[ -]";
/** What makes a bare number a demand on the answer. */
const imperative =
  "(?:in|with|contain(?:ing)?|(?:response|answer|reply|output|that|it|which) (?:has|contains)|have|include|including|write|use|using|give|provide|list|of|into|be|is|answer|respond|reply|return|output|produce|create)(?: me)?(?: (?:only|it|a|an|as|list of))? ";
const perPart = /(?:each|every|per)(?: \w+){0,4} $/i;
const forPart = /^(?: long)?,? (?:each|per\b|in each|in every|apiece|(?:\w+ ){0,2}for (?:each|every))/i;
/** "At least 5 words in capital letters" is about some words, not about the length. */
const qualified =
  /^ (?:(?:sentences?|phrases?|lines?|titles?|names?|bullets?|items?|captions?|headlines?|paragraphs)\b|that\b|which\b|(?:(?:or|and) phrases |in (?:the|your) \w+ |should |must |to )*(?:be )?in (?:all )?(?:caps|capital|upper|lower)|with (?:all )?capital|starting|beginning|from the|of (?!(?:text|prose|content|dialogue|explanation|writing|code)\b))/i;
/** "A title with at most 5 words": the title is short, not the answer. */
const aboutPart =
  /\b(?:passwords?|pass ?phrases?|user ?names?|domain(?: name)?s?|slugs?|nicknames?|headlines?|titles?|headings?|hashtags?|tokens?|ids?|names?|strings?|fields?|variables?|keys?|subject lines?|docstrings?|comments?|functions?|methods?|scripts?|class|columns?|rows?)\b[^.,!?\n]{0,40}$|\bdocstrings?\b[^.!?\n]{0,40}$/iu;

/** "Between 3 and 5 words", "3-5 words", "5 or 6 words". */
function spans(unit: string): RangeReader {
  const pattern = new RegExp(
    `\\b(?:between )?(?<low>${amount})(?: and |\\s?[-–—]\\s?| to | or )(?<high>${amount})${describing}(?:${unit})\\b`,
    "giu",
  );
  return (instruction) =>
    allMatches(instruction, pattern)
      .filter((match) => isWhole(instruction, match))
      .map(({ groups = {} }) => between(groups["low"] ?? "", groups["high"] ?? ""));
}

/** "At least 5 words", "300+ words", "exactly two sentences". */
function amounts(unit: string, meaning: CountedUnit["bare"]): RangeReader {
  const pattern = new RegExp(
    `(?<before>(?:\\b(?:${relation}) (?:a total of )?))?(?<bare>${imperative})?(?<![\\w.-]|\\d[-–—] ?|\\b(?:${amount}) (?:and|to) )(?<number>${amount})(?<behind>${relationBehind})?${describing}(?:${unit})\\b(?<after> or more| or less| or fewer| at least| at most| max(?:imum)?| minimum)?`,
    "giu",
  );
  return (instruction) =>
    allMatches(instruction, pattern).flatMap((match) => {
      const { before, bare, number = "", behind, after } = match.groups ?? {};
      if (!isWhole(instruction, match)) return [];
      const stated = denied(instruction, match.index, before) ?? (isPlace(before, bare) ? undefined : before);
      const range = toRange(stated, number, behind ?? after, meaningOf(bare, number, meaning));
      return range ? [range] : [];
    });
}

/** "The text below in two words": the word is about a place. */
function isPlace(before: string | undefined, bare: string | undefined): boolean {
  return bare !== undefined && /^(?:over|under|above|below)/iu.test(before ?? "");
}

/** "In two words" is meant exactly, "in 100 words" hardly. */
function meaningOf(bare: string | undefined, number: string, meaning: CountedUnit["bare"]): "exact" | "ignore" {
  if (bare === undefined) return "ignore";
  if (meaning !== "exact if small") return meaning;
  return /^in /iu.test(bare) && /^(?:\p{L}|\d$)/u.test(number) ? "exact" : "ignore";
}

/** "The number of words should be less than 50", "the total number of sentences has to be in the range of 40 to 60". */
function statedNumbers(unit: string): RangeReader {
  const pattern = new RegExp(
    `\\b(?:number|amount|count) of (?:${unit})\\b(?! (?:in|with|that|which)\\b[^.!?\\n]{0,20}\\b(?:capital|upper|lower|each|every))[^.!?\\n]{0,50}?(?:\\bbe\\b|\\bis\\b|\\bto\\b|:)(?: in the range of| within)? ?(?<![\\w.-])${quantity}`,
    "giu",
  );
  return (instruction) =>
    allMatches(instruction, pattern).flatMap(({ groups = {} }) => {
      const range = readQuantity(groups, "ignore");
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
    !aboutPart.test(instruction.slice(Math.max(0, match.index - 60), match.index)) &&
    !forPart.test(behind) &&
    !qualified.test(behind)
  );
}
