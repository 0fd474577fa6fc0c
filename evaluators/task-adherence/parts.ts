import { type Constraint, type Extract, when } from "./constraint.ts";
import { amount, isWithin, relation, toRange } from "./quantity.ts";
import { readItems } from "./word-lists.ts";

const placeholders = new RegExp(`(?<before>${relation})? ?(?<number>${amount}) (?:\\w+ )?placeholders?\\b`, "iu");
const highlights = new RegExp(
  `\\bhighlight\\w*[^.!?\\n]{0,30}?(?<before>${relation})? ?(?<number>${amount}) (?:\\w+ ){0,2}(?:sections?|parts?|phrases?|words?|portions?|points?|texts?|sentences?)\\b|(?<before2>${relation}) (?<number2>${amount}) (?:\\w+ )?highlighted (?:sections?|parts?|phrases?|words?|text)`,
  "iu",
);
const sections = new RegExp(
  `(?<before>${relation})? ?(?<number>${amount}) (?:\\w+ )?(?:sections|parts|chapters)\\b`,
  "iu",
);
const sectionMark =
  /\b(?:mark|start|begin|label|head|separate|denote|indicate)\w*[^.!?\n]{0,50}\b(?:section|part|chapter|paragraph|day|round)s?\b[^.!?\n"“'‘]{0,40}?\b(?:with|as|by|like|using)\b[^\n"“'‘]{0,12}?["“'‘]?(?<mark>[\p{L}]{2,20}) (?:X|\d|N|#|I)\b/iu;
const namedSections =
  /\b(?:include|with|contain(?:ing|s)?|have|has|use|following)\b[^.!?\n]{0,30}\b(?:sections|headings|headers)\b(?: (?:titled|named|called|entitled|labell?ed))?:? (?=["“'‘]|[^.!?\n]{0,120},)/giu;
const options =
  /\b(?:one of (?:the following|these)|choose (?:one )?(?:from|of|between)|(?:answer|respond|reply) (?:only )?with (?:either|one of)|exactly one of|following (?:options|choices))\b[^.!?\n"“'‘]{0,60}[(:]?\s*(?=["“'‘])/iu;
const repeating =
  /\b(?:first,? )?repeat (?:the |this |my |your )?(?:exact |entire |whole )?(?:request|question|prompt|sentence|query|message|instruction)s?\b(?: above| below| exactly| word for word| verbatim| without)/iu;

/** Demands on parts: placeholders, highlights, sections, two responses, fixed options, a repeated request. */
export const partConstraints: Extract = (instruction) => [
  ...counted("placeholders", placeholders.exec(instruction), /\[[^\]\n]{1,80}\]/gu),
  ...counted("highlighted parts", highlights.exec(instruction), /\*{1,2}[^\s*][^*\n]*\*{1,2}/gu),
  ...sectionCount(instruction),
  ...sectionNames(instruction),
  ...when(instruction, /\b(?:two|2)\b[\s\S]{0,400}\bseparat\w+[^.!?\n]{0,80}(?:\*{6}|\b(?:6|six) asterisks?)/iu, {
    id: "two_responses",
    question: "Are there two different responses, divided by asterisks?",
    label: "two responses",
    holds: (output) => areTwo(output.split(/\*{4,}/).map((part) => part.trim())),
  }),
  ...optionList(instruction),
  ...repetition(instruction),
];

function counted(name: string, match: RegExpExecArray | null, mark: RegExp): Constraint[] {
  const { before, number, before2, number2 } = match?.groups ?? {};
  const range = toRange(before ?? before2, number ?? number2 ?? "", undefined, "exact");
  if (!range || !match) return [];
  const holds = (output: string) => isWithin(output.match(mark)?.length ?? 0, range);
  return [
    { id: name.replace(" ", "_"), question: `Are there ${range.words} ${name}?`, label: `number of ${name}`, holds },
  ];
}

function sectionCount(instruction: string): Constraint[] {
  const { mark } = sectionMark.exec(instruction)?.groups ?? {};
  const match = sections.exec(instruction);
  if (mark === undefined || !match) return [];
  return counted(
    "sections",
    match,
    new RegExp(`(?:^|\\n)[\\s#*_>-]*${mark}[\\s*]+(?:\\d{1,3}|[IVX]{1,6}|[A-Z]|one|two|three|four|five|six)\\b`, "giu"),
  );
}

function sectionNames(instruction: string): Constraint[] {
  const items = [...instruction.matchAll(namedSections)].flatMap((match) =>
    readItems(instruction.slice(match.index + match[0].length)),
  );
  return items.map((item, index) => ({
    id: `section_${index + 1}`,
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

function areTwo(parts: readonly string[]): boolean {
  const [first, second] = parts.filter((part) => part !== "");
  return parts.filter((part) => part !== "").length === 2 && first !== second;
}

function optionList(instruction: string): Constraint[] {
  const match = options.exec(instruction);
  const items = match ? readItems(instruction.slice(match.index + match[0].length)) : [];
  if (items.length < 2) return [];
  const holds = (output: string) => items.some((item) => output.toLowerCase().includes(item.toLowerCase()));
  return [
    { id: "options", question: "Is the answer one of the options given?", label: "one of the options given", holds },
  ];
}

function repetition(instruction: string): Constraint[] {
  const match = repeating.exec(instruction);
  const first =
    instruction
      .trim()
      .split(/(?<=[.!?])\s|\n/u)[0]
      ?.trim()
      .toLowerCase() ?? "";
  if (!match || first.length < 8 || instruction.indexOf(match[0]) < first.length) return [];
  return [
    {
      id: "repeat_request",
      question: "Does the answer begin by repeating the request?",
      label: "the request repeated",
      holds: (output) => output.trim().toLowerCase().startsWith(first),
    },
  ];
}
