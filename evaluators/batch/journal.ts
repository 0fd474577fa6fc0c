import { closeSync, constants, fdatasyncSync, fstatSync, ftruncateSync, openSync } from "node:fs";
import { EvaluatorUsageError } from "../errors.ts";
import { createFinishedRows, type FinishedRows } from "./finished-rows.ts";
import {
  checkOwner,
  headerLength,
  type JournalFile,
  type JournalLine,
  journalLines,
  type JournalSettings,
  unreadable,
  writeHeader,
  writeLine,
} from "./journal-lines.ts";
import { lockFile } from "./lock-file.ts";
import type { InputRow } from "./read-rows.ts";
import { withoutLines } from "./without-lines.ts";

/**
 * A file of finished rows: JSON lines, a header first, one line a row, only ever appended to. A line is in the hands of the
 * operating system before `append` returns, so a process that is killed loses nothing; it is forced to the disk once a second
 * and at the end, so a machine that loses its power loses at most the last second, which the next run examines again.
 */
export interface Journal<Line extends JournalLine> {
  /** Rows that the file held when it was opened. */
  readonly finished: number;
  /** Throws `EvaluatorUsageError` when there is no room for it. */
  append(line: Line): void;
  /** The rows that the file does not hold. Throws `EvaluatorUsageError` when one that it holds has changed, or is gone. */
  unfinished(rows: AsyncIterable<InputRow>): AsyncGenerator<InputRow, void, undefined>;
  close(): void;
}

export interface JournalOptions<Line extends JournalLine> {
  /** Begins anew and throws away what the file holds, but only if it is one of ours. */
  readonly restart?: boolean | undefined;
  /** Lines of rows that are to be done again are taken out first. */
  readonly again?: ((line: Line) => boolean) | undefined;
  /** Whether a line is what the caller wrote; one that is not makes the file unreadable. Any line is, when absent. */
  readonly isLine?: ((line: JournalLine) => line is Line) | undefined;
  /** Told about every line that the file holds already. */
  readonly onLine?: ((line: Line) => void) | undefined;
}

/**
 * Opens a file of finished rows, or makes it. A last line that was not written whole is cut off. Throws `EvaluatorUsageError`
 * when the file is something else, was written with other settings, or is being written by another process.
 */
export function openJournal<Line extends JournalLine>(
  path: string,
  settings: JournalSettings,
  { restart = false, again, isLine = isAny, onLine }: JournalOptions<Line> = {},
): Journal<Line> {
  const unlock = lockFile(path);
  let file: JournalFile<Line> | undefined;
  try {
    file = { path, descriptor: openFile(path), settings, isLine };
    if (restart) empty(file);
    if (again && withoutLines(file, again)) {
      const old = file.descriptor;
      file = { ...file, descriptor: openFile(path) };
      closeSync(old);
    }
    return journalOver(file, readFinished(file, onLine), unlock);
  } catch (error) {
    if (file) closeSync(file.descriptor);
    unlock();
    throw error;
  }
}

function isAny<Line extends JournalLine>(_line: JournalLine): _line is Line {
  return true;
}

function journalOver<Line extends JournalLine>(
  { path, descriptor }: JournalFile<Line>,
  hashes: FinishedRows,
  unlock: () => void,
): Journal<Line> {
  let synced = performance.now();
  let isOpen = true;
  return {
    finished: hashes.size,
    append(line) {
      writeLine(path, descriptor, JSON.stringify(line));
      if (performance.now() - synced < syncMs) return;
      fdatasyncSync(descriptor);
      synced = performance.now();
    },
    async *unfinished(rows) {
      let met = 0;
      for await (const row of rows) {
        const state = hashes.compare(row.row, row.hash);
        if (state === "other") throw changed(path, `another row ${row.row}`);
        if (state === "same") met += 1;
        else yield row;
      }
      if (met < hashes.size) throw changed(path, `${hashes.size - met} rows that the input no longer has`);
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      fdatasyncSync(descriptor);
      closeSync(descriptor);
      unlock();
    },
  };
}

const syncMs = 1000;

function openFile(path: string): number {
  const { O_RDWR, O_CREAT, O_APPEND } = constants;
  try {
    return openSync(path, O_RDWR | O_CREAT | O_APPEND);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such folder" : code === "EISDIR" ? "it is a folder" : message;
    throw new EvaluatorUsageError(`Cannot write ${path}: ${why}.`, { cause: error });
  }
}

/** A file of somebody else is not ours to throw away, not even when we are asked to begin anew. */
function empty(file: JournalFile<JournalLine>): void {
  checkOwner(file);
  ftruncateSync(file.descriptor, 0);
}

/** Reads what is finished, in one pass and without holding more than a line, and cuts off what was not written whole. */
function readFinished<Line extends JournalLine>(
  file: JournalFile<Line>,
  onLine: ((line: Line) => void) | undefined,
): FinishedRows {
  const { path, descriptor } = file;
  const hashes: FinishedRows = createFinishedRows();
  let whole: number | undefined;
  for (const { line, number, end } of journalLines(file)) {
    if (!hashes.add(line.row, line.hash)) throw unreadable(path, number, `row ${line.row} is in it twice`);
    onLine?.(line);
    whole = end;
  }
  whole ??= headerLength(descriptor);
  if (fstatSync(descriptor).size > whole) ftruncateSync(descriptor, whole);
  if (whole === 0) writeHeader(file);
  return hashes;
}

function changed(path: string, what: string): EvaluatorUsageError {
  return new EvaluatorUsageError(
    `${path} holds results for ${what}: it belongs to other rows, or the rows were changed. Give the same rows, name another file, or begin anew with restart.`,
  );
}
