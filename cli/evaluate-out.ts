import { statSync } from "node:fs";
import { resolve } from "node:path";
import { type Journal, type JournalLine, type JournalSettings, openJournal } from "../evaluators/index.ts";
import type { EvaluateJob } from "./evaluate-job.ts";
import { usage } from "./evaluate-options.ts";

/** What a way to evaluate knows of the lines that it writes. */
export interface OutLines<Line extends JournalLine> {
  readonly isLine: (line: JournalLine) => line is Line;
  /** Whether --retry-unscored does the row again. */
  readonly isUnscored: (line: Line) => boolean;
  /** Told about every line that is there already. */
  readonly onLine: (line: Line) => void;
}

/** The file of finished rows that --out names; undefined where it names none. Throws `EvaluatorUsageError`, `CommandError`. */
export function openOut<Line extends JournalLine>(
  { options, rows, context }: EvaluateJob,
  settings: JournalSettings,
  { isLine, isUnscored, onLine }: OutLines<Line>,
): Journal<Line> | undefined {
  const { out, restart, retryUnscored = false } = options;
  if (out === undefined || out === "-") return undefined;
  const path = resolve(context.workingDirectory, out);
  if (rows !== undefined && rows !== "-" && isSameFile(path, resolve(context.workingDirectory, rows))) {
    throw usage(`--out ${out} is the file of the rows. Name another one.`);
  }
  return openJournal<Line>(path, settings, { restart, isLine, onLine, again: retryUnscored ? isUnscored : undefined });
}

/** Also under two names. */
function isSameFile(one: string, other: string): boolean {
  const first = statSync(one, { throwIfNoEntry: false });
  const second = statSync(other, { throwIfNoEntry: false });
  return first !== undefined && second !== undefined && first.dev === second.dev && first.ino === second.ino;
}
