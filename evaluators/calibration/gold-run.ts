import pLimit from "p-limit";
import type { Evaluator } from "../define-evaluator.ts";
import { evaluateOne, type EvaluateOptions } from "../evaluate.ts";
import type { Evaluation, Outcome } from "../evaluation.ts";
import { type Band, isInBand } from "./band.ts";
import { type GoldRow, groupsWithRepeats } from "./gold.ts";
import type { LabelledScore } from "./threshold.ts";

/** A gold row with what the evaluator made of it. */
export interface ScoredRow extends LabelledScore {
  /** The group as the row names it; `group` holds repeated rows together too. */
  readonly named: string;
  /** Score of the code, where code was asked and did not abstain. */
  readonly local: number | null;
}

export type Unscored = Readonly<Record<Exclude<Outcome, "pass" | "fail">, number>>;

/** What came of running an evaluator on gold rows. */
export interface GoldRun {
  readonly given: number;
  readonly scored: readonly ScoredRow[];
  readonly unscored: Unscored;
  /** Why the first row without a verdict has none. */
  readonly firstReason?: string;
}

export interface GoldRunOptions {
  readonly evaluate?: EvaluateOptions | undefined;
  /** Rows at a time; 8 when absent. */
  readonly concurrency?: number | undefined;
  /** Is told after every row how many are done. */
  readonly onRow?: ((done: number) => void) | undefined;
}

/** Runs an evaluator on gold rows. Rows without a verdict are counted by outcome. */
export async function runGold(
  evaluator: Evaluator,
  rows: readonly GoldRow[],
  { evaluate = {}, concurrency = 8, onRow }: GoldRunOptions = {},
): Promise<GoldRun> {
  const limit = pLimit(concurrency);
  const groups = groupsWithRepeats(rows);
  let done = 0;
  const evaluated = await Promise.all(
    rows.map(({ sample, good, group }, at) =>
      limit(async () => {
        const evaluation = await evaluateOne(evaluator, sample, evaluate);
        onRow?.((done += 1));
        return { row: { good, group: groups[at] ?? group, named: group }, evaluation };
      }),
    ),
  );
  const unscored = { error: 0, timeout: 0, skipped: 0, abstained: 0 };
  for (const { evaluation } of evaluated) {
    if (evaluation.outcome !== "pass" && evaluation.outcome !== "fail") unscored[evaluation.outcome] += 1;
  }
  const scored = evaluated.flatMap(({ row, evaluation }) =>
    evaluation.score === null ? [] : [{ ...row, score: evaluation.score, local: localScore(evaluation) }],
  );
  const [first] = evaluated.filter(({ evaluation }) => evaluation.score === null);
  return { given: rows.length, scored, unscored, ...(first ? { firstReason: first.evaluation.reason } : {}) };
}

function localScore({ engine, score, path }: Evaluation): number | null {
  return engine === "local" ? score : (path.find(({ stage }) => stage === "local")?.score ?? null);
}

/** The score that a cascade with this band comes to, when code and judge were both asked: code's outside, the judge's inside. */
export function underBand(row: ScoredRow, band: Band): ScoredRow {
  return row.local === null || isInBand(row.local, band) ? row : { ...row, score: row.local };
}
