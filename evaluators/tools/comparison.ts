import type { Finding } from "../define-evaluator.ts";
import type { Claim, Criterion } from "../evaluation.ts";
import { type Call, claimOf, placeOfName, type ReadCall } from "./calls.ts";

/** Which of the calls that were made stands for which of the expected ones. */
export interface Comparison {
  readonly expected: readonly ReadCall[];
  readonly made: readonly ReadCall[];
  /** For each expected call the index of the one that was made, or undefined. */
  readonly pairs: readonly (number | undefined)[];
}

/** How many more or fewer calls than expected may be made. */
export interface Allowed {
  readonly missing: boolean;
  readonly extra: boolean;
}

/**
 * The verdict on a comparison: the share of calls that have their counterpart, of the expected ones, of those that were
 * made, or of whichever are more, by what is allowed to be left over.
 */
export function findingOf(comparison: Comparison, allowed: Allowed): Finding {
  const { expected, made, pairs } = comparison;
  const found = pairs.filter((index) => index !== undefined).length;
  const missing = allowed.missing ? 0 : expected.length - found;
  const extra = allowed.extra ? 0 : made.length - found;
  const total = Math.max(allowed.missing ? 0 : expected.length, allowed.extra ? 0 : made.length);
  return {
    score: total === 0 ? 1 : found / total,
    reason: reasonOf({ found, missing, extra, expected: expected.length }),
    claims: allowed.extra ? [] : leftOver(comparison).map((call) => claimOfExtra(call, expected)),
    criteria: [...criteriaOfExpected(comparison, allowed), ...criteriaOfExtra(extra, allowed)],
  };
}

interface Counts {
  readonly found: number;
  readonly missing: number;
  readonly extra: number;
  readonly expected: number;
}

function reasonOf({ found, missing, extra, expected }: Counts): string {
  if (expected === 0 && extra === 0) return "No tool call was expected and none was made.";
  const made = `${found} of ${expected} expected tool ${expected === 1 ? "call" : "calls"} ${found === 1 ? "was" : "were"} made`;
  if (missing === 0 && extra === 0) return `${made}, and nothing that is not allowed.`;
  const parts = [
    ...(missing > 0 ? [`${missing} ${missing === 1 ? "is" : "are"} missing`] : []),
    ...(extra > 0 ? [`${extra} ${extra === 1 ? "was" : "were"} made that ${extra === 1 ? "fits" : "fit"} none`] : []),
  ];
  return `${made}: ${parts.join(", ")}.`;
}

function leftOver({ made, pairs }: Comparison): Call[] {
  const used = new Set(pairs);
  return made.filter((_call, index) => !used.has(index)).map(({ call }) => call);
}

function claimOfExtra(call: Call, expected: readonly ReadCall[]): Claim {
  const isKnown = expected.some((one) => one.call.name === call.name);
  if (!isKnown) return claimOf(call, placeOfName(call), "unexpected_tool");
  return claimOf(call, { start: 0, end: call.arguments.length }, "other_arguments");
}

function criteriaOfExpected({ expected, pairs }: Comparison, { missing }: Allowed): Criterion[] {
  return expected.map(({ call }, index) => ({
    id: `expected_${index + 1}`,
    question: `Was expected call ${index + 1} (${call.name}) made?`,
    verdict: pairs[index] === undefined ? (missing ? "not_applicable" : "no") : "yes",
    weight: 1,
  }));
}

function criteriaOfExtra(count: number, { extra }: Allowed): Criterion[] {
  if (extra) return [];
  const verdict = count === 0 ? "yes" : "no";
  return [{ id: "nothing_else", question: "Was no call made that is not expected?", verdict, weight: 1 }];
}
