import {
  EvaluatorUsageError,
  type InputRow,
  type JournalLine,
  type Judge,
  judgePair,
  type Meter,
  type PairJudgement,
  pairSchema,
} from "../evaluators/index.ts";
import { type ExitCode, exitCode } from "./context.ts";
import type { EvaluateJob } from "./evaluate-job.ts";
import { usage } from "./evaluate-options.ts";
import { openOut } from "./evaluate-out.ts";
import { percent } from "./evaluate-report.ts";
import { type MeteredJudges, meteredJudges } from "./metered-judges.ts";
import { interrupted, workRows } from "./work-rows.ts";

/** A compared pair, a line of `--out`. */
interface PairRow {
  readonly row: number;
  readonly hash: string;
  readonly source?: unknown;
  /** Why it could not be read. */
  readonly problem?: string;
  /** Why nobody was asked. */
  readonly notRun?: string;
  readonly judgement?: PairJudgement;
}

const kinds = ["a", "b", "tie", "abstained", "error", "unreadable", "not_run"] as const;

type Kind = (typeof kinds)[number];
type Counts = Readonly<Record<Kind | "rows", number>>;

/** Has the judge compare the two answers of every row, in both orders, and counts which it prefers. */
export async function evaluatePairs(job: EvaluateJob): Promise<ExitCode> {
  const metered = meteredJudges(job);
  const judge = judgeOf(job, metered);
  const counts = { rows: 0, a: 0, b: 0, tie: 0, abstained: 0, error: 0, unreadable: 0, not_run: 0 };
  const onRow = (row: PairRow): void => {
    counts.rows += 1;
    counts[kindOf(row)] += 1;
  };
  const settings = { pair: `by ${judge.identity ?? job.options.judge ?? defaultAlias}` };
  const journal = openOut<PairRow>(job, settings, { isLine: isPairRow, isUnscored, onLine: onRow });
  try {
    const { meter } = metered;
    const work = (row: InputRow) => comparePair(row, judge, { job, meter });
    await workRows(job, { journal, meter, work, isFinished: ({ notRun }) => notRun === undefined, onRow });
    return conclude(counts, job, meter.refusal);
  } catch (error) {
    if (!job.context.signal.aborted) throw error;
    return interrupted(job, counts.rows);
  } finally {
    journal?.close();
  }
}

const defaultAlias = "judge";

function judgeOf({ options }: EvaluateJob, { judges }: MeteredJudges): Judge {
  const alias = options.judge ?? defaultAlias;
  const judge = judges(alias);
  if (judge) return judge;
  throw usage(`No model "${alias}" to be the judge. Name one with --judge.`);
}

function isPairRow(line: JournalLine): line is PairRow {
  const { problem, judgement } = line as Partial<PairRow>;
  return typeof problem === "string" || (typeof judgement === "object" && typeof judgement?.outcome === "string");
}

function isUnscored(row: PairRow): boolean {
  return row.judgement?.outcome !== "decided";
}

async function comparePair(
  row: InputRow,
  judge: Judge,
  { job, meter }: { readonly job: EvaluateJob; readonly meter: Meter },
): Promise<PairRow> {
  const identity = { row: row.row, hash: row.hash, ...("source" in row ? { source: row.source } : {}) };
  if (row.problem !== undefined) return { ...identity, problem: row.problem };
  if (meter.refusal !== undefined) return { ...identity, notRun: meter.refusal };
  const { setup, context } = job;
  const { tracer, maxValueBytes } = setup.tracing;
  try {
    const options = { signal: context.signal, tracing: { tracer, maxValueBytes } };
    const judgement = await judgePair(pairIn(row.source), judge, options);
    return judgement.error?.code === "budget" ? { ...identity, notRun: judgement.reason } : { ...identity, judgement };
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

function kindOf({ problem, notRun, judgement }: PairRow): Kind {
  if (notRun !== undefined) return "not_run";
  if (problem !== undefined || !judgement) return "unreadable";
  if (judgement.outcome === "decided") return judgement.preferred ?? "abstained";
  return judgement.outcome === "abstained" ? "abstained" : "error";
}

function conclude(counts: Counts, job: EvaluateJob, refusal: string | undefined): ExitCode {
  const { options, context } = job;
  const { rows, a, b, tie, not_run: notRun } = counts;
  const code = codeFor(counts, job);
  const print = options.out === "-" ? context.err : context.out;
  if (options.json) {
    print(JSON.stringify({ exit_code: code, ...counts }, null, 2));
    return code;
  }
  print(`${rows} pairs: ${kinds.map((kind) => `${kind.replace("_", " ")} ${counts[kind]}`).join(", ")}`);
  const decided = a + b + tie;
  if (decided > 0) {
    print(`a is preferred in ${percent(a / decided)} of the ${decided} decided ones, b in ${percent(b / decided)}.`);
  }
  if (notRun > 0) print(`${notRun} pairs were not compared. ${refusal ?? ""}`.trim());
  return code;
}

function codeFor({ rows, a, b, tie, not_run: notRun }: Counts, { settings }: EvaluateJob): ExitCode {
  const decided = a + b + tie;
  if (notRun > 0) return exitCode.inconclusive;
  if (decided === 0) return exitCode.invalid;
  const most = "rows" in settings.maxUnscored ? settings.maxUnscored.rows : settings.maxUnscored.share * rows;
  return rows - decided > most ? exitCode.inconclusive : exitCode.yes;
}
