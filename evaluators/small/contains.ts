import { z } from "zod";
import { defineEvaluator, type EvaluatorStream, type Finding } from "../define-evaluator.ts";
import type { Claim } from "../evaluation.ts";
import { codeOptions } from "./options.ts";
import { createSearch, type Occurrence } from "./search.ts";

const needs = z.object({ output: z.string(), expected_output: z.string().optional() });

const options = codeOptions(1, {
  /** What is looked for; the sample's expected_output when absent. */
  values: z.array(z.string().min(1)).min(1).optional(),
  /** `all` of the values must be there, `any` of them, or `none` may be. */
  mode: z.enum(["all", "any", "none"]).default("all"),
  ignore_case: z.boolean().default(false),
});

type Options = z.output<typeof options>;

/** The output contains given texts, or none of them. */
export const contains = defineEvaluator({
  name: "contains",
  description: "The output contains the given texts, or, with the mode none, not one of them.",
  covers:
    "The exact characters of the values, or of expected_output. Not examined: other spellings, other normal forms of the same characters, and what the output says about the values.",
  needs,
  options,
  revision: 1,
  evaluate({ output, expected_output }, given, { signal }) {
    signal.throwIfAborted();
    const examination = examine(expected_output, given);
    examination.push(output);
    return examination.end();
  },
  stream: ({ expected_output }, given) => examine(expected_output, given),
  perPassage: ({ mode }) => mode === "none",
});

/** More places than this are counted and not told. */
const mostClaims = 100;

/** Longer values are looked for at the end: every piece of an answer is searched together with as much before it. */
const longestEarly = 10_000;

/** The same for an output that is there and for one that arrives in pieces. */
function examine(expected: string | undefined, { values, mode, ignore_case }: Options): Examination {
  const wanted = values ?? (expected === undefined || expected.trim() === "" ? [] : [expected]);
  if (wanted.length === 0) return nothingToLookFor;
  const isEarly = mode === "none" && wanted.every((value) => value.length <= longestEarly);
  const search = createSearch(wanted, ignore_case);
  const waiting: string[] = [];
  const claims: Claim[] = [];
  const seen = new Set<number>();

  function look(text: string): readonly Claim[] {
    const found = search.push(text);
    for (const { value } of found) seen.add(value);
    const told = found.slice(0, mostClaims - claims.length).map((one) => toClaim(one, mode));
    claims.push(...told);
    return told;
  }

  let isBlank = true;
  return {
    push(text) {
      isBlank &&= text.trim() === "";
      if (isEarly) return { claims: look(text), settled: search.settled() };
      waiting.push(text);
      return { claims: [], settled: 0 };
    },
    end() {
      look(waiting.join(""));
      if (isBlank && mode === "none" && seen.size === 0) return { abstained: "The output is empty." };
      return { ...verdict(mode, seen.size, wanted.length), claims, criteria: criteriaFrom(wanted, seen, mode) };
    },
  };
}

interface Examination extends EvaluatorStream {
  end(): Finding;
}

const nothingToLookFor: Examination = {
  push: (text) => ({ settled: text.length, claims: [] }),
  end: () => ({ abstained: "There is nothing to look for: no values are configured and there is no expected_output." }),
};

function verdict(mode: Options["mode"], seen: number, wanted: number) {
  const reason = `The output contains ${seen} of ${wanted} given ${wanted === 1 ? "text" : "texts"}; ${demands[mode]}.`;
  if (mode === "all") return { score: seen / wanted, reason };
  return { score: seen > 0 === (mode === "any") ? 1 : 0, reason };
}

const demands = {
  all: "all must be there",
  any: "at least one must be there",
  none: "none may be there",
} as const;

function toClaim({ text, start, end }: Occurrence, mode: Options["mode"]): Claim {
  const verdict = mode === "none" ? "violation" : "supported";
  return { text, start, end, field: "output", verdict, kind: mode === "none" ? "forbidden_text" : "demanded_text" };
}

function criteriaFrom(wanted: readonly string[], seen: ReadonlySet<number>, mode: Options["mode"]) {
  const question = mode === "none" ? "is absent" : "is there";
  return wanted.map((value, index) => ({
    id: `value_${index + 1}`,
    question: `Given text ${index + 1} (${value.slice(0, 100)}) ${question}`,
    verdict: seen.has(index) === (mode !== "none") ? ("yes" as const) : ("no" as const),
    weight: 1,
  }));
}
