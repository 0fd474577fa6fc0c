import { allMatches } from "../text/all-matches.ts";
import type { Constraint, Extract } from "./constraint.ts";
import { countPhrase } from "./counts.ts";
import { frequencyConstraint, letterConstraints, readFrequencies } from "./frequencies.ts";
import { readItems } from "./word-lists.ts";

const thing =
  '(?:key ?words?|words?|phrases?|terms?|expressions?|names?|sentences?|strings?|items(?=:)|lines?(?= ["“]))';
const quotedWord = '["“\'‘][^"”’\\n]{1,60}["”\'’]';
const ban =
  "(?:should not|must not|cannot|may not|shouldn't|mustn't|can't|can not|doesn't|does not|do not|don't|never|are not allowed to|is not allowed to)";
const forbidding = new RegExp(
  `\\b(?:(?:\\w+n't|never|cannot|not allowed to|avoid|without|refrain from|not(?: to)?) (?:ever )?(?:us(?:e|ing)|includ(?:e|ing)|mention(?:ing)?|say(?:ing)?|contain(?:ing)?|writ(?:e|ing)|employ(?:ing)?|hav(?:e|ing))|avoid|exclud(?:e|ing)|omit|without)(?: the use of)?(?: any of| either of)?(?: the| any| these)?(?: following| forbidden)? ${thing}\\b`,
  "giu",
);
const forbiddenBehind = new RegExp(
  `\\b(?:the )?${thing} (?<item>${quotedWord}(?:(?:,| and| or)+ ?${quotedWord})*|[\\p{L}-]{2,30}(?:, [\\p{L}-]{2,30})*(?:,? (?:and|or) [\\p{L}-]{2,30})?) ${ban} (?:appear|be (?:used|included|mentioned|present|in|allowed)|occur|show up)`,
  "giu",
);
const requiredBehind = new RegExp(
  `\\b(?:the |these )?${thing}:? (?<item>${quotedWord}(?:(?:,| and| or)+ ?${quotedWord})*|[\\p{L}-]{2,30}(?:, [\\p{L}-]{2,30})*(?:,? and [\\p{L}-]{2,30})?) (?:should|must|has to|have to|needs? to|shall|both|all|each)(?! not)(?: both| all| each)? (?:appear|be (?:used|included|mentioned|present)|occur|show up)`,
  "giu",
);
/** "Negative words such as 'sad', 'bad'": what kind of words they are may be said when they are quoted. */
const forbiddenKind =
  /\b(?:\w+n't|never|cannot|avoid|without|not(?: to)?) (?:us(?:e|ing)|mention(?:ing)?|say(?:ing)?|includ(?:e|ing)|contain(?:ing)?|writ(?:e|ing)) (?:any |the )?(?:[\p{L}-]+ ){1,2}(?:words?|phrases?|terms?)(?: such as| like|:) ?(?=["“]|'[^']{1,40}'(?!\p{L}))/giu;
const forbiddenQuoted =
  /\b(?:\w+n't|never|cannot|avoid|without|not(?: to)?) (?:ever |\p{L}+ly )?(?:us(?:e|ing)|mention(?:ing)?|say(?:ing)?|includ(?:e|ing)|contain(?:ing)?|writ(?:e|ing)) (?=["“]|'[^']{1,40}'(?!\p{L}))/giu;
/** "Not", also a word or two before the verb. */
const unlessDenied =
  "(?=[iucamhw])(?<!(?:\\bnot|n't|\\bnever|\\bwithout|\\bavoid|\\bfrom|\\bcannot)(?: to| ever| \\p{L}+ly){0,2} )";
const requiring = new RegExp(
  `${unlessDenied}\\b(?:includ(?:e|es|ing)|mention(?:s|ing)?|us(?:e|es|ing)|contain(?:s|ing)?|incorporat(?:e|es|ing)|add(?:ing)?|ha(?:s|ve)|with(?= (?:these|the|the following|following) key ?words))(?: all(?: of)?)?(?: the| these)?(?: exact| specific)?(?: following)? ${thing}\\b(?! (?:of|that|count|limit|length|in|for))`,
  "giu",
);
const requiringQuoted = new RegExp(
  `${unlessDenied}\\b(?:includ(?:e|ing)|mention(?:ing)?|contain(?:s|ing)?|incorporat(?:e|ing)) (?=["“])`,
  "giu",
);
/** Without one of these nothing is quoted. */
const quotes = /["“']/u;
/** Demands on words: required, forbidden, how often; and how often a letter. */
export const wordConstraints: Extract = (instruction) => {
  const counted = readFrequencies(instruction);
  const forbidden = unique([
    ...itemsBehind(instruction, forbidding),
    ...(quotes.test(instruction) ? itemsBehind(instruction, forbiddenQuoted) : []),
    ...(quotes.test(instruction) ? itemsBehind(instruction, forbiddenKind) : []),
    ...namedItems(instruction, forbiddenBehind),
  ]);
  const taken = new Set([...counted.map(({ word }) => word), ...forbidden].map((word) => word.toLowerCase()));
  const required = unique([
    ...itemsBehind(instruction, requiring),
    ...(quotes.test(instruction) ? itemsBehind(instruction, requiringQuoted) : []),
    ...namedItems(instruction, requiredBehind),
  ]).filter((word) => !taken.has(word.toLowerCase()));
  return [
    ...(forbidden.length > 0 ? [forbid(forbidden)] : []),
    ...(required.length > 0 ? [demand(required)] : []),
    ...counted.map(frequencyConstraint),
    ...letterConstraints(instruction),
  ];
};

function itemsBehind(instruction: string, pattern: RegExp): string[] {
  return allMatches(instruction, pattern).flatMap((match) => {
    const rest = instruction.slice(match.index + match[0].length);
    const items = readItems(rest);
    // "The word processor and its menus": one word is announced, and no list of phrases follows without quotation marks.
    const isPhrase =
      /\b(?:word|term)$/iu.test(match[0]) && !/^\s*[:["'“‘(]/u.test(rest) && (items[0] ?? "").includes(" ");
    // "Never use the word tea more than twice" bans nothing.
    const isCounted = /^[^.!?;\n]{0,60}\b(?:times|twice|once)\b/iu.test(rest);
    return isPhrase || isCounted ? [] : items;
  });
}

function namedItems(instruction: string, pattern: RegExp): string[] {
  return allMatches(instruction, pattern).flatMap((match) => readItems(match.groups?.["item"] ?? ""));
}

function forbid(words: readonly string[]): Constraint {
  return {
    id: "keywords:forbidden_words",
    question: `Does the answer do without ${listed(words)}?`,
    label: "a forbidden word",
    holds: (output) => words.every((word) => countPhrase(output, word) === 0),
    marks: { kind: "forbidden_word", phrases: words },
  };
}

function demand(words: readonly string[]): Constraint {
  return {
    id: "keywords:existence",
    question: `Does the answer contain ${listed(words)}?`,
    label: "a required word",
    holds: (output) => words.every((word) => countPhrase(output, word, "inflected") > 0),
  };
}

function listed(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(", ");
}

function unique(words: readonly string[]): string[] {
  const byKey = new Map(words.map((word) => [word.toLowerCase(), word]));
  return [...byKey.values()];
}
