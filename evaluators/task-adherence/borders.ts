import { type Constraint, type Extract, when } from "./constraint.ts";
import { paragraphsOf } from "./counts.ts";
import { dividerOf } from "./lengths.ts";

const text = `(?:["“«](?<double>[^"”»\\n]{1,200})["”»]|(?<![\\p{L}])['‘](?<single>[^\\n]{1,200}?)['’](?![\\p{L}]))`;
const what =
  "(?:(?:(?:the|this|these|an?) )?(?:exact |following |very |same )*(?:phrase|words?|sentence|text|string|line|question|statement|expression|greeting)?(?: of)?:? )?";
const begin = new RegExp(
  `\\b(?:start|begin|open)(?:s|ing)?\\b(?![^.!?\\n]{0,30}\\b(?:paragraph|sentence|section|line|bullet)\\b)[^.!?\\n"“'‘]{0,50}?\\b(?:with|by saying|by)\\b:? ${what}${text}`,
  "giu",
);
const finish = new RegExp(
  `\\b(?:(?:end|finish|conclude|close|clos)(?:s|ing|ed)?\\b(?![^.!?\\n]{0,30}\\b(?:each|every|paragraph)\\b)[^.!?\\n"“'‘]{0,60}?\\b(?:with|by saying)\\b:?|(?:last|final|very end|ending) (?:phrase|words?|sentence|line|part|text)[^.!?\\n"“'‘]{0,40}?\\b(?:be|is|should be|must be|read)\\b(?: exactly(?: like)?)?:?) ${what}${text}`,
  "giu",
);
const nthParagraph =
  /\b(?:(?:paragraph (?<number>\d{1,2}))|(?:(?<ordinal>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d{1,2}(?:st|nd|rd|th)) paragraph))\b[^.!?\n]{0,40}?\b(?:start|begin)s?\b[^.!?\n"“'‘]{0,30}?\bwith\b (?:the )?(?:word )?["“'‘]?(?<word>[\p{L}\p{N}-]{1,40})/giu;
const ordinals = "first second third fourth fifth sixth seventh eighth ninth tenth".split(" ");

/** Demands on where an answer begins and ends, what a paragraph begins with, and a postscript. */
export const borderConstraints: Extract = (instruction) => [
  ...[...instruction.matchAll(begin)]
    .filter((match) => isAboutAnswer(match, instruction))
    .slice(0, 1)
    .map((match) => startsWith(phraseOf(match))),
  ...[...instruction.matchAll(finish)]
    .filter((match) => isAboutAnswer(match, instruction))
    .slice(0, 1)
    .map((match) => endsWith(phraseOf(match))),
  ...[...instruction.matchAll(nthParagraph)].map((match) => paragraphStart(match, instruction)),
  ...when(instruction, /\b(?:post-?script|P\.\s?S\b\.?|P\.\s?P\.\s?S\b\.?)/u, {
    id: "postscript",
    question: "Is there a postscript?",
    label: "postscript",
    holds: (output) =>
      (/\bP\.\s?P\.\s?S\b/.test(instruction)
        ? /\bP\.?\s?P\.?\s?S\b/i
        : /^[\s*_>]*P\.?\s?S\b|\n[\s*_>]*P\.?\s?S\b|\bP\.\s?S\b/i
      ).test(output),
  }),
];

/** A part of the answer may have a beginning of its own: "the second paragraph must start with …". */
const part =
  /\b(?:paragraphs?|sentences?|sections?|lines?|notes?|hash ?tags?|post-?script|words?|names?|bullets?|points?|items?|titles?|that|which|steps?)\b[^.!?\n]{0,40}$/iu;

function isAboutAnswer(match: RegExpExecArray, instruction: string): boolean {
  return (
    /[\p{L}\p{N}]/u.test(phraseOf(match)) &&
    !part.test(instruction.slice(Math.max(0, match.index - 60), match.index)) &&
    !/\b(?:paragraph|note|post-?script)\b/iu.test(match[0])
  );
}

function phraseOf(match: RegExpExecArray): string {
  return (match.groups?.["double"] ?? match.groups?.["single"] ?? "").trim();
}

function startsWith(phrase: string): Constraint {
  return {
    id: "starts_with",
    question: `Does the answer begin with "${phrase}"?`,
    label: "the words at the beginning",
    holds: (output) => loose(output).startsWith(loose(phrase)),
  };
}

function endsWith(phrase: string): Constraint {
  return {
    id: "ends_with",
    question: `Does the answer end with "${phrase}"?`,
    label: "the words at the end",
    holds: (output) => loose(output).endsWith(loose(phrase)),
  };
}

function paragraphStart({ groups = {} }: RegExpExecArray, instruction: string): Constraint {
  const { number, ordinal = "", word = "" } = groups;
  const named = ordinals.indexOf(ordinal.toLowerCase()) + 1;
  const position = number === undefined ? named || Number.parseInt(ordinal, 10) : Number(number);
  return {
    id: `paragraph_${position}_start`,
    question: `Does paragraph ${position} begin with "${word}"?`,
    label: "the first word of a paragraph",
    holds: (output) =>
      loose(paragraphsOf(output, dividerOf(instruction))[position - 1] ?? "").split(/[\s.,!?'";:-]/u)[0] ===
      word.toLowerCase(),
  };
}

/** Without case, quotation marks and emphasis around it. */
function loose(value: string): string {
  return value
    .trim()
    .replace(/^["“'‘*_\s]+|["”'’*_\s…]+$|\s*\.{3}$/gu, "")
    .replace(/\s+/gu, " ")
    .toLowerCase();
}
