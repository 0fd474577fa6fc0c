import { z } from "zod";
import { defineEvaluator } from "../define-evaluator.ts";
import { codeOptions } from "./options.ts";

const needs = z.object({ output: z.string(), expected_output: z.string() });

const options = codeOptions(1, {
  ignore_case: z.boolean().default(false),
  /** Ignores white space at both ends. */
  trim: z.boolean().default(false),
  /** Takes every run of white space for one space. */
  collapse_space: z.boolean().default(false),
  /** Compares in this Unicode normal form. */
  normal_form: z.enum(["none", "NFC", "NFKC"]).default("none"),
});

type Options = z.output<typeof options>;

/** The output is the expected one. */
export const equals = defineEvaluator({
  name: "equals",
  description: "The output is the expected output, character for character after what the options ignore.",
  covers:
    "Every character of output and expected_output. Not examined: whether an answer in other words means the same.",
  needs,
  options,
  revision: 1,
  evaluate({ output, expected_output }, given, { signal }) {
    signal.throwIfAborted();
    const [actual, expected] = [normalised(output, given), normalised(expected_output, given)];
    if (expected === "" && actual === "") return { abstained: "output and expected_output are both empty." };
    if (actual === expected) return { score: 1, reason: "The output equals expected_output." };
    const at = firstDifference(actual, expected) + 1;
    return { score: 0, reason: `The output differs from expected_output, first at character ${at}.` };
  },
});

function normalised(text: string, { ignore_case, trim, collapse_space, normal_form }: Options): string {
  let result = normal_form === "none" ? text : text.normalize(normal_form);
  if (ignore_case) result = result.toUpperCase().toLowerCase();
  if (collapse_space) result = result.replaceAll(/\s+/gu, " ");
  return trim ? result.trim() : result;
}

function firstDifference(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}
