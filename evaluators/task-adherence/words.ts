import type { Constraint, Extract } from "./constraint.ts";
import { countPhrase } from "./counts.ts";
import { amount, atLeast, isWithin, type Range, relation, toRange } from "./quantity.ts";
import { readItems } from "./word-lists.ts";

const thing = "(?:key ?words?|words?|phrases?|terms?|expressions?|names?|sentences?|strings?)";
const forbidding = new RegExp(
  `\\b(?:(?:\\w+n't|never|cannot|not allowed to|avoid|without|refrain from|not(?: to)?) (?:ever )?(?:us(?:e|ing)|includ(?:e|ing)|mention(?:ing)?|say(?:ing)?|contain(?:ing)?|writ(?:e|ing)|employ(?:ing)?|hav(?:e|ing))|avoid|exclud(?:e|ing)|omit|without)(?: the use of)?(?: any of| either of)?(?: the| any)?(?: following| forbidden)? ${thing}\\b`,
  "giu",
);
const forbiddenBehind = new RegExp(
  `\\b(?:the )?${thing} (?<item>["“'‘][^"”’\\n]{1,60}["”'’](?:(?:,| and| or)+ ?["“'‘][^"”’\\n]{1,60}["”'’])*) (?:should not|must not|cannot|may not|shouldn't|mustn't|can not) (?:appear|be (?:used|included|mentioned|present|in))`,
  "giu",
);
const forbiddenQuoted =
  /\b(?:\w+n't|never|cannot|avoid|without|not(?: to)?) (?:us(?:e|ing)|mention(?:ing)?|say(?:ing)?|includ(?:e|ing)|contain(?:ing)?|writ(?:e|ing)) (?=["“]|'[^']{1,40}'(?!\p{L}))/giu;
const requiring = new RegExp(
  `(?<!not |n't |never |without |avoid |from )\\b(?:includ(?:e|es|ing)|mention(?:s|ing)?|us(?:e|es|ing)|contain(?:s|ing)?|incorporat(?:e|es|ing)|add(?:ing)?|ha(?:s|ve))(?: all(?: of)?)?(?: the| these)?(?: exact| specific)?(?: following)? ${thing}\\b(?! (?:of|that|count|limit|length|in|for))`,
  "giu",
);
const requiringQuoted =
  /(?<!not |not to |n't |never |without |avoid |from )\b(?:includ(?:e|ing)|mention(?:ing)?|contain(?:s|ing)?|incorporat(?:e|ing)) (?=["“])/giu;
const frequency = new RegExp(
  `(?:\\b(?:the )?(?:(?:key ?)?word|phrase|term|name) )?(?:(?<!letter )["“'‘](?<quoted>[^"”’\\n]{1,60})["”'’]|(?<=\\b(?:(?:key ?)?word|phrase|term) )(?<bare>[\\p{L}\\p{N}-]{2,40})(?![\\p{L}\\p{N}])) ?(?:(?:should|must|needs? to|has to|to|in (?:your|the) (?:response|answer|\\w+))[^.!?\\n]{0,30}?)?(?<before>${relation})? ?(?<number>${amount}|once|twice) ?(?:times?\\b)?(?<behind> or more| or less| at least)?`,
  "giu",
);
const letters = new RegExp(
  `\\bletter ["“'‘]?(?<letter>[\\p{L}#!])["”'’]?(?![\\p{L}])[^.!?\\n]{0,40}?(?<before>${relation}) (?<number>${amount}|once|twice)(?: times?)?\\b`,
  "giu",
);

/** Demands on words: required, forbidden, how often; and how often a letter. */
export const wordConstraints: Extract = (instruction) => {
  const counted = frequencies(instruction);
  const forbidden = [
    ...itemsBehind(instruction, forbidding),
    ...itemsBehind(instruction, forbiddenQuoted),
    ...namedItems(instruction),
  ];
  const taken = new Set([...counted.map(({ word }) => word), ...forbidden].map((word) => word.toLowerCase()));
  const required = [...itemsBehind(instruction, requiring), ...itemsBehind(instruction, requiringQuoted)].filter(
    (word) => !taken.has(word.toLowerCase()),
  );
  return [
    ...unique(forbidden).map((word, index) => forbid(word, index)),
    ...unique(required).map((word, index) => demand(word, index, atLeast(1))),
    ...counted.map(({ word, range }, index) => demand(word, index, range)),
    ...letterDemands(instruction),
  ];
};

function itemsBehind(instruction: string, pattern: RegExp): string[] {
  return [...instruction.matchAll(pattern)].flatMap((match) =>
    readItems(instruction.slice(match.index + match[0].length)),
  );
}

function namedItems(instruction: string): string[] {
  return [...instruction.matchAll(forbiddenBehind)].flatMap((match) => readItems(match.groups?.["item"] ?? ""));
}

function frequencies(instruction: string): { word: string; range: Range }[] {
  return [...instruction.matchAll(frequency)].flatMap(({ groups = {}, 0: whole }) => {
    const { quoted, bare, before, number = "", behind } = groups;
    if (!/times?\b|once|twice/iu.test(whole)) return [];
    const range = toRange(before, times(number), behind, "exact");
    return range ? [{ word: (quoted ?? bare ?? "").trim(), range }] : [];
  });
}

function times(word: string): string {
  if (word.toLowerCase() === "once") return "one";
  return word.toLowerCase() === "twice" ? "two" : word;
}

function letterDemands(instruction: string): Constraint[] {
  return [...instruction.matchAll(letters)].flatMap(({ groups = {} }, index) => {
    const { letter = "", before, number = "" } = groups;
    const range = toRange(before, times(number), undefined, "ignore");
    if (!range) return [];
    const holds = (output: string) => isWithin(output.toLowerCase().split(letter.toLowerCase()).length - 1, range);
    return [
      {
        id: `letter_frequency_${index + 1}`,
        question: `Does the letter "${letter}" occur ${range.words} times?`,
        label: "frequency of a letter",
        holds,
      },
    ];
  });
}

function forbid(word: string, index: number): Constraint {
  return {
    id: `forbidden_word_${index + 1}`,
    question: `Does the answer do without "${word}"?`,
    label: "a forbidden word",
    holds: (output) => countPhrase(output, word) === 0,
  };
}

function demand(word: string, index: number, range: Range): Constraint {
  const once = range.least === 1 && range.most === Number.POSITIVE_INFINITY;
  return {
    id: `${once ? "required_word" : "word_frequency"}_${index + 1}`,
    question: once ? `Does the answer contain "${word}"?` : `Does "${word}" occur ${range.words} times?`,
    label: once ? "a required word" : "frequency of a word",
    holds: (output) => isWithin(countPhrase(output, word), range),
  };
}

function unique(words: readonly string[]): string[] {
  const byKey = new Map(words.map((word) => [word.toLowerCase(), word]));
  return [...byKey.values()];
}
