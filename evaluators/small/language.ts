import { z } from "zod";
import { defineEvaluator, type Finding } from "../define-evaluator.ts";
import { guessLanguage, type LanguageGuess } from "../task-adherence/detect-language.ts";
import { areNear, languageCodes, leastWeight } from "../task-adherence/languages.ts";
import { codeOptions } from "./options.ts";

/** Whether the answer is in the language that is demanded, or in that of the question. */
export const language = defineEvaluator({
  name: "language",
  description: "The output is in the language of the options, or else in the language of the input.",
  covers:
    "The language that most of the first 4,000 characters are written in, code and addresses left out. Not examined: short texts, code, single passages in another language, and languages too near to each other to tell apart.",
  needs: z.object({ output: z.string(), input: z.string().optional() }),
  options: codeOptions(1, {
    language: z
      .enum(languageCodes, { error: `must be an ISO 639-1 code that can be recognised: ${languageCodes.join(", ")}` })
      .optional(),
  }),
  revision: { detector: "tinyld 1.3.4", words: 1 },
  evaluate({ output, input }, { language: demanded }): Finding {
    const expected = demanded ?? surely(input ?? "")?.code;
    if (expected === undefined) {
      return {
        abstained:
          "There is no language to compare with: set the option language, or give an input that is long enough to tell.",
      };
    }
    if (output.trim() === "") return { score: 0, reason: "The output is empty." };
    const found = surely(output);
    if (found === null)
      return { abstained: "The output is too short, too mixed or too much of it code to tell its language." };
    if (found.code === expected) return { score: 1, reason: `The output is in the language "${expected}".` };
    if (areNear(found.code, expected)) {
      return { abstained: `The output is in "${expected}" or a language too near to it to tell.` };
    }
    return { score: 0, reason: `The output is in the language "${found.code}", not "${expected}".` };
  },
});

/** Letters below which nothing is said; a character of Chinese or Japanese says as much as three. */
const fewestLetters = 20;
const dense = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;
/** What is written the same in every language. */
const languageless = /```[^]*?(?:```|$)|`[^`\n]{1,200}`|\bhttps?:\/\/\S+|\S+@\S+/gu;
const longest = 6000;

function surely(text: string): LanguageGuess | null {
  const read = text.slice(0, longest).replace(languageless, " ");
  const letters = read.match(/\p{L}/gu)?.length ?? 0;
  const weighty = letters + 2 * (read.match(dense)?.length ?? 0);
  const marks = read.match(/[{}()[\];=<>|\\/_]/gu)?.length ?? 0;
  if (weighty < fewestLetters || marks * 8 > letters) return null;
  const guess = guessLanguage(read);
  return guess && guess.weight >= leastWeight ? guess : null;
}
