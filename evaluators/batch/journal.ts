import { closeSync, constants, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { EvaluatorUsageError } from "../errors.ts";
import { canonicalJson } from "../cache/canonical-json.ts";
import { createFinishedRows, type FinishedRows } from "./finished-rows.ts";
import { lockFile } from "./lock-file.ts";
import type { InputRow } from "./read-rows.ts";

/** What must be the same for rows to belong into one file, as short texts by name. */
export type JournalSettings = Readonly<Record<string, string>>;

/** A finished row, as a line of the file. */
export interface JournalLine {
  readonly row: number;
  readonly hash: string;
}

/**
 * A file of finished rows: JSON lines, a header first, only ever appended to. A line is in the hands of the operating system
 * before `append` returns, so a process that is killed loses nothing; it is forced to the disk once a second and at the end,
 * so a machine that loses its power loses at most the last second, which the next run examines again.
 */
export interface Journal<Line extends JournalLine> {
  /** Rows that the file held when it was opened. */
  readonly finished: number;
  append(line: Line): void;
  /** The rows that the file does not hold. Throws `EvaluatorUsageError` when one that it holds has changed, or is gone. */
  unfinished(rows: AsyncIterable<InputRow>): AsyncGenerator<InputRow, void, undefined>;
  close(): void;
}

export interface JournalOptions<Line> {
  /** Begins anew and throws away what the file holds. */
  readonly restart?: boolean | undefined;
  /** Told about every line that the file holds already. */
  readonly onLine?: ((line: Line) => void) | undefined;
}

const format = 1;

/**
 * Opens a file of finished rows, or makes it. A last line that was not written whole is cut off. Throws `EvaluatorUsageError`
 * when the file is something else, was written with other settings, or is being written by another process.
 */
export function openJournal<Line extends JournalLine>(
  path: string,
  settings: JournalSettings,
  { restart = false, onLine }: JournalOptions<Line> = {},
): Journal<Line> {
  const unlock = lockFile(path);
  let file: number | undefined;
  try {
    file = openFile(path, restart);
    const hashes = readFinished<Line>(path, file, settings, onLine);
    return journalOver(path, file, hashes, unlock);
  } catch (error) {
    if (file !== undefined) closeSync(file);
    unlock();
    throw error;
  }
}

function journalOver<Line extends JournalLine>(
  path: string,
  file: number,
  hashes: FinishedRows,
  unlock: () => void,
): Journal<Line> {
  let synced = performance.now();
  let isOpen = true;
  return {
    finished: hashes.size,
    append(line) {
      writeLine(file, line);
      if (performance.now() - synced < syncMs) return;
      fdatasyncSync(file);
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
      fdatasyncSync(file);
      closeSync(file);
      unlock();
    },
  };
}

const syncMs = 1000;

function openFile(path: string, restart: boolean): number {
  const { O_RDWR, O_CREAT, O_APPEND, O_TRUNC } = constants;
  try {
    return openSync(path, O_RDWR | O_CREAT | O_APPEND | (restart ? O_TRUNC : 0));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such folder" : code === "EISDIR" ? "it is a folder" : message;
    throw new EvaluatorUsageError(`Cannot write ${path}: ${why}.`, { cause: error });
  }
}

/** Reads what is finished, in one pass and without holding more than a line, and cuts off what was not written whole. */
function readFinished<Line extends JournalLine>(
  path: string,
  file: number,
  settings: JournalSettings,
  onLine: ((line: Line) => void) | undefined,
): FinishedRows {
  const hashes: FinishedRows = createFinishedRows();
  let number = 0;
  let end = 0;
  for (const bytes of wholeLines(file)) {
    number += 1;
    const line = parseLine(path, number, bytes.toString("utf8"));
    if (number === 1) checkHeader(path, line, settings);
    else {
      const { row, hash } = line as Line;
      if (!hashes.add(row, hash)) throw unreadable(path, number, `row ${row} is in it twice`);
      onLine?.(line as Line);
    }
    end += bytes.length + 1;
  }
  if (fstatSync(file).size > end) {
    // A first line that is no header belongs to a file of somebody else, and is not ours to cut.
    if (end === 0 && !isTornHeader(file)) throw notOurs(path);
    ftruncateSync(file, end);
  }
  if (end === 0) writeLine(file, { proctor: "evaluations", format, settings });
  return hashes;
}

function* wholeLines(file: number): Generator<Buffer, void, undefined> {
  const piece = Buffer.allocUnsafe(1 << 20);
  let held: Buffer[] = [];
  for (let position = 0; ;) {
    const length = readSync(file, piece, 0, piece.length, position);
    if (length === 0) return;
    position += length;
    let start = 0;
    for (let end = piece.indexOf(10, 0); end >= 0 && end < length; end = piece.indexOf(10, start)) {
      yield Buffer.concat([...held, piece.subarray(start, end)]);
      held = [];
      start = end + 1;
    }
    held.push(Buffer.from(piece.subarray(start, length)));
  }
}

const headerStart = '{"proctor":"evaluations"';

function isTornHeader(file: number): boolean {
  const start = Buffer.alloc(headerStart.length);
  const length = readSync(file, start, 0, start.length, 0);
  return headerStart.startsWith(start.toString("utf8", 0, length));
}

function parseLine(path: string, number: number, text: string): Readonly<Record<string, unknown>> {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch (error) {
    throw number === 1 ? notOurs(path) : unreadable(path, number, "it is not JSON", error);
  }
  if (typeof line !== "object" || line === null) throw notOurs(path);
  const fields = line as Readonly<Record<string, unknown>>;
  if (number > 1 && !(Number.isInteger(fields["row"]) && /^[0-9a-f]{16}$/.test(String(fields["hash"])))) {
    throw unreadable(path, number, "it names no row");
  }
  return fields;
}

function checkHeader(path: string, header: Readonly<Record<string, unknown>>, settings: JournalSettings): void {
  if (header["proctor"] !== "evaluations") throw notOurs(path);
  if (header["format"] !== format) {
    throw new EvaluatorUsageError(
      `${path} has the format ${String(header["format"])}, and this Proctor writes format ${format}. Name another file.`,
    );
  }
  const before = header["settings"] as JournalSettings;
  if (canonicalJson(before) === canonicalJson(settings)) return;
  const names = [...new Set([...Object.keys(before), ...Object.keys(settings)])];
  const differing = names
    .filter((name) => before[name] !== settings[name])
    .map((name) => `${name}: ${before[name] ?? "not there"} then, ${settings[name] ?? "not there"} now`);
  throw new EvaluatorUsageError(
    `${path} was begun with other settings (${differing.join("; ")}), and their results do not mix. Go on with the same, name another file, or begin anew with restart.`,
  );
}

function changed(path: string, what: string): EvaluatorUsageError {
  return new EvaluatorUsageError(
    `${path} holds results for ${what}: it belongs to other rows, or the rows were changed. Give the same rows, name another file, or begin anew with restart.`,
  );
}

function notOurs(path: string): EvaluatorUsageError {
  return new EvaluatorUsageError(`${path} is there and holds no evaluations of Proctor. Name another file.`);
}

function unreadable(path: string, line: number, why: string, cause?: unknown): EvaluatorUsageError {
  return new EvaluatorUsageError(
    `Line ${line} of ${path} cannot be read: ${why}. Name another file, or begin anew with restart.`,
    { cause },
  );
}

function writeLine(file: number, line: unknown): void {
  const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
}
