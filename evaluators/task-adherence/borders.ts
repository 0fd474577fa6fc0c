import { allMatches } from "../text/all-matches.ts";
import { type Constraint, type Extract, when } from "./constraint.ts";
import { paragraphsOf } from "./counts.ts";
import { dividedParts, dividerOf } from "./dividers.ts";
import { strip } from "./strip.ts";

const text = `(?:["“«](?<double>[^"”»\\n]{1,200})["”»]|(?<![\\p{L}])['‘](?<single>[^\\n]{1,200}?)['’](?![\\p{L}]))`;
/** Not quoted: the rest of the line behind a colon, or behind "the exact phrase". */
const unquoted =
  '(?:(?<=:)\\s{0,3}|(?<=\\bexact (?:phrase|words|sentence|question|text|line):? ))(?<rest>[\\p{Lu}\\p{Ll}\\d][^\\n"“]{2,150}?)[ ]*(?=\\n|$)';
const what =
  "(?:(?:(?:the|this|these|an?) )?(?:exact |exactly |following |very |same |with )*(?:phrase|words?|sentence|text|string|line|question|statement|expression|greeting)?(?: of| like)?:? ?)?";
const beginnings = [
  `\\b(?:start|begin|open)(?:s|ing)?\\b(?![^.!?\\n]{0,30}\\b(?:paragraph|sentence|section|line|bullet)\\b)[^.!?\\n"“'‘]{0,50}?\\b(?:with|by saying|by)\\b:? ?${what}(?:${text}|${unquoted})`,
  `\\b(?:first|opening|very first) (?:phrase|words?|sentence|line)(?: of (?:your|the) \\w+)? (?:should|must|has to|needs to) (?:be|read|say):? ?(?:${text}|${unquoted})`,
].map((source) => new RegExp(source, "giu"));
const finish = new RegExp(
  `\\b(?:(?:end|finish|conclude|close|clos)(?:s|ing|ed)?\\b(?![^.!?\\n]{0,30}\\b(?:each|every|paragraph)\\b)[^.!?\\n"“'‘:]{0,60}?(?:\\b(?:with|by saying)\\b:?|(?=:))|(?:last|final|very end|ending)(?: (?:phrase|words?|sentence|line|part|text)| of (?:your|the))[^.!?\\n"“'‘]{0,40}?\\b(?:be|is|should be|must be|read|reads|say)\\b(?: exactly(?: like)?)?:?) ?${what}(?:${text}|:?${unquoted})`,
  "giu",
);
const ordinal =
  "(?<ordinal>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|final|\\d{1,2}(?:st|nd|rd|th))";
const firstWord = `(?:the )?(?:word )?["“'‘]?(?<word>[\\p{L}\\p{N}-]{1,40})`;
const nthParagraphs = [
  `\\b(?:paragraph (?<number>\\d{1,2})|${ordinal} paragraph)\\b[^.!?\\n]{0,40}?\\b(?:start|begin)s?\\b[^.!?\\n"“'‘]{0,30}?\\bwith\\b ${firstWord}`,
  `\\b(?:start|begin)s? (?:the )?(?:very )?(?:paragraph (?<number>\\d{1,2})|${ordinal} paragraph)\\b[^.!?\\n"“'‘]{0,20}?\\bwith\\b ${firstWord}`,
].map((source) => new RegExp(source, "giu"));
const ordinals = "first second third fourth fifth sixth seventh eighth ninth tenth".split(" ");

/** Demands on where an answer begins and ends, what a paragraph begins with, and a postscript. */
export const borderConstraints: Extract = (instruction) => [
  ...beginnings
    .flatMap((pattern) => allMatches(instruction, pattern))
    .filter((match) => isAboutAnswer(match, instruction))
    .slice(0, 1)
    .map((match) => startsWith(phraseOf(match))),
  ...allMatches(instruction, finish)
    .filter((match) => isAboutAnswer(match, instruction))
    .slice(0, 1)
    .map((match) => endsWith(phraseOf(match))),
  ...nthParagraphs.flatMap((pattern) =>
    allMatches(instruction, pattern).map((match) => paragraphStart(match, instruction)),
  ),
  ...quotation(instruction),
  ...when(
    instruction,
    /(?<!\b(?:[Ee]xplain|about|of|[Dd]escribe) (?:the |an? )?)\b(?:post-?script|P\.\s?S\b\.?|P\.\s?P\.\s?S\b\.?)/u,
    {
      id: "detectable_content:postscript",
      question: "Is there a postscript?",
      label: "postscript",
      holds: (output) =>
        (/\bP\.\s?P\.\s?S\b/.test(instruction)
          ? /\bP\.?\s?P\.?\s?S\b/i
          : /^[\s*_>]*P\.?\s?S\b|\n[\s*_>]*P\.?\s?S\b|\bP\.\s?S\b/i
        ).test(output),
    },
  ),
];

/** A part of the answer may have a beginning of its own: "the second paragraph must start with …". */
const part =
  /\b(?:paragraphs?|sentences?|sections?|lines?|notes?|hash ?tags?|post-?script|words?|names?|bullets?|points?|items?|titles?|that|which|steps?)\b[^.!?\n]{0,40}$/iu;

