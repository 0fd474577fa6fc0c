import { inParallel, type InputRow, type Journal, type JournalLine, readRows } from "../evaluators/index.ts";
import { type ExitCode, exitCode } from "./context.ts";
import type { EvaluateJob } from "./evaluate-job.ts";
import { countRows, sourceOf } from "./evaluate-source.ts";
import type { MeteredJudges } from "./metered-judges.ts";
import { createProgress } from "./progress.ts";

export interface RowWork<Line extends JournalLine> {
  readonly journal: Journal<Line> | undefined;
  readonly meter: MeteredJudges["meter"];
  readonly work: (row: InputRow) => Promise<Line>;
  /** Whether the row need not be done again by the next run. */
  readonly isFinished: (line: Line) => boolean;
  readonly onRow: (line: Line) => void;
}

/** Rows that may wait behind a slow one, per row at a time. */
const aheadPerRow = 4;

/** Works on the rows that `--out` does not hold, several at a time and in their order, and shows how far things are. */
export async function workRows<Line extends JournalLine>(
  job: EvaluateJob,
  { journal, meter, work, isFinished, onRow }: RowWork<Line>,
): Promise<void> {
  const { options, settings, context } = job;
  const { concurrency } = settings;
  const total = await countRows(job, journal);
  const left = total === null ? null : total - (journal?.finished ?? 0);
  const progress = createProgress(context, { total: left, quiet: options.quiet ?? false });
  const input = readRows(sourceOf(job));
  const rows = journal ? journal.unfinished(input) : input;
  const inOrder = { concurrency, order: "input", ahead: aheadPerRow * concurrency, signal: context.signal } as const;
  let done = 0;
  try {
    for await (const row of inParallel(rows, work, inOrder)) {
      if (isFinished(row)) journal?.append(row);
      if (options.out === "-") context.out(JSON.stringify(row));
      onRow(row);
      done += 1;
      progress.show({ done, usd: meter.spent.usd, calls: meter.spent.calls });
    }
  } finally {
    progress.end();
  }
}

/** Says how to go on after Ctrl-C. */
export function interrupted({ options: { out }, context }: EvaluateJob, rows: number): ExitCode {
  const again = out === undefined || out === "-" ? "" : ` Run the same command to go on where ${out} ends.`;
  context.err(`Interrupted after ${rows} rows.${again}`);
  return exitCode.interrupted;
}
