import { EvaluatorError } from "../errors.ts";
import { withSpending } from "./ask.ts";
import type { Spending } from "./spending.ts";

/**
 * Waits for several answers. When one cannot be had, rejects with the first failure only after all others have ended, so that
 * it carries what they used, those that failed as well among them.
 */
export async function allAnswered<T extends Spending>(calls: readonly Promise<T>[]): Promise<readonly T[]> {
  const settled = await Promise.allSettled(calls);
  const answers = settled.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const failures = settled.flatMap((each): unknown[] => (each.status === "rejected" ? [each.reason] : []));
  if (failures.length === 0) return answers;
  const [first, ...others] = failures;
  const paid = others.filter((error): error is EvaluatorError => error instanceof EvaluatorError && isPaid(error));
  throw first instanceof EvaluatorError ? withSpending(first, [...answers, ...paid]) : first;
}

function isPaid({ usage, costUsd }: Spending): boolean {
  return usage !== null || costUsd !== null;
}
