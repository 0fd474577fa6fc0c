import { z } from "zod";
import { defineEvaluator, type Finding } from "../define-evaluator.ts";
import { type Amount, amountsIn } from "./amounts.ts";
import { codeOptions } from "./options.ts";

const needs = z.object({ output: z.string(), expected_output: z.string() });

const options = codeOptions(1, {
  /** Which number of a text is its answer: the `last`, or the `only` one (several different ones decide nothing). */
  pick: z.enum(["last", "only"]).default("last"),
  /** How far the two may be apart, in the numbers' own unit. */
  absolute: z.number().nonnegative().default(0),
  /** How far they may be apart as a share of the expected one; the larger of both tolerances counts. */
  relative: z.number().nonnegative().default(1e-6),
  /** What 50 % is worth beside a number without a percent sign: 0.5 (`fraction`) or 50 (`points`). */
  percent: z.enum(["fraction", "points"]).default("fraction"),
  /** How a number is read that could be meant in two ways, such as 1,234. */
  decimal_mark: z.enum([".", ","]).default("."),
});

type Options = z.output<typeof options>;

/** The number in the output is the expected one, within a tolerance. */
export const numericClose = defineEvaluator({
  name: "numeric_close",
  description: "The number that the output ends on is the number of the expected output, within the tolerance.",
  covers:
    "Numbers in digits with sign, thousands, fraction, exponent, scale words, percent and currency. Not examined: numbers in words, fractions such as 3/4, dates and times as such, other units (5 km and 5 miles are both 5), and all other text.",
  needs,
  options,
  revision: 1,
  evaluate({ output, expected_output }, given, { signal }) {
    signal.throwIfAborted();
    const expected = picked(amountsIn(expected_output, given.decimal_mark), given.pick);
    if (expected === undefined) return { abstained: "expected_output has no number to compare with." };
    if (expected === "several")
      return { abstained: "expected_output has several numbers, and the only one is asked for." };
    const actual = picked(amountsIn(output, given.decimal_mark), given.pick);
    if (actual === undefined) return { score: 0, reason: "The output has no number." };
    if (actual === "several") return { abstained: "The output has several numbers, and the only one is asked for." };
    return compare(actual, expected, { output, options: given });
  },
});

function picked(amounts: readonly Amount[], pick: Options["pick"]): Amount | "several" | undefined {
  const last = amounts.at(-1);
  if (pick === "last" || last === undefined) return last;
  return amounts.every(({ value, unit }) => value === last.value && unit === last.unit) ? last : "several";
}

function compare(
  actual: Amount,
  expected: Amount,
  { output, options: given }: { readonly output: string; readonly options: Options },
): Finding {
  const { start, end } = actual;
  const toClaim = (isRight: boolean, kind: string) =>
    ({
      text: output.slice(start, end),
      start,
      end,
      field: "output",
      verdict: isRight ? "supported" : "contradicted",
      kind,
    }) as const;
  if (isOtherCurrency(actual.unit, expected.unit)) {
    return {
      score: 0,
      reason: "The number in the output is in another currency.",
      claims: [toClaim(false, "currency")],
    };
  }
  const isRight = isClose(toComparable(actual, expected, given), toComparable(expected, actual, given), given);
  return {
    score: isRight ? 1 : 0,
    reason: isRight
      ? "The number in the output is the expected one."
      : "The number in the output is not the expected one.",
    claims: [toClaim(isRight, "number")],
  };
}

function isOtherCurrency(a: string | null, b: string | null): boolean {
  return a !== b && a !== null && b !== null;
}

function toComparable({ value, unit }: Amount, beside: Amount, { percent }: Options): number {
  return unit === "%" && beside.unit !== "%" && percent === "fraction" ? value / 100 : value;
}

/** A difference that is only rounding of the tolerance itself still counts as within it. */
function isClose(actual: number, expected: number, { absolute, relative }: Options): boolean {
  const tolerance = Math.max(absolute, relative * Math.abs(expected));
  const rounding = 4 * Number.EPSILON * Math.max(Math.abs(actual), Math.abs(expected));
  return actual === expected || Math.abs(actual - expected) <= tolerance + rounding;
}
