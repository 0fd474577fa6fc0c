import { z } from "zod";
import { defineEvaluator } from "../define-evaluator.ts";
import { EvaluatorError } from "../errors.ts";
import { codeOptions } from "../small/options.ts";
import {
  answerFields,
  checkNumberOf,
  expectedField,
  readCall,
  type ReadCall,
  readExpected,
  reportMissing,
  type Tool,
  toolsField,
} from "./calls.ts";
import { findingOf } from "./comparison.ts";
import { requiredBy } from "./parameters.ts";
import { pair } from "./pairing.ts";
import { areAcceptable, isPossible } from "./possible-value.ts";
import { isSameValue } from "./same-value.ts";

const needs = z
  .object({ ...answerFields, ...expectedField, ...toolsField })
  .superRefine(({ expected_tool_calls, output, tool_calls }, context) =>
    reportMissing(context, { expected_tool_calls, "output or tool_calls": output ?? tool_calls }),
  );

/** The answer makes the expected calls, no fewer and no more. */
export const toolCallMatch = defineEvaluator({
  name: "tool_call_match",
  description: "The answer makes exactly the expected tool calls, with the expected arguments.",
  covers:
    "Names, number and arguments of the calls of one answer, against expected_tool_calls. Not examined: what the tools allow, calls of earlier turns, and whether other calls would have done as well.",
  needs,
  options: codeOptions(1, {
    /** `possible`: each expected argument lists its acceptable values, as in the Berkeley Function Calling Leaderboard. */
    mode: z.enum(["exact", "possible"]).default("exact"),
    /** Whether the calls must come in the expected order. */
    order: z.enum(["any", "same"]).default("any"),
  }),
  revision: 1,
  evaluate({ expected_tool_calls = [], tool_calls = [], tools = [] }, { mode, order }, { signal }) {
    signal.throwIfAborted();
    checkNumberOf(tool_calls);
    checkNumberOf(expected_tool_calls);
    const expected = readExpected(expected_tool_calls);
    const fits = mode === "exact" ? isSameCall : fitsOneOf(expected, tools);
    const made = tool_calls.map(readCall);
    const pairs =
      order === "any"
        ? pair(expected, made, fits)
        : expected.map((one, index) => (made[index] && fits(one, made[index]) ? index : undefined));
    return findingOf({ expected, made, pairs }, { missing: false, extra: false });
  },
});

type Fits = (expected: ReadCall, made: ReadCall) => boolean;

const isSameCall: Fits = (expected, made) =>
  expected.call.name === made.call.name && made.values !== undefined && isSameValue(expected.values, made.values);

/**
 * Compares with the acceptable values of the expected calls. What a tool of the sample requires may not be left out, even if
 * an expected call says so, as in the leaderboard. Throws `EvaluatorError` when an expected call lists no acceptable values.
 */
function fitsOneOf(expected: readonly ReadCall[], tools: readonly Tool[]): Fits {
  for (const [index, { values }] of expected.entries()) {
    if (isPossible(values)) continue;
    throw new EvaluatorError(
      "invalid_input",
      `In the mode "possible", every argument of expected_tool_calls is a list of acceptable values, as in {"city": ["Paris", "Paris, France"]}; number ${index + 1} has one that is not. Correct it, or use the mode "exact".`,
    );
  }
  const required = new Map(tools.map(({ name, parameters }) => [name, requiredBy(parameters)]));
  return ({ call: { name }, values }, { call, values: given }) =>
    name === call.name &&
    given !== undefined &&
    isPossible(values) &&
    (required.get(name) ?? []).every((argument) => Object.hasOwn(given, argument)) &&
    areAcceptable(given, values);
}
