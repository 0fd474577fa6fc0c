import { resolve } from "node:path";
import { type Journal, type JournalLine, readRows, type RowSource } from "../evaluators/index.ts";
import type { EvaluateJob } from "./evaluate-job.ts";

/** The rows that the command names: a file, or standard input. */
export function sourceOf({ rows = "-", context }: EvaluateJob): RowSource {
  return rows === "-" ? (context.input ?? []) : resolve(context.workingDirectory, rows);
}

/**
 * How many rows there are, for progress and estimate; null for standard input, which can be read only once. Throws when the rows
 * are not those that the journal was begun with, before anything is examined.
 */
export async function countRows<Line extends JournalLine>(
  job: EvaluateJob,
  journal: Journal<Line> | undefined,
): Promise<number | null> {
  if ((job.rows ?? "-") === "-") return null;
  const rows = readRows(sourceOf(job));
  let count = journal?.finished ?? 0;
  for await (const _row of journal ? journal.unfinished(rows) : rows) {
    count += 1;
    job.context.signal.throwIfAborted();
  }
  return count;
}
