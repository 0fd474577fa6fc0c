import { z } from "zod";
import { defineEvaluator } from "../define-evaluator.ts";
import { EvaluatorError } from "../errors.ts";
import { codeOptions } from "./options.ts";

const needs = z.object({ output: z.string(), expected_output: z.string() });

/** The output has the words of the expected one in their order. */
export const rougeL = defineEvaluator({
  name: "rouge_l",
  description:
    "The output shares a long sequence of words, in order and not necessarily in a row, with the expected output.",
  covers:
    "Words without case and punctuation; characters where a script has no spaces. Not examined: meaning, word forms (there is no stemming), and synonyms.",
  needs,
  options: codeOptions(0.5, {
    /** How many times as much recall weighs as precision. */
    beta: z.number().positive().max(100).default(1),
  }),
  revision: 1,
  evaluate({ output, expected_output }, { beta }, { signal }) {
    signal.throwIfAborted();
    const [actual, expected] = [wordsOf(output), wordsOf(expected_output)];
    if (expected.length === 0) return { abstained: "expected_output has no words." };
    const common = longestCommon(expected, actual);
    return {
      score: fMeasure(common, { recall: expected.length, precision: actual.length }, beta),
      reason: `${common} words are common in order, of ${actual.length} in the output and ${expected.length} in expected_output.`,
    };
  },
});

/**
 * ROUGE-L of Lin, "ROUGE: A Package for Automatic Evaluation of Summaries" (2004), section 3.1: with R = common / recall
 * and P = common / precision, F = (1 + beta²) R P / (R + beta² P).
 */
function fMeasure(
  common: number,
  lengths: { readonly recall: number; readonly precision: number },
  beta: number,
): number {
  if (common === 0) return 0;
  return Math.min(1, ((1 + beta ** 2) * common) / (beta ** 2 * lengths.recall + lengths.precision));
}

const spaceless = String.raw`[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]`;
const word = new RegExp(String.raw`${spaceless}\p{M}*|(?:(?!${spaceless})[\p{L}\p{N}\p{M}])+`, "gu");

function wordsOf(text: string): string[] {
  return text.normalize("NFKC").toLowerCase().match(word) ?? [];
}

/** Product of the numbers of words: the time that a comparison takes. */
const mostWork = 400_000_000;

/**
 * Length of the longest common subsequence, a row of the usual table at a time in the bits of one number (Hyyrö, "Bit-parallel
 * LCS-length computation revisited", 2004). Throws `EvaluatorError` when the texts are too long.
 */
export function longestCommon(a: readonly string[], b: readonly string[]): number {
  // A number of fewer bits is quicker than fewer numbers.
  if (a.length > b.length) return longestCommon(b, a);
  if (a.length * b.length > mostWork) {
    throw new EvaluatorError(
      "invalid_input",
      `Texts of ${a.length} and ${b.length} words are too long to compare; up to 20,000 each always work. Shorten them.`,
    );
  }
  const places = new Map<string, bigint>();
  for (const [at, one] of a.entries()) places.set(one, (places.get(one) ?? 0n) | (1n << BigInt(at)));
  const all = (1n << BigInt(a.length)) - 1n;
  let row = all;
  for (const one of b) {
    const matches = row & (places.get(one) ?? 0n);
    row = ((row + matches) | (row - matches)) & all;
  }
  return a.length - row.toString(2).replaceAll("0", "").length;
}
