import { allMatches } from "../text/all-matches.ts";
import type { Constraint, Extract } from "./constraint.ts";
import {
  amount,
  atLeast,
  isWithin,
  quantity,
  type Range,
  readQuantity,
  relation,
  relationBehind,
  toRange,
} from "./quantity.ts";
import { readItems } from "./word-lists.ts";

const placeholders = new RegExp(
  `(?<before>${relation})? ?(?<number>${amount})(?<behind>${relationBehind})? (?:\\w+ )?placeholders?\\b`,
  "iu",
);
const highlighted = "(?:highlight\\w*|italici[sz]e\\w*|emphasi[sz]e\\w*|bold(?:ed)?|italics?)";
const highlightedPart =
  "(?:sections?|parts?|phrases?|words?|portions?|points?|texts?|sentences?|keywords?|key words?|names?|items?|pieces?|ideas?|snippets?|places?|terms?)";
const highlights = new RegExp(`\\b${highlighted} ${quantity}(?! (?:times?|words? long))`, "iu");
const partsHighlighted = new RegExp(
  `(?<![\\p{L}\\d.-])${quantity} (?:\\p{L}+ ){0,3}?(?:${highlightedPart} (?:\\p{L}+ ){0,5}?(?:highlighted|italici[sz]ed|bolded|in (?:italics|bold))|(?:highlighted|italic(?:i[sz]ed)?|bold(?:ed)?) (?:\\p{L}+ )?${highlightedPart})\\b`,
  "iu",
);
const someHighlighted = new RegExp(
  `\\b(?:highlight|italici[sz]e)\\b[^.!?\\n]{0,80}(?:\\*|markdown|asteri[sx]k)|\\b(?:wrap|mark)\\w*[^.!?\\n]{0,40}\\bwith (?:a |an |single )?(?:\\*|asteri[sx]ks?)(?!\\*)`,
  "iu",
);
const sections = new RegExp(
  `(?<![\\p{L}\\d.-])${quantity}[ -](?:\\p{L}+ )?(?:sections?|parts?|chapters?|paragraphs?|days?|rounds?|stages?|episodes?|scenes?|acts?|advertisements?|versions?)\\b`,
  "iu",
);
/** "SECTION X", and "Section 1 and Section 2". */
const sectionMark =
  /(?<![\p{L}])(?<mark>\p{Lu}[\p{L}]{1,19}) (?:X(?![\p{L}])|1(?!\d)["'”’*]{0,3}(?:,| and| or|\n)[^.!?]{0,12}?\k<mark> 2(?!\d))/u;
const namedSections =
  /\b(?:include|with|contain(?:ing|s)?|have|has|use|following)\b[^.!?\n]{0,30}\b(?:sections|headings|headers)\b(?: (?:titled|named|called|entitled|labell?ed))?:? (?=["“'‘]|[^.!?\n]{0,120},)/giu;
/** Demands on parts of the answer: placeholders, highlights, sections. */
export const partConstraints: Extract = (instruction) => [
  ...counted(
    { id: "detectable_content:number_placeholders", name: "placeholders", mark: /\[[^\]\n]{1,80}\]/gu },
    readPlain(placeholders.exec(instruction)),
  ),
  ...counted(highlightedParts, highlightRange(instruction)),
  ...sectionCount(instruction),
  ...sectionNames(instruction),
];

const highlightedParts = {
  id: "detectable_format:number_highlighted_sections",
  name: "highlighted parts",
  mark: /\*{1,2}[^\s*][^*\n]*\*{1,2}|(?<![\p{L}\p{N}_])_{1,2}[^\s_][^_\n]*_{1,2}(?![\p{L}\p{N}_])/gu,
};

/** A bare number of things to highlight is the least. */
function highlightRange(instruction: string): Range | null {
  return (
    leastOf(highlights.exec(instruction)?.groups) ??
    leastOf(partsHighlighted.exec(instruction)?.groups) ??
    (someHighlighted.test(instruction) ? atLeast(1) : null)
  );
}

function leastOf(groups: Readonly<Record<string, string | undefined>> | undefined): Range | null {
  if (!groups || (groups["number"] ?? groups["low"]) === undefined) return null;
  const range = readQuantity(groups, "exact");
  const stated = groups["before"] ?? groups["behind"] ?? groups["low"];
  return range && stated === undefined ? atLeast(range.least) : range;
}

function readPlain(match: RegExpExecArray | null): Range | null {
  const { before, number = "", behind } = match?.groups ?? {};
  return match && toRange(before, number, behind, "exact");
}

interface CountedPart {
  readonly id: string;
  readonly name: string;
  readonly mark: RegExp;
}

function counted({ id, name, mark }: CountedPart, range: Range | null): Constraint[] {
  if (!range) return [];
  return [
    {
      id,
      question: `Are there ${range.words} ${name}?`,
      label: `number of ${name}`,
      holds: (output) => isWithin(output.match(mark)?.length ?? 0, range),
    },
  ];
}

/** A bare number of sections is the least. */
function sectionCount(instruction: string): Constraint[] {
  const { mark } = sectionMark.exec(instruction)?.groups ?? {};
  if (mark === undefined) return [];
  const range = leastOf(sections.exec(instruction)?.groups);
  const head = `(?:^|\\n)[^\\p{L}\\d\\n]*${mark}[ *]+(?:\\d{1,3}|[IVX]{1,6}|[A-Z]|one|two|three|four|five|six)\\b`;
  return counted({ id: "detectable_format:multiple_sections", name: "sections", mark: new RegExp(head, "giu") }, range);
}

function sectionNames(instruction: string): Constraint[] {
  const items = allMatches(instruction, namedSections).flatMap((match) =>
    readItems(instruction.slice(match.index + match[0].length)),
  );
  return items.map((item) => ({
    id: "format:required_section",
    question: `Is there a section "${item}"?`,
    label: "a required section",
    holds: (output) => output.split("\n").some((line) => bare(line).startsWith(bare(item))),
  }));
}

function bare(line: string): string {
  return line
    .replace(/^[\s#*_>\d.)-]+/u, "")
    .trim()
    .toLowerCase();
}
