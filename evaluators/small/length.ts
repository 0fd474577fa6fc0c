import { z } from "zod";
import { defineEvaluator, type Finding } from "../define-evaluator.ts";
import { countCharacters, countSentences, countWords } from "../task-adherence/counts.ts";
import { codeOptions } from "./options.ts";

const units = ["words", "characters", "sentences", "tokens"] as const;

const bound = z.number().int().min(0).optional();
const options = codeOptions(1, {
  unit: z.enum(units).default("words"),
  /** The least that passes. */
  min: bound,
  /** The most that passes. */
  max: bound,
}).refine(({ min = 0, max = Number.POSITIVE_INFINITY }) => min <= max, {
  path: ["min"],
  error: "must not be greater than max, or nothing could pass",
});

type Options = z.output<typeof options>;

/** Whether the answer is neither too short nor too long. */
export const length = defineEvaluator({
  name: "length",
  description: "The output is as long as the bounds in the options allow.",
  covers:
    "The number of words, characters, sentences or tokens of the whole output. Not examined: whether all of it says something, and the length of reasoning and tool calls.",
  needs: z.object({ output: z.string() }),
  options,
  revision: { words: 1, sentences: 1, tokens: "o200k_base" },
  async evaluate({ output }, { unit, min, max }): Promise<Finding> {
    if (min === undefined && max === undefined) {
      return { abstained: "There is no bound to keep to. Set min, max or both in the options." };
    }
    if (output.trim() === "") return { score: 0, reason: "The output is empty." };
    const found = await countOf(output, unit);
    const fits = found >= (min ?? 0) && found <= (max ?? Number.POSITIVE_INFINITY);
    return { score: fits ? 1 : 0, reason: `The output has ${found} ${unit}; ${demandOf({ min, max })}.` };
  },
});

async function countOf(output: string, unit: Options["unit"]): Promise<number> {
  if (unit === "words") return countWords(output);
  if (unit === "characters") return countCharacters(output);
  if (unit === "sentences") return countSentences(output);
  return countTokens(output);
}

/** A longer run without white space, or of nothing else, is counted in parts: the tokenizer takes quadratic time on it. */
const longestRun = 500;
const longRun = new RegExp(`\\S{${longestRun + 1}}|\\s{${longestRun + 1}}`, "u");
const parts = new RegExp(`\\S{1,${longestRun}}|\\s{1,${longestRun}}`, "gu");

async function countTokens(text: string): Promise<number> {
  // Loaded when it is needed: the table of tokens takes a while to read.
  const tokenizer = await import("gpt-tokenizer/encoding/o200k_base");
  const pieces = longRun.test(text) ? (text.match(parts) ?? []) : [text];
  return pieces.reduce((sum, piece) => sum + tokenizer.countTokens(piece, { allowedSpecial: "all" }), 0);
}

function demandOf({ min, max }: Pick<Options, "min" | "max">): string {
  if (min !== undefined && max !== undefined) return `${min} to ${max} are allowed`;
  return min === undefined ? `at most ${max} are allowed` : `at least ${min} are demanded`;
}
