import { fstatSync, readSync, writeSync } from "node:fs";
import { canonicalJson } from "../cache/canonical-json.ts";
import { EvaluatorUsageError } from "../errors.ts";

/** What must be the same for rows to belong into one file, as short texts by name. */
export type JournalSettings = Readonly<Record<string, string>>;

/** A finished row, as a line of the file. */
export interface JournalLine {
  readonly row: number;
  readonly hash: string;
}

/** An open file of finished rows. */
export interface JournalFile<Line extends JournalLine> {
  readonly path: string;
  readonly descriptor: number;
  readonly settings: JournalSettings;
  /** Whether a line is of the kind that the file is for. */
  readonly isLine: (line: JournalLine) => line is Line;
}

/** A whole line of the file; the header is none. */
export interface WrittenLine<Line> {
  readonly line: Line;
  readonly number: number;
  /** Without the end of line. */
  readonly bytes: Uint8Array;
  /** Where the next line begins. */
  readonly end: number;
}

const format = 1;

/**
 * The lines of a file that were written whole, holding no more than one. Throws `EvaluatorUsageError` for a header of other
 * settings, for a line that cannot be read, and for a file of somebody else.
 */
export function* journalLines<Line extends JournalLine>(
  file: JournalFile<Line>,
): Generator<WrittenLine<Line>, void, undefined> {
  checkOwner(file);
  let number = 0;
  let end = 0;
  for (const bytes of wholeLines(file.descriptor)) {
    number += 1;
    end += bytes.length + 1;
    const fields = parseLine(file.path, number, bytes.toString("utf8"));
    if (number === 1) checkHeader(file, fields);
    else yield { line: toLine(file, number, fields), number, bytes, end };
  }
}

/** Throws `EvaluatorUsageError` unless the file is empty, or begins as one of ours does, however little of it was written. */
export function checkOwner({ path, descriptor }: Pick<JournalFile<JournalLine>, "path" | "descriptor">): void {
  // What is read for ever, or only once, cannot be gone on with.
  if (!fstatSync(descriptor).isFile()) throw new EvaluatorUsageError(`Cannot write ${path}: it is no ordinary file.`);
  const start = Buffer.alloc(headerStart.length);
  const length = readSync(descriptor, start, 0, start.length, 0);
  if (!headerStart.startsWith(start.toString("utf8", 0, length))) throw notOurs(path);
}

const headerStart = '{"proctor":"evaluations"';

/** Bytes of the header, its end of line included; 0 when it was not written whole. */
export function headerLength(descriptor: number): number {
  const [header] = wholeLines(descriptor);
  return header === undefined ? 0 : header.length + 1;
}

export function writeHeader({ path, descriptor, settings }: Omit<JournalFile<JournalLine>, "isLine">): void {
  writeLine(path, descriptor, JSON.stringify({ proctor: "evaluations", format, settings }));
}

/** Throws `EvaluatorUsageError` when there is no room; what was written of the line by then is cut off by the next run. */
export function writeLine(path: string, descriptor: number, line: string | Uint8Array): void {
  const bytes = Buffer.concat([Buffer.from(line), Buffer.from("\n")]);
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new EvaluatorUsageError(
      `Cannot write ${path}: ${code === "ENOSPC" ? "the disk is full" : message}. Rows that it holds are not lost: make room and go on.`,
      { cause: error },
    );
  }
}

function* wholeLines(descriptor: number): Generator<Buffer, void, undefined> {
  const piece = Buffer.allocUnsafe(1 << 20);
  let held: Buffer[] = [];
  for (let position = 0; ;) {
    const length = readSync(descriptor, piece, 0, piece.length, position);
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

type Fields = Readonly<Record<string, unknown>>;

function parseLine(path: string, number: number, text: string): Fields {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch (error) {
    throw unreadable(path, number, "it is not JSON", error);
  }
  if (typeof line !== "object" || line === null) throw unreadable(path, number, "it is no object");
  return line as Fields;
}

function toLine<Line extends JournalLine>({ path, isLine }: JournalFile<Line>, number: number, fields: Fields): Line {
  const { row, hash } = fields;
  if (typeof row !== "number" || !Number.isInteger(row) || typeof hash !== "string" || !/^[0-9a-f]{16}$/.test(hash)) {
    throw unreadable(path, number, "it names no row");
  }
  const line = { ...fields, row, hash };
  if (!isLine(line)) throw unreadable(path, number, `it does not say what became of row ${row}`);
  return line;
}

function checkHeader({ path, settings }: Pick<JournalFile<JournalLine>, "path" | "settings">, header: Fields): void {
  if (header["format"] !== format) {
    throw new EvaluatorUsageError(
      `${path} has the format ${String(header["format"])}, and this Proctor writes format ${format}. Name another file.`,
    );
  }
  const before = (header["settings"] ?? {}) as JournalSettings;
  if (canonicalJson(before) === canonicalJson(settings)) return;
  const names = [...new Set([...Object.keys(before), ...Object.keys(settings)])];
  const differing = names
    .filter((name) => before[name] !== settings[name])
    .map((name) => `${name}: ${before[name] ?? "not there"} then, ${settings[name] ?? "not there"} now`);
  throw new EvaluatorUsageError(
    `${path} was begun with other settings (${differing.join("; ")}), and their results do not mix. Go on with the same, name another file, or begin anew with restart.`,
  );
}

function notOurs(path: string): EvaluatorUsageError {
  return new EvaluatorUsageError(`${path} is there and holds no evaluations of Proctor. Name another file.`);
}

export function unreadable(path: string, line: number, why: string, cause?: unknown): EvaluatorUsageError {
  return new EvaluatorUsageError(
    `Line ${line} of ${path} cannot be read: ${why}. Name another file, or begin anew with restart.`,
    { cause },
  );
}
