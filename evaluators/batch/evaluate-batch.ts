import { createMemoryCache } from "../cache/memory-cache.ts";
import type { Evaluator } from "../define-evaluator.ts";
import { EvaluatorUsageError } from "../errors.ts";
import type { EvaluateOptions } from "../evaluate.ts";
import { builtInEvaluators } from "../registry.ts";
import { type Budget, createMeter, type Meter, type Spent } from "./budget.ts";
import { type Canaries, type CanaryOptions, createCanaries } from "./canaries.ts";
import { type BatchJob, evaluateMetered, evaluateRow, type RowPlace } from "./evaluate-row.ts";
import { inParallel } from "./in-parallel.ts";
import { type Journal, openJournal } from "./journal.ts";
import { type InputRow, readRows, type RowSource } from "./read-rows.ts";
import { type Decision, decisions, type RowEvaluation } from "./row-evaluation.ts";
import { settingsOf } from "./settings.ts";

export interface EvaluateBatchOptions extends Omit<EvaluateOptions, "tracing"> {
  /** Rows that are examined at a time; 8 when absent. */
  readonly concurrency?: number | undefined;
  /** `input` (default): rows come in their order, at most four times `concurrency` waiting behind a slow one. `completed`: as they are done. */
  readonly order?: "input" | "completed" | undefined;
  /** When it is spent, rows that were not examined yet come as `not_run`. Calls under way may go a little over it. */
  readonly budget?: Budget | undefined;
  /** Names of the evaluators that decide whether a row is kept; all when absent. */
  readonly required?: readonly string[] | undefined;
  /**
   * A file to which every finished row is appended before it is yielded, or a journal over one. Rows that it holds already are
   * neither examined nor yielded again, so a run that was killed goes on where it was.
   */
  readonly resume?: string | Journal<RowEvaluation> | undefined;
  /** Told after every row how far things are. */
  readonly onProgress?: ((progress: BatchProgress) => void) | undefined;
  /** Says where the spans of a row go; without it there are none. */
  readonly place?: ((row: InputRow) => RowPlace) | undefined;
  /** Mixes labelled rows in and raises an alarm when an evaluator drifts from its card, which is among `cards`. */
  readonly canaries?: CanaryOptions | undefined;
  /** Bytes that a line of JSONL may have; 16 MiB when absent. */
  readonly longestLine?: number | undefined;
}

/** How far a batch is. */
export interface BatchProgress {
  /** Rows that are done in this run. */
  readonly rows: number;
  readonly decisions: Readonly<Record<Decision, number>>;
  readonly spent: Spent;
  /** Why no more rows are examined; undefined for as long as the budget lasts. */
  readonly refusal: string | undefined;
}

/**
 * Examines rows with named evaluators, several at a time, and yields what becomes of each; a row that cannot be read is yielded
 * with its line number and never stops the others. Reads no faster than it is read, so memory stays flat over any number of
 * rows. Throws `EvaluatorUsageError` at once for a name that does not exist, and from the iteration for a file that cannot be
 * read or does not belong to `resume`; an abort ends the iteration with the signal's reason, rows under way being lost.
 */
export function evaluateBatch(
  which: string | Evaluator | readonly (string | Evaluator)[],
  rows: RowSource,
  options: EvaluateBatchOptions = {},
): AsyncGenerator<RowEvaluation, void, undefined> {
  const set = options.evaluators ?? builtInEvaluators();
  const named = Array.isArray(which) ? which : [which];
  const evaluators = named.map((one: string | Evaluator) => (typeof one === "string" ? set.get(one) : one));
  checkEvaluators(evaluators, options.required);
  return run(evaluators, rows, options);
}

const defaultConcurrency = 8;
/** Rows that may wait behind a slow one, per row at a time. */
const aheadPerRow = 4;

async function* run(
  evaluators: readonly Evaluator[],
  source: RowSource,
  options: EvaluateBatchOptions,
): AsyncGenerator<RowEvaluation, void, undefined> {
  const { concurrency = defaultConcurrency, order = "input", resume, signal } = options;
  const left = new AbortController();
  const job = jobOf(evaluators, options, left.signal);
  const work = workOn(job, options.canaries);
  const report = progressReporter(job.meter, options);
  const journal =
    typeof resume === "string" ? openJournal<RowEvaluation>(resume, settingsOf(evaluators, options)) : resume;
  const input = readRows(source, options);
  const unfinished = journal ? journal.unfinished(input) : input;
  const ahead = aheadPerRow * concurrency;
  try {
    for await (const row of inParallel(unfinished, work, { concurrency, order, ahead, signal })) {
      if (row.decision !== "not_run") journal?.append(row);
      report(row);
      yield row;
    }
  } finally {
    // Whoever stops reading wants no more judges asked.
    left.abort();
    if (typeof resume === "string") journal?.close();
  }
}

function jobOf(evaluators: readonly Evaluator[], options: EvaluateBatchOptions, left: AbortSignal): BatchJob {
  const { signal, cache = createMemoryCache() } = options;
  return {
    evaluators,
    meter: createMeter(options.budget),
    options: { ...options, cache, signal: signal ? AbortSignal.any([signal, left]) : left },
  };
}

function workOn(job: BatchJob, options: CanaryOptions | undefined): (row: InputRow) => Promise<RowEvaluation> {
  const canaries = options && canariesOf(options, job);
  let begun = 0;
  return async (row) => {
    const number = begun;
    begun += 1;
    await canaries?.before(number);
    return evaluateRow(row, job);
  };
}

/** Gold rows are paid for from the same budget. */
function canariesOf(canaries: CanaryOptions, job: BatchJob): Canaries {
  return createCanaries(job.evaluators, canaries, job.options, (evaluator, sample) =>
    evaluateMetered(evaluator, sample, { ...job, options: { ...job.options, cache: "bypass" } }, undefined),
  );
}

function checkEvaluators(evaluators: readonly Evaluator[], required: readonly string[] = []): void {
  if (evaluators.length === 0) throw new EvaluatorUsageError("No evaluator was named, so no row could be decided.");
  const names = evaluators.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new EvaluatorUsageError(`The evaluator "${twice}" is named twice. Name it once.`);
  const missing = required.find((name) => !names.includes(name));
  if (missing === undefined) return;
  throw new EvaluatorUsageError(`"${missing}" is required and is not among the evaluators: ${names.join(", ")}.`);
}

function progressReporter(meter: Meter, { onProgress }: EvaluateBatchOptions): (row: RowEvaluation) => void {
  const counts = Object.fromEntries(decisions.map((decision) => [decision, 0])) as Record<Decision, number>;
  let rows = 0;
  return ({ decision }) => {
    rows += 1;
    counts[decision] += 1;
    onProgress?.({ rows, decisions: counts, spent: meter.spent, refusal: meter.refusal });
  };
}
