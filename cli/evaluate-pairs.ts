import { resolve } from "node:path";
import {
  EvaluatorUsageError,
  inParallel,
  type InputRow,
  type Journal,
  type Judge,
  judgePair,
  openJournal,
  type PairJudgement,
  pairSchema,
  readRows,
} from "../evaluators/index.ts";
import { type ExitCode, exitCode } from "./context.ts";
import type { EvaluateJob } from "./evaluate-job.ts";
import { usage } from "./evaluate-options.ts";
import { percent } from "./evaluate-report.ts";
import { countRows, sourceOf } from "./evaluate-source.ts";
import { createProgress } from "./progress.ts";

/** A compared pair, a line of `--out`. */
interface PairRow {
  readonly row: number;
  readonly hash: string;
  readonly source?: unknown;
  readonly problem?: string;
  readonly judgement?: PairJudgement;
}

/** Has the judge compare the two answers of every row, in both orders, and counts which it prefers. */
export async function evaluatePairs(job: EvaluateJob): Promise<ExitCode> {
  const { context, settings } = job;
  const { signal } = context;
  const { concurrency } = settings;
  const judge = judgeOf(job);
  const counts = { rows: 0, a: 0, b: 0, tie: 0, abstained: 0, error: 0, unreadable: 0 };
  const count = (row: PairRow): void => {
    counts.rows += 1;
    counts[kindOf(row)] += 1;
  };
  const journal = openOut(job, judge, count);
  try {
    const total = await countRows(job, journal);
    const before = counts.rows;
    const left = total === null ? null : total - before;
    const progress = createProgress(context, { total: left, quiet: job.options.quiet ?? false });
    const input = readRows(sourceOf(job));
    const rows = journal ? journal.unfinished(input) : input;
    const work = (row: InputRow) => comparePair(row, judge, job);
    for await (const row of inParallel(rows, work, { concurrency, order: "input", ahead: 4 * concurrency, signal })) {
      journal?.append(row);
      count(row);
      if (job.options.out === "-") context.out(JSON.stringify(row));
      progress.show({ done: counts.rows - before, usd: 0, calls: 0 });
    }
    progress.end();
    return conclude(counts, job);
  } catch (error) {
    if (!signal.aborted) throw error;
    context.err(`Interrupted after ${counts.rows} rows.`);
    return exitCode.interrupted;
  } finally {
    journal?.close();
  }
}

const defaultAlias = "judge";

function judgeOf({ options, setup }: EvaluateJob): Judge {
  const alias = options.judge ?? defaultAlias;
  const judge = setup.judges(alias);
  if (judge) return judge;
  throw usage(`No model "${alias}" to be the judge. Name one with --judge.`);
}

function openOut(
  { options, context }: EvaluateJob,
  judge: Judge,
  onLine: (line: PairRow) => void,
): Journal<PairRow> | undefined {
  const { out, restart } = options;
  if (out === undefined || out === "-") return undefined;
  const settings = { pair: `by ${judge.identity ?? options.judge ?? defaultAlias}` };
  return openJournal<PairRow>(resolve(context.workingDirectory, out), settings, { restart, onLine });
}

async function comparePair(row: InputRow, judge: Judge, { setup, context }: EvaluateJob): Promise<PairRow> {
  const identity = { row: row.row, hash: row.hash, ...("source" in row ? { source: row.source } : {}) };
  if (row.problem !== undefined) return { ...identity, problem: row.problem };
  const { tracer, maxValueBytes } = setup.tracing;
  try {
    const pair = pairIn(row.source);
    return {
      ...identity,
      judgement: await judgePair(pair, judge, { signal: context.signal, tracing: { tracer, maxValueBytes } }),
    };
  } catch (error) {
    if (error instanceof EvaluatorUsageError) return { ...identity, problem: error.message };
    throw error;
  }
}

/** The columns of a pair; all others travel along. */
function pairIn(source: unknown): Parameters<typeof judgePair>[0] {
  const fields = typeof source === "object" && source !== null ? Object.entries(source) : [];
  const own = fields.filter(([name, value]) => Object.hasOwn(pairSchema.shape, name) && value !== null);
  // What is missing or wrong is said by `judgePair`.
  return Object.fromEntries(own) as unknown as Parameters<typeof judgePair>[0];
}

function kindOf({ problem, judgement }: PairRow): "a" | "b" | "tie" | "abstained" | "error" | "unreadable" {
  if (problem !== undefined || !judgement) return "unreadable";
  if (judgement.outcome === "decided") return judgement.preferred ?? "abstained";
  return judgement.outcome === "abstained" ? "abstained" : "error";
}

function conclude(
  counts: Readonly<Record<"rows" | "a" | "b" | "tie" | "abstained" | "error" | "unreadable", number>>,
  { options, context, settings }: EvaluateJob,
): ExitCode {
  const { rows, a, b, tie, abstained, error, unreadable } = counts;
  const decided = a + b + tie;
  const most = "rows" in settings.maxUnscored ? settings.maxUnscored.rows : settings.maxUnscored.share * rows;
  const code = decided === 0 ? exitCode.invalid : rows - decided > most ? exitCode.inconclusive : exitCode.yes;
  const print = options.out === "-" ? context.err : context.out;
  if (options.json) print(JSON.stringify({ exit_code: code, ...counts }, null, 2));
  else {
    print(
      `${rows} pairs: a ${a}, b ${b}, tie ${tie}, abstained ${abstained}, error ${error}, unreadable ${unreadable}`,
    );
    if (decided > 0)
      print(`a is preferred in ${percent(a / decided)} of the ${decided} decided ones, b in ${percent(b / decided)}.`);
  }
  return code;
}
