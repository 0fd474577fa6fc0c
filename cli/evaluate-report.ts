import {
  decisions,
  estimatePassRate,
  type Evaluator,
  type EvaluatorTally,
  findCard,
  type Interval,
  judgeIdentity,
  outcomes,
  type PassRateEstimate,
  type Tally,
  wilsonInterval,
} from "../evaluators/index.ts";
import { type ExitCode, exitCode } from "./context.ts";
import type { EvaluateJob } from "./evaluate-job.ts";
import type { RowExamples } from "./row-examples.ts";
import { renderTable } from "./table.ts";

/** What a batch came to, as `--json` prints it. */
export interface BatchSummary {
  readonly exitCode: ExitCode;
  /** The exit code in words. */
  readonly conclusion: string;
  readonly rows: number;
  readonly decisions: Tally["decisions"];
  /** Rows that could not be read; they are among the unscored. */
  readonly unreadable: number;
  /** Kept among the decided rows. */
  readonly passRate: Share;
  readonly evaluators: readonly (EvaluatorTally & {
    /** Passed among those with a verdict. */
    readonly passRate: Share;
    /** Share that really is good, by the evaluator's card; absent without one. */
    readonly estimatedPassRate?: PassRateEstimate;
  })[];
}

interface Share {
  /** Null of no rows. */
  readonly value: number | null;
  /** 95 %, Wilson's. */
  readonly interval: Interval;
}

export function batchSummary(
  tally: Tally,
  job: EvaluateJob,
  evaluators: readonly Evaluator[],
  refusal: string | undefined,
): BatchSummary {
  const { kept, dropped } = tally.decisions;
  const [code, conclusion] = conclude(tally, job, refusal);
  return {
    exitCode: code,
    conclusion,
    rows: tally.rows,
    decisions: tally.decisions,
    unreadable: tally.unreadable,
    passRate: shareOf(kept, kept + dropped),
    evaluators: tally.evaluators.map((each) => {
      const { pass, fail } = each.outcomes;
      const evaluator = evaluators.find(({ name }) => name === each.evaluator);
      const estimate = evaluator && estimated(each, evaluator, job);
      return { ...each, passRate: shareOf(pass, pass + fail), ...(estimate ? { estimatedPassRate: estimate } : {}) };
    }),
  };
}

function estimated(
  { version, outcomes: { pass, fail } }: EvaluatorTally,
  evaluator: Evaluator,
  { setup }: EvaluateJob,
): PassRateEstimate | undefined {
  const judge = judgeIdentity(evaluator, setup);
  const card = findCard(setup.cards, { version, judge });
  return card && pass + fail > 0 ? estimatePassRate({ observed: { passed: pass, failed: fail }, card }) : undefined;
}

/** The exit code and why, the first that holds. */
function conclude(tally: Tally, { settings }: EvaluateJob, refusal: string | undefined): readonly [ExitCode, string] {
  const { kept, dropped, unscored, not_run: notRun } = tally.decisions;
  const decided = kept + dropped;
  if (notRun > 0) return [exitCode.inconclusive, `${notRun} rows were not run. ${refusal ?? ""}`.trim()];
  if (decided === 0) return [exitCode.invalid, tally.rows === 0 ? "There are no rows." : "No row could be decided."];
  const most = "rows" in settings.maxUnscored ? settings.maxUnscored.rows : settings.maxUnscored.share * tally.rows;
  const { minPassRate } = settings;
  const tooMany = unscored > most;
  if (minPassRate === undefined) {
    return tooMany
      ? [exitCode.inconclusive, `${unscored} of ${tally.rows} rows are unscored, and ${Math.floor(most)} may be.`]
      : [exitCode.yes, unscored === 0 ? "Every row is decided." : `${decided} of ${tally.rows} rows are decided.`];
  }
  // Too many rows without a verdict leave open what the rate would be, but not always on which side.
  const open = tooMany ? unscored : 0;
  const least = kept / (decided + open);
  const best = (kept + open) / (decided + open);
  if (least >= minPassRate) return [exitCode.yes, `The pass rate is at least ${percent(minPassRate)}.`];
  if (best < minPassRate) return [exitCode.no, `The pass rate is below ${percent(minPassRate)}.`];
  return [
    exitCode.inconclusive,
    `${unscored} unscored rows could make the pass rate ${percent(least)} or ${percent(best)}.`,
  ];
}

function shareOf(part: number, whole: number): Share {
  return { value: whole === 0 ? null : part / whole, interval: wilsonInterval(part, whole) };
}

export function printSummary(
  summary: BatchSummary,
  { rows, options, context }: EvaluateJob,
  examples: RowExamples,
): void {
  // Where the rows go to standard output, what is said of them goes beside.
  const print = options.out === "-" ? context.err : context.out;
  if (options.json) {
    const { exitCode: code, ...rest } = summary;
    return print(JSON.stringify({ exit_code: code, ...rest }, null, 2));
  }
  if (summary.rows > 0) for (const line of [...tableOf(summary, context.columns), ""]) print(line);
  for (const line of countLines(summary)) print(line);
  const lines = examples.lines(context.columns);
  for (const line of lines) print(line);
  const isInFile = rows !== undefined && rows !== "-";
  if (lines.length > 0 && isInFile) print("--explain --row <line> shows one in full.");
  print(summary.conclusion);
}

function countLines({ rows, decisions: counts, unreadable, passRate, evaluators }: BatchSummary): readonly string[] {
  return [
    `${rows} rows: ${decisions.map((name) => `${counts[name]} ${name.replace("_", " ")}`).join(", ")}`,
    ...(unreadable > 0 ? [`${unreadable} of the unscored rows could not be read.`] : []),
    ...(passRate.value === null ? [] : [`kept of the decided: ${shareText(passRate)}`]),
    ...evaluators.flatMap(({ evaluator, estimatedPassRate: estimate }) =>
      estimate ? [`${evaluator}: ${estimateText(estimate)}`] : [],
    ),
  ];
}

/** What is kept from before, and what was bought, is said where judges were asked. */
function tableOf({ evaluators }: BatchSummary, width: number): readonly string[] {
  // A judge that came to no verdict may have cost something all the same.
  const wasAsked = ({ judged, costUsd }: EvaluatorTally) => judged > 0 || costUsd > 0;
  const isJudged = evaluators.some(wasAsked);
  const right = (title: string) => ({ title, align: "right" as const });
  const columns = [
    { title: "evaluator", whole: true },
    ...outcomes.map((title) => right(title)),
    { title: "pass rate (95 %)", whole: true },
    ...(isJudged ? [right("cached"), right("USD")] : []),
  ];
  const cells = evaluators.map((each) => [
    each.evaluator,
    ...outcomes.map((outcome) => String(each.outcomes[outcome])),
    shareText(each.passRate),
    ...(isJudged ? [String(each.cached), wasAsked(each) ? each.costUsd.toFixed(4) : ""] : []),
  ]);
  return renderTable(columns, cells, width);
}

function estimateText({ rate, interval, because }: PassRateEstimate): string {
  if (rate === null || interval === null) return `true pass rate not estimated: ${because}`;
  return `estimated true pass rate ${percent(rate)} (${percent(interval[0])} to ${percent(interval[1])}). ${because}`;
}

export function shareText({ value, interval: [low, high] }: Share): string {
  return value === null ? "–" : `${percent(value)} (${percent(low)}–${percent(high)})`;
}

export function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
