import type { Fault, Mode } from "./fault.ts";
import { pieces } from "./replies.ts";
import { errorTypeOf, type Result } from "./run-fault.ts";

/** What is wrong with what a client got and with what the spans say of it, in words. */
export function problemsWith(fault: Fault, result: Result): readonly string[] {
  const problems = isServed(fault, result.mode)
    ? [...problemsWithAnswer(fault, result), ...problemsOfGoodSpans(result)]
    : [...problemsWithError(fault, result), ...problemsOfFailedSpans(result)];
  return problems.map((problem) => `${result.name}: ${problem}`);
}

/** The same where a held stream has begun before its verdict is known: it may end with an error event, and has said nothing. */
export function problemsWithBegun(fault: Fault, result: Result): readonly string[] {
  const { outcome, name, mode } = result;
  const isQuiet = outcome.type === "refused" || (outcome.type === "broken" && outcome.said === "");
  const problems = isServed(fault, mode) ? problemsWithAnswer(fault, result) : isQuiet ? [] : [shown(outcome)];
  return problems.map((problem) => `${name}: ${problem}`);
}

/** The same where a failure is tried again: once more at most, and never after something has been said. */
export function problemsWithTries(fault: Fault, { outcome, tries, mode, name }: Result): readonly string[] {
  const most = outcome.type === "refused" ? 2 : 1;
  return [
    ...(tries.length >= 1 && tries.length <= most ? [] : [`${name}: ${tries.length} tries`]),
    ...((outcome.type === "served") === isServed(fault, mode) ? [] : [`${name}: ${shown(outcome)}`]),
  ];
}

function isServed({ served = [] }: Fault, mode: Mode): boolean {
  return served.includes(mode);
}

function wholeOf({ said = pieces.join("") }: Fault): string {
  return said;
}

function shown(outcome: Result["outcome"]): string {
  return JSON.stringify(outcome).slice(0, 400);
}

function problemsWithAnswer(fault: Fault, { outcome }: Result): readonly string[] {
  return outcome.type === "served" && outcome.said === wholeOf(fault) ? [] : [shown(outcome)];
}

function problemsWithError(fault: Fault, { outcome, mode, guard }: Result): readonly string[] {
  if (outcome.type === "refused") return [];
  // Only a stream that nothing holds has begun by the time at which its provider fails.
  const mayBreak = mode === "stream" && guard !== "held";
  const isBeginning = outcome.type === "broken" && wholeOf(fault).startsWith(outcome.said);
  return mayBreak && isBeginning ? [] : [shown(outcome)];
}

function problemsOfGoodSpans(result: Result): readonly string[] {
  const { root, tries } = result;
  const failed = [root, ...tries].filter((span) => span?.status === 2);
  return root && tries.length === 1 && failed.length === 0 && errorTypeOf(result) === undefined
    ? []
    : [`spans: root ${root?.status}, ${tries.length} tries, ${failed.length} failed, ${errorTypeOf(result)}`];
}

function problemsOfFailedSpans(result: Result): readonly string[] {
  const { root, tries } = result;
  const type = errorTypeOf(result);
  const isKnown = /^(?:provider_\w+|stream_broken)$/.test(type ?? "");
  const failed = tries.filter(({ status, attributes }) => status === 2 && attributes["error.type"] === type);
  return isKnown && root?.status === 2 && tries.length === 1 && failed.length === 1
    ? []
    : [`spans: root ${root?.status}, ${tries.length} tries, ${failed.length} failed with ${type}`];
}