function isAboutAnswer(match: RegExpExecArray, instruction: string): boolean {
  return (
    /[\p{L}\p{N}]/u.test(phraseOf(match)) &&
    !part.test(instruction.slice(Math.max(0, match.index - 60), match.index)) &&
    isDemand(match[0], instruction.slice(Math.max(0, match.index - 60), match.index)) &&
    !/\b(?:paragraph|note|post-?script)\b/iu.test(match[0])
  );
}

/** "Let's begin with" demands nothing, and "any string ending with" speaks of other things than the answer. */
function isDemand(match: string, before: string): boolean {
  if (/\b(?:let's|let us|we|we'll|i|i'll|i'd) (?:\w+ )?$/iu.test(before)) return false;
  return !/^(?:start|begin|open|end|finish|conclude|clos)\w*ing\b/iu.test(match) || answerBefore.test(before);
}

const answerBefore =
  /(?:^|[,;:.\n]|\b(?:and|by|while|always|but|response|answer|reply|output|it|poem|story|essay|letter|email|text|message|article|song|speech|summary|review|post|tweet|joke|riddle))\s*(?:\w+ ){0,2}$/iu;

function phraseOf(match: RegExpExecArray): string {
  return (match.groups?.["double"] ?? match.groups?.["single"] ?? match.groups?.["rest"] ?? "").trim();
}

function startsWith(phrase: string): Constraint {
  return {
    id: "startend:start_checker",
    question: `Does the answer begin with "${phrase}"?`,
    label: "the words at the beginning",
    holds: (output) => loose(output).startsWith(loose(phrase)),
  };
}

function endsWith(phrase: string): Constraint {
  return {
    id: "startend:end_checker",
    question: `Does the answer end with "${phrase}"?`,
    label: "the words at the end",
    holds: (output) => loose(output).endsWith(loose(phrase)),
  };
}

function paragraphStart({ groups = {} }: RegExpExecArray, instruction: string): Constraint {
  const { number, ordinal: nth = "", word = "" } = groups;
  const isLast = /^(?:last|final)$/iu.test(nth);
  const named = ordinals.indexOf(nth.toLowerCase()) + 1;
  const position = number === undefined ? named || Number.parseInt(nth, 10) : Number(number);
  const parts = (output: string) => (dividerOf(instruction) === "stars" ? dividedParts(output) : paragraphsOf(output));
  return {
    id: "length_constraints:nth_paragraph_first_word",
    question: `Does ${isLast ? "the last paragraph" : `paragraph ${position}`} begin with "${word}"?`,
    label: "the first word of a paragraph",
    holds: (output) =>
      loose(parts(output).at(isLast ? -1 : position - 1) ?? "").split(/[\s.,!?'";:-]/u)[0] === word.toLowerCase(),
  };
}

const quotes = 'double (?:quotation|quotes?|quote marks)|quotation marks?|quotes\\b|"';
const wholeAnswer =
  "(?:response|answer|reply|output|everything|message|it\\b|whole|entire|letter|essay|poem|story|song|text|email|article|post|review|tweet|summary|speech|rewrite|joke|riddle|blog)";
const quotations = [
  `\\b(?:wrap|enclos|put|surround|plac|cover)\\w*\\b[^.!?\\n"“]{0,60}\\b${wholeAnswer}[^.!?\\n"“]{0,60}?\\b(?:in|with|inside|within|by|using)\\b[^.!?\\n"“]{0,20}(?:${quotes})`,
  `\\b${wholeAnswer}[^.!?\\n"“]{0,60}?\\b(?:wrapped|enclosed|surrounded|placed|put|inside|within)\\b[^.!?\\n"“]{0,30}(?:${quotes})`,
  `(?:${quotes})[^.!?\\n"“]{0,40}?\\baround\\b[^.!?\\n"“]{0,20}\\b${wholeAnswer}`,
  `\\b(?:start|begin) and end\\b[^.!?\\n"“]{0,40}(?:${quotes})`,
].map((source) => new RegExp(source, "iu"));
/** What else may be put in quotation marks. */
const onlyPart =
  /\b(?:wrap|enclos|put|surround|plac|cover)\w*\b(?: \p{L}+){0,3}? (?:titles?|names?|words?|phrases?|terms?|quotes?|dialog\w*|headline|each|every|key ?words?|numbers?|sentences?)\b[^.!?\n"“]{0,40}(?:quot|")/iu;

function quotation(instruction: string): Constraint[] {
  if (onlyPart.test(instruction) || !quotations.some((pattern) => pattern.test(instruction))) return [];
  return [
    {
      id: "startend:quotation",
      question: "Is the whole answer wrapped in double quotation marks?",
      label: "quotation marks around the answer",
      holds: (output) => /^["“][\s\S]*["”]$/u.test(output.trim()) && output.trim().length > 1,
    },
  ];
}

/** Without case, quotation marks and emphasis around it. */
function loose(value: string): string {
  const marks = "\"“”'‘’*_ \t\r\n";
  return strip(value.trim(), { before: marks, behind: `${marks}….` })
    .replace(/\s+/gu, " ")
    .toLowerCase();
}
