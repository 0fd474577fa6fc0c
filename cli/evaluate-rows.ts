import { resolve } from "node:path";
import {
  type CanaryOptions,
  createTally,
  evaluateBatch,
  type Evaluator,
  isRowEvaluation,
  type Journal,
  type RowEvaluation,
  settingsOf,
} from "../evaluators/index.ts";
import { readGold } from "./calibrate-gold.ts";
import { type ExitCode, exitCode } from "./context.ts";
import { confirmCost } from "./evaluate-cost.ts";
import type { EvaluateJob } from "./evaluate-job.ts";
import { namesIn } from "./evaluate-options.ts";
import { openOut } from "./evaluate-out.ts";
import { batchSummary, printSummary } from "./evaluate-report.ts";
import { evaluatorsNamed } from "./evaluation-setup.ts";
import { countRows, sourceOf } from "./evaluate-source.ts";
import { rowPlaces } from "./row-places.ts";
import { createRowExamples } from "./row-examples.ts";
import { createProgress } from "./progress.ts";
import { interrupted } from "./work-rows.ts";

/** Evaluates all rows and prints what they came to. Interrupted, it says how to go on. */
export async function evaluateRows(job: EvaluateJob): Promise<ExitCode> {
  const { options, context, setup } = job;
  const evaluators = evaluatorsNamed(setup, namesIn("--evaluators", options.evaluators ?? ""));
  const tally = createTally();
  const examples = createRowExamples(requiredOf(job));
  const onRow = (row: RowEvaluation): void => {
    tally.add(row);
    examples.add(row);
  };
  const journal = openOut<RowEvaluation>(job, settingsOf(evaluators, setup), {
    isLine: isRowEvaluation,
    isUnscored: ({ decision }) => decision === "unscored",
    onLine: onRow,
  });
  try {
    const total = await countRows(job, journal);
    const left = total === null ? null : total - (journal?.finished ?? 0);
    sayWhatIsFinished(job, journal);
    if (left !== 0 && !(await confirmCost(job, evaluators, left))) return exitCode.usage;
    const refusal = await runRows(job, evaluators, { onRow, journal, left });
    const summary = batchSummary(tally, job, evaluators, refusal);
    printSummary(summary, job, examples);
    return summary.exitCode;
  } catch (error) {
    if (!context.signal.aborted) throw error;
    return interrupted(job, tally.rows);
  } finally {
    journal?.close();
  }
}

function sayWhatIsFinished({ options, context }: EvaluateJob, journal: Journal<RowEvaluation> | undefined): void {
  if (!journal || journal.finished === 0 || options.quiet) return;
  context.err(`${options.out}: ${journal.finished} rows are finished already; going on.`);
}

interface Run {
  readonly onRow: (row: RowEvaluation) => void;
  readonly journal: Journal<RowEvaluation> | undefined;
  /** Rows to do; null when nobody knows. */
  readonly left: number | null;
}

/** Resolves with why not all rows were examined, if so. */
async function runRows(job: EvaluateJob, evaluators: readonly Evaluator[], run: Run): Promise<string | undefined> {
  const { options, settings, setup, context } = job;
  const progress = createProgress(context, { total: run.left, quiet: options.quiet ?? false });
  let refusal: string | undefined;
  try {
    const results = evaluateBatch(evaluators, sourceOf(job), {
      judges: setup.judges,
      cache: setup.cache,
      cards: setup.cards,
      concurrency: settings.concurrency,
      budget: settings.budget,
      required: requiredOf(job),
      resume: run.journal,
      signal: context.signal,
      canaries: canariesFor(job, run.left),
      place: rowPlaces(job, evaluators),
      onProgress(state) {
        ({ refusal } = state);
        progress.show({ done: state.rows, usd: state.spent.usd, calls: state.spent.calls });
      },
    });
    for await (const row of results) {
      run.onRow(row);
      if (options.out === "-") context.out(JSON.stringify(row));
    }
  } finally {
    progress.end();
  }
  return refusal;
}

function requiredOf({ options: { required } }: EvaluateJob): readonly string[] | undefined {
  return required === undefined ? undefined : namesIn("--required", required);
}

/** Gold rows that watch for drift, if a file of them was named. */
function canariesFor({ options, context }: EvaluateJob, rows: number | null): CanaryOptions | undefined {
  if (options.canaries === undefined) return undefined;
  const { rows: gold } = readGold(resolve(context.workingDirectory, options.canaries), options.canaries);
  return {
    gold,
    rows: rows ?? undefined,
    onUnwatched: (evaluators) =>
      context.err(
        `NOT WATCHED: ${evaluators.join(", ")} has no card for its version and judge, so no gold row can show that it drifts. Make one with "proctor calibrate".`,
      ),
    onAlarm: (evaluator, { message, at }) => context.err(`DRIFT of ${evaluator} at gold row ${at}: ${message}`),
  };
}
