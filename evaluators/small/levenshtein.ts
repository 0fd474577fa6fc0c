import { distance } from "fastest-levenshtein";
import { z } from "zod";
import { defineEvaluator } from "../define-evaluator.ts";
import { EvaluatorError } from "../errors.ts";
import { codeOptions } from "./options.ts";

const needs = z.object({ output: z.string(), expected_output: z.string() });

/** The output is nearly the expected one. */
export const levenshtein = defineEvaluator({
  name: "levenshtein",
  description: "The output is the expected output but for a few characters.",
  covers:
    "The least number of characters to insert, delete or replace, as a share of the longer text. Not examined: meaning; one changed digit or a lost not costs as little as a typing error.",
  needs,
  options: codeOptions(0.8, { ignore_case: z.boolean().default(false) }),
  revision: 1,
  evaluate({ output, expected_output }, { ignore_case }, { signal }) {
    signal.throwIfAborted();
    const fold = (text: string) => [...(ignore_case ? text.toUpperCase().toLowerCase() : text)];
    const [actual, expected] = [fold(output), fold(expected_output)];
    if (actual.length === 0 && expected.length === 0)
      return { abstained: "output and expected_output are both empty." };
    const changes = changesBetween(actual, expected);
    const longer = Math.max(actual.length, expected.length);
    return {
      score: 1 - changes / longer,
      reason: `${changes} of ${longer} characters must be changed to get expected_output.`,
    };
  },
});

/** What is left of the two texts without a common beginning and end, multiplied: the time that a comparison takes. */
const mostWork = 400_000_000;

/** The distance of Levenshtein (1966) between two texts, in code points. Throws `EvaluatorError` when they are too long. */
export function changesBetween(a: readonly string[], b: readonly string[]): number {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < shorter - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const middles = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const [first = [], second = []] = middles;
  if (first.length * second.length > mostWork) {
    throw new EvaluatorError(
      "invalid_input",
      `Texts of ${a.length} and ${b.length} characters are too long to compare; up to 20,000 each always work. Shorten them, or use rouge_l.`,
    );
  }
  const units = new Map<string, string>();
  return distance(inOneUnitEach(first, units), inOneUnitEach(second, units));
}

/** One code unit for each different character, since the library counts code units. There are far fewer than 65,536. */
function inOneUnitEach(characters: readonly string[], units: Map<string, string>): string {
  return characters
    .map((character) => {
      const unit = units.get(character) ?? String.fromCharCode(units.size);
      units.set(character, unit);
      return unit;
    })
    .join("");
}
