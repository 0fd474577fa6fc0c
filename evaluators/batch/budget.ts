import { EvaluatorError } from "../errors.ts";
import type { Usage } from "../evaluation.ts";
import type { Judge } from "../judge.ts";

/** What judges may use at most, all calls together. */
export interface Budget {
  readonly usd?: number | undefined;
  /** Input and output tokens together. */
  readonly tokens?: number | undefined;
}

/** What judges have used so far. */
export interface Spent {
  /** Calls that were answered. */
  readonly calls: number;
  /** USD, of the calls whose price is known. */
  readonly usd: number;
  /** Calls of which nobody knows what they cost. */
  readonly callsWithoutPrice: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Counts what judges use, and refuses calls when the budget is spent. */
export interface Meter {
  readonly spent: Spent;
  /** Why no more is asked, as a sentence; undefined for as long as the budget lasts. */
  readonly refusal: string | undefined;
  /** The judge, counted; past the budget it rejects with an `EvaluatorError` of the code `budget`. */
  counted(judge: Judge, onCall?: () => void): Judge;
  add(usage: Usage | null, costUsd: number | null): void;
}

export function createMeter(budget: Budget = {}): Meter {
  const spent = { calls: 0, usd: 0, callsWithoutPrice: 0, callsWithoutUsage: 0, inputTokens: 0, outputTokens: 0 };
  let underWay = 0;
  let refusal: string | undefined;
  const meter: Meter = {
    spent,
    get refusal() {
      // What was refused once stays refused, or rows that were not run would lie between rows that were.
      refusal ??= refusalFor(budget, spent, underWay);
      return refusal;
    },
    add(usage, costUsd) {
      spent.calls += 1;
      spent.inputTokens += usage?.inputTokens ?? 0;
      spent.outputTokens += usage?.outputTokens ?? 0;
      spent.usd += costUsd ?? 0;
      if (costUsd === null) spent.callsWithoutPrice += 1;
      if (usage === null) spent.callsWithoutUsage += 1;
    },
    counted(judge, onCall = () => {}) {
      const ask: Judge = async (request) => {
        const refused = meter.refusal;
        if (refused !== undefined) throw new EvaluatorError("budget", refused);
        onCall();
        underWay += 1;
        try {
          const reply = await judge(request);
          meter.add(reply.usage, reply.costUsd);
          return reply;
        } finally {
          underWay -= 1;
        }
      };
      return judge.identity === undefined ? ask : Object.assign(ask, { identity: judge.identity });
    },
  };
  return meter;
}

type Counts = Spent & { readonly callsWithoutUsage: number };

/** Calls under way are counted as an average one, so that many at a time do not spend the same rest twice. */
function refusalFor({ usd, tokens }: Budget, spent: Counts, underWay: number): string | undefined {
  const share = spent.calls === 0 ? 1 : 1 + underWay / spent.calls;
  if (usd !== undefined) {
    if (spent.callsWithoutPrice > 0)
      return "The judge does not say what its calls cost, so a budget in USD cannot be held.";
    if (spent.usd * share >= usd) return `The budget of ${usd} USD is spent.`;
  }
  if (tokens !== undefined) {
    if (spent.callsWithoutUsage > 0)
      return "The judge does not say how many tokens it used, so a budget in tokens cannot be held.";
    if ((spent.inputTokens + spent.outputTokens) * share >= tokens) return `The budget of ${tokens} tokens is spent.`;
  }
  return undefined;
}
