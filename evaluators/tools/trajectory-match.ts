import { z } from "zod";
import { defineEvaluator, type Finding } from "../define-evaluator.ts";
import { codeOptions } from "../small/options.ts";
import {
  answerFields,
  type Call,
  checkNumberOf,
  expectedField,
  readCall,
  type ReadCall,
  readExpected,
  reportMissing,
} from "./calls.ts";
import { type Allowed, findingOf } from "./comparison.ts";
import { pair } from "./pairing.ts";
import { isSameValue } from "./same-value.ts";

const message = z.object({
  role: z.string(),
  tool_calls: answerFields.tool_calls,
});

const needs = z
  .object({ ...answerFields, ...expectedField, messages: z.array(message).optional() })
  .superRefine(({ expected_tool_calls, output, tool_calls, messages }, context) =>
    reportMissing(context, {
      expected_tool_calls,
      "output, tool_calls or messages": output ?? tool_calls ?? messages,
    }),
  );

type Examined = z.output<typeof needs>;

/** The tool calls of a whole conversation follow the expected way. */
export const trajectoryMatch = defineEvaluator({
  name: "trajectory_match",
  description: "The tool calls of a conversation are the expected ones, as the mode demands.",
  covers:
    "Names and arguments of the assistant's calls in messages and tool_calls, in their order, against expected_tool_calls. Not examined: results of the tools, what was said between the calls, and ways that lead to the same end.",
  needs,
  options: codeOptions(1, {
    /** `strict`: the same calls in the same order; `unordered`: in any order; `subset`: none but expected ones; `superset`: all expected ones. */
    mode: z.enum(["strict", "unordered", "subset", "superset"]).default("strict"),
    /** `exact`: the same arguments; `subset`: at least those that are expected; `ignore`: names only. */
    arguments: z.enum(["exact", "subset", "ignore"]).default("exact"),
  }),
  revision: 1,
  evaluate(sample, options, { signal }) {
    signal.throwIfAborted();
    const calls = callsOf(sample);
    checkNumberOf(calls);
    const given = sample.expected_tool_calls ?? [];
    checkNumberOf(given);
    const expected = options.arguments === "ignore" ? given.map(readCall) : readExpected(given);
    return unjudged(options.mode, expected, calls) ?? compare(expected, calls.map(readCall), options);
  },
});

const allowed = {
  strict: { missing: false, extra: false },
  unordered: { missing: false, extra: false },
  subset: { missing: true, extra: false },
  superset: { missing: false, extra: true },
} as const satisfies Readonly<Record<string, Allowed>>;

interface Options {
  readonly mode: keyof typeof allowed;
  readonly arguments: "exact" | "subset" | "ignore";
}

function unjudged(mode: Options["mode"], expected: readonly unknown[], made: readonly unknown[]): Finding | undefined {
  if (mode === "subset" && made.length === 0) {
    return { abstained: "No tool call was made, so there is none that could be outside of the expected ones." };
  }
  if (mode === "superset" && expected.length === 0) {
    return { abstained: "expected_tool_calls is empty, so there is no call that could be missing." };
  }
  return undefined;
}

function compare(expected: readonly ReadCall[], made: readonly ReadCall[], options: Options): Finding {
  const fits = (one: ReadCall, other: ReadCall) => isMatch(one, other, options.arguments);
  const pairs =
    options.mode === "strict"
      ? expected.map((one, index) => (made[index] && fits(one, made[index]) ? index : undefined))
      : pair(expected, made, fits);
  return findingOf({ expected, made, pairs }, allowed[options.mode]);
}

function isMatch(expected: ReadCall, made: ReadCall, how: Options["arguments"]): boolean {
  if (expected.call.name !== made.call.name) return false;
  if (how === "ignore") return true;
  const { values } = made;
  if (values === undefined) return false;
  if (how === "exact") return isSameValue(expected.values, values);
  return Object.entries(expected.values ?? {}).every(
    ([name, value]) => Object.hasOwn(values, name) && isSameValue(value, values[name]),
  );
}

/**
 * The assistant's calls in the order in which they were made: those of the messages, then those of the answer itself
 * unless the messages already end with them.
 */
function callsOf({ messages = [], tool_calls = [] }: Examined): readonly Call[] {
  const before = messages.flatMap((one) => (one.role === "assistant" ? (one.tool_calls ?? []) : []));
  return endsWith(before, tool_calls) ? before : [...before, ...tool_calls];
}

function endsWith(calls: readonly Call[], last: readonly Call[]): boolean {
  const from = calls.length - last.length;
  return (
    from >= 0 &&
    last.every(({ name, arguments: text }, at) => {
      const call = calls[from + at];
      return call?.name === name && call.arguments === text;
    })
  );
}
