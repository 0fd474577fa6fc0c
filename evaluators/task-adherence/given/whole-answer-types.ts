import { z } from "zod";
import { detectLanguage, guessLanguage } from "../detect-language.ts";
import { strip } from "../strip.ts";
import { instructionType } from "./instruction-type.ts";
import { text } from "./kwargs.ts";
import { isLowerCase, isUpperCase } from "./upper-case-words.ts";

/** `startend:*`, `change_case:*` of the whole answer, `combination:repeat_prompt` and `language:*`. */
export const wholeAnswerTypes = [
  instructionType(
    "combination:repeat_prompt",
    z.strictObject({ prompt_to_repeat: text }),
    ({ prompt_to_repeat: request }) => ({
      question: "Does the answer begin by repeating the request word for word?",
      label: "the request repeated",
      holds: (output) => output.trim().toLowerCase().startsWith(request.trim().toLowerCase()),
    }),
  ),
  instructionType("startend:end_checker", z.strictObject({ end_phrase: text }), ({ end_phrase: phrase }) => ({
    question: `Does the answer end with "${phrase}"?`,
    label: "the words at the end",
    holds: (output) =>
      strip(output.trim(), { before: '"', behind: '"' }).toLowerCase().endsWith(phrase.trim().toLowerCase()),
  })),
  instructionType("startend:quotation", z.strictObject({}), () => ({
    question: "Is the whole answer wrapped in double quotation marks?",
    label: "quotation marks around the answer",
    holds: (output) => output.trim().length > 1 && output.trim().startsWith('"') && output.trim().endsWith('"'),
  })),
  instructionType("change_case:english_capital", z.strictObject({}), () => ({
    question: "Is the whole answer in English and in capital letters?",
    label: "capital letters only",
    holds: (output) => isUpperCase(output) && mayBeEnglish(output),
  })),
  instructionType("change_case:english_lowercase", z.strictObject({}), () => ({
    question: "Is the whole answer in English and in lower case?",
    label: "lower case only",
    holds: (output) => isLowerCase(output) && mayBeEnglish(output),
  })),
  instructionType("language:response_language", z.strictObject({ language: text }), ({ language }) => ({
    question: `Is the answer in the language "${language}"?`,
    label: "language",
    holds: (output) => isIn(language, output),
  })),
];

/** Where the language cannot be told, the demand counts as met, as in the reference. */
function isIn(code: string, output: string): boolean {
  const found = detectLanguage(output);
  return found === null || found === code;
}

/** Letters of one case look strange to a detector: only a language that is much likelier than English speaks against it. */
function mayBeEnglish(output: string): boolean {
  const guess = guessLanguage(output);
  return guess === null || guess.code === "en" || guess.weight < 0.1 || guess.weight < 2 * guess.english;
}
