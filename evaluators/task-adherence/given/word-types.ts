import { z } from "zod";
import { escapePattern } from "../counts.ts";
import { instructionType } from "./instruction-type.ts";
import { compare, count, relation, text, texts } from "./kwargs.ts";
import { countUpperCaseWords } from "./upper-case-words.ts";

/** `keywords:*`, `punctuation:*` and words in capitals. Words are taken as they are written, never as patterns. */
export const wordTypes = [
  instructionType("keywords:existence", z.strictObject({ keywords: texts }), ({ keywords }) => ({
    question: `Does the answer contain ${listed(keywords)}?`,
    label: "a required word",
    holds: (output) => keywords.every((word) => anywhere(word).test(output)),
  })),
  instructionType(
    "keywords:frequency",
    z.strictObject({ relation, keyword: text, frequency: count }),
    ({ relation: how, keyword, frequency }) => ({
      question: `Does "${keyword}" occur ${how} ${frequency} times?`,
      label: "frequency of a word",
      holds: (output) => compare(output.match(anywhere(keyword))?.length ?? 0, how, frequency),
    }),
  ),
  instructionType("keywords:forbidden_words", z.strictObject({ forbidden_words: texts }), ({ forbidden_words }) => ({
    question: `Does the answer do without ${listed(forbidden_words)}?`,
    label: "a forbidden word",
    holds: (output) => !forbidden_words.some((word) => asWord(word).test(output)),
    marks: { kind: "forbidden_word", phrases: forbidden_words },
  })),
  instructionType(
    "keywords:letter_frequency",
    z.strictObject({ let_relation: relation, letter: text, let_frequency: count }),
    ({ let_relation: how, letter, let_frequency }) => ({
      question: `Does "${letter}" occur ${how} ${let_frequency} times?`,
      label: "frequency of a letter",
      holds: (output) => compare(output.toLowerCase().split(letter.toLowerCase()).length - 1, how, let_frequency),
    }),
  ),
  instructionType(
    "change_case:capital_word_frequency",
    z.strictObject({ capital_relation: relation, capital_frequency: count }),
    ({ capital_relation: how, capital_frequency }) => ({
      question: `Are ${how} ${capital_frequency} words in capital letters?`,
      label: "number of words in capital letters",
      holds: (output) => compare(countUpperCaseWords(output), how, capital_frequency),
    }),
  ),
  instructionType("punctuation:no_comma", z.strictObject({}), () => ({
    question: "Is the answer free of commas?",
    label: "no commas",
    holds: (output) => !output.includes(","),
    marks: { kind: "forbidden_mark", mark: /,/u },
  })),
];

function listed(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(", ");
}

/** Also inside a longer word. */
function anywhere(word: string): RegExp {
  return new RegExp(escapePattern(word), "giu");
}

function asWord(word: string): RegExp {
  const edge = "(?:(?<=[\\p{L}\\p{N}_])(?![\\p{L}\\p{N}_])|(?<![\\p{L}\\p{N}_])(?=[\\p{L}\\p{N}_]))";
  return new RegExp(`${edge}${escapePattern(word)}${edge}`, "iu");
}
