import { allMatches } from "../text/all-matches.ts";
import type { Constraint, Extract } from "./constraint.ts";
import { countPhrase } from "./counts.ts";
import { isWithin, isWithinEither, quantity, type Range, readQuantity } from "./quantity.ts";

/** How often a word is to occur. */
export interface WordFrequency {
  readonly word: string;
  readonly range: Range;
}

const quotedItem = `["“'‘](?<quoted>[^"”\\n]{1,60}?)["”'’]`;
const bareItem = `(?<bare>(?!in\\b|to\\b|should\\b|must\\b|with\\b|of\\b|limit\\b|count\\b)[\\p{L}\\p{N}][\\p{L}\\p{N}'-]{1,39})(?![\\p{L}\\p{N}])`;
/** What may stand between a word and the number of times, in one sentence and about nothing else. */
const gap = `(?:(?!\\b(?:letters?|words?|phrase|keywords?|capital|sentences?|paragraphs?)\\b)[^.!?\\n"“;]){0,45}?`;
const times = `(?: times?\\b|(?<=once|twice)(?![\\p{L}]))`;
const frequency = new RegExp(
  `(?:\\b(?:key ?word|word|phrase|term|name|expression) (?:${quotedItem}|${bareItem})|(?<!\\bletters? |\\bletters? the )(?<![\\p{L}\\p{N}])["“'‘](?<alone>[^"”\\n]{1,60}?)["”'’](?![\\p{L}]))${gap}(?<![\\p{L}\\d.-])${quantity}${times}`,
  "giu",
);
/** "Use at least twice the word tea". */
const ahead = new RegExp(
  `(?<![\\p{L}\\d.-])${quantity}${times},? (?:use |mention |include |say |repeat )?(?:of )?(?:the )?(?:key ?word|word|phrase|term|name) (?:${quotedItem}|${bareItem})`,
  "giu",
);

/** Without one of these words there is no `times`: a look for them costs less than a search that fails. */
const anyTimes = /time|once|twice/iu;

/** Reads every demand on how often a word or phrase occurs. */
export function readFrequencies(instruction: string): WordFrequency[] {
  if (!anyTimes.test(instruction)) return [];
  return [...allMatches(instruction, frequency), ...allMatches(instruction, ahead)].flatMap((match) => {
    const { groups = {}, 0: whole } = match;
    if (isDenied(instruction, match.index)) return [];
    const { quoted, bare, alone } = groups;
    if (alone !== undefined && !isAboutUse(instruction, match)) return [];
    const word = (quoted ?? bare ?? alone ?? "").trim().replace(/[.,]$/u, "");
    const range = readQuantity(groups, isAtLeastOnce(whole) ? "ignore" : "exact") ?? atLeastOnce(whole);
    return range && word !== "" ? [{ word, range }] : [];
  });
}

/** "Never use the word tea more than twice" demands the opposite of what stands behind "never", and is not read. */
function isDenied(instruction: string, at: number): boolean {
  const before = instruction.slice(Math.max(0, at - 40), at);
  return /\b(?:never|not|cannot|avoid|without|\w+n['’]t)\b(?! (?:forget|fail|hesitate))[^.!?;:,\n]*$/iu.test(before);
}

/** "They sing 'Jingle Bells' twice" is a story; a demand speaks of using, or continues another demand. */
function isAboutUse(instruction: string, { index, 0: whole, groups = {} }: RegExpExecArray): boolean {
  const around = instruction.slice(Math.max(0, index - 80), index) + whole.replace(groups["alone"] ?? "", "");
  return /\b(?:appear|occur|us(?:e|ed|ing)|mention|includ|contain|words?|terms?|phrases?|keywords?)/iu.test(around);
}

/** "Use it once" is met by using it more often; "exactly once" and "only once" are not. */
function isAtLeastOnce(whole: string): boolean {
  return /\b(?<!exactly |only |just |precisely )once$/iu.test(whole) && !/\b(?:at|more|less|most|than)\b/iu.test(whole);
}

function atLeastOnce(whole: string): Range | null {
  return isAtLeastOnce(whole) ? { least: 1, most: Number.POSITIVE_INFINITY, words: "at least 1" } : null;
}

export function frequencyConstraint({ word, range }: WordFrequency): Constraint {
  return {
    id: "keywords:frequency",
    question: `Does "${word}" occur ${range.words} times?`,
    label: "frequency of a word",
    holds: (output) => isWithinEither([countPhrase(output, word), countPhrase(output, word, "inflected")], range),
  };
}

const letter = `letter ["“'‘]?(?<letter>\\p{L})["”'’]?(?![\\p{L}])`;
const letters = new RegExp(`\\b${letter}[^.!?\\n"“]{0,45}?(?<![\\p{L}\\d.-])${quantity}${times}`, "giu");
const noLetter = new RegExp(
  `\\b(?:\\w+n't|not|never|cannot|without|avoid|no)\\b[^.!?\\n"“]{0,30}?\\b(?:the |any )?${letter}(?![^.!?\\n]{0,60}\\btimes?\\b)`,
  "giu",
);
/** Marks that are counted as letters are, by the words for them. */
const marks = (
  [
    ["exclamation (?:marks?|points?)", "!"],
    ["question marks?", "?"],
    ["hash ?tags?", "#"],
    ["semi-?colons?", ";"],
  ] as const
).map(([words, mark]) => ({
  mark,
  named: new RegExp(words, "iu"),
  pattern: new RegExp(`(?<![\\p{L}\\d.-])${quantity} (?:\\w+ )?${words}(?![\\p{L}])`, "iu"),
}));

/** Demands on how often a letter or a mark occurs. */
export const letterConstraints: Extract = (instruction) => [
  ...(/letter/iu.test(instruction) ? countedLetters(instruction) : []),
  ...markConstraints(instruction),
];

function countedLetters(instruction: string): Constraint[] {
  const frequent = allMatches(instruction, letters).flatMap(({ index, groups = {} }) =>
    counted(groups["letter"] ?? "", isDenied(instruction, index) ? null : readQuantity(groups, "exact")),
  );
  // "Don't forget the letter q, at least once" is no ban.
  const absent = frequent.length > 0 ? [] : allMatches(instruction, noLetter);
  return [
    ...frequent,
    ...absent.flatMap(({ groups = {} }) => counted(groups["letter"] ?? "", { least: 0, most: 0, words: "exactly 0" })),
  ];
}

function markConstraints(instruction: string): Constraint[] {
  return marks.flatMap(({ mark, named, pattern }) => {
    const match = named.test(instruction) ? pattern.exec(instruction) : null;
    return counted(mark, match && readQuantity(match.groups ?? {}, "ignore"));
  });
}

function counted(letterOrMark: string, range: Range | null): Constraint[] {
  if (!range) return [];
  const sought = letterOrMark.toLowerCase();
  return [
    {
      id: "keywords:letter_frequency",
      question: `Does "${letterOrMark}" occur ${range.words} times?`,
      label: "frequency of a letter",
      holds: (output) => isWithin(output.toLowerCase().split(sought).length - 1, range),
    },
  ];
}
