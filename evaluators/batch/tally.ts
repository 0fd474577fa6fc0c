import { type Outcome, outcomes } from "../evaluation.ts";
import { type Decision, decisions, type RowEvaluation } from "./row-evaluation.ts";

/** What one evaluator came to over all rows. */
export interface EvaluatorTally {
  readonly evaluator: string;
  readonly version: string;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Verdicts that were kept from before. */
  readonly cached: number;
  /** Evaluations in which a judge had a part. */
  readonly judged: number;
  /** USD, of the evaluations whose price is known. */
  readonly costUsd: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What a batch came to; holds counts and no rows. */
export interface Tally {
  add(row: RowEvaluation): void;
  readonly rows: number;
  readonly decisions: Readonly<Record<Decision, number>>;
  /** Rows that could not be read. */
  readonly unreadable: number;
  readonly evaluators: readonly EvaluatorTally[];
}

/** Counts rows as they come; evaluators are listed in the order in which they are met. */
export function createTally(): Tally {
  const evaluators = new Map<string, Counting>();
  const counts = zeros(decisions);
  let rows = 0;
  let unreadable = 0;
  return {
    decisions: counts,
    get rows() {
      return rows;
    },
    get unreadable() {
      return unreadable;
    },
    get evaluators() {
      return [...evaluators.values()];
    },
    add({ decision, evaluations }) {
      rows += 1;
      counts[decision] += 1;
      if (decision === "unscored" && evaluations.length === 0) unreadable += 1;
      for (const evaluation of evaluations) {
        const { evaluator, version } = evaluation;
        const counting = evaluators.get(evaluator) ?? emptyFor(evaluator, version);
        evaluators.set(evaluator, counting);
        count(counting, evaluation);
      }
    },
  };
}

type Counting = { -readonly [Key in keyof EvaluatorTally]: EvaluatorTally[Key] } & {
  outcomes: Record<Outcome, number>;
};

function emptyFor(evaluator: string, version: string): Counting {
  const nothing = { cached: 0, judged: 0, costUsd: 0, inputTokens: 0, outputTokens: 0 };
  return { evaluator, version, outcomes: zeros(outcomes), ...nothing };
}

function count(counting: Counting, { outcome, path, costUsd, usage }: RowEvaluation["evaluations"][number]): void {
  counting.outcomes[outcome] += 1;
  if (path.some(({ cached }) => cached)) counting.cached += 1;
  if (path.some(({ stage }) => stage === "judge")) counting.judged += 1;
  counting.costUsd += costUsd ?? 0;
  counting.inputTokens += usage?.inputTokens ?? 0;
  counting.outputTokens += usage?.outputTokens ?? 0;
}

function zeros<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
}
