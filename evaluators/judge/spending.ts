import type { Usage } from "../evaluation.ts";

/** What judge calls used. Null when nothing was bought, or when any of them did not say: half a sum would be wrong. */
export interface Spending {
  readonly usage: Usage | null;
  /** USD. */
  readonly costUsd: number | null;
}

/** What somebody says was used: null for what is no amount, such as a negative one, which would make room in a budget. */
export function spendingOf({ usage, costUsd }: Partial<Spending>): Spending {
  const isUsage = isAmount(usage?.inputTokens) && isAmount(usage?.outputTokens);
  return { usage: usage && isUsage ? usage : null, costUsd: isAmount(costUsd) ? costUsd : null };
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

/** Adds up what several calls used; null for none. */
export function sumOf(calls: readonly Spending[]): Spending {
  return {
    usage: total(
      calls.map(({ usage }) => usage),
      (left, right) => ({
        inputTokens: left.inputTokens + right.inputTokens,
        outputTokens: left.outputTokens + right.outputTokens,
      }),
    ),
    costUsd: total(
      calls.map(({ costUsd }) => costUsd),
      (left, right) => left + right,
    ),
  };
}

function total<T>(values: readonly (T | null)[], add: (left: T, right: T) => T): T | null {
  if (values.length === 0) return null;
  return values.reduce((sum, value) => (sum === null || value === null ? null : add(sum, value)));
}
