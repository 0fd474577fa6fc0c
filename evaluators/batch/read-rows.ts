import { hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { EvaluatorUsageError } from "../errors.ts";
import { canonicalJson } from "../cache/canonical-json.ts";
import { isNestedDeeper } from "../nesting.ts";
import { type Line, splitLines } from "./split-lines.ts";

/**
 * Where rows come from: an array or any iterable of objects, an async iterable of objects, the path of a JSONL file, or JSONL
 * text in pieces of bytes or strings, such as standard input.
 */
export type RowSource = string | URL | Iterable<unknown> | AsyncIterable<unknown>;

/** A row before anything was made of it. */
export interface InputRow {
  /** Its line in a text, from 1, or its place among objects. */
  readonly row: number;
  /** 16 hexadecimal digits that tell it from any other row: of a sha256 of the line, or of the object. */
  readonly hash: string;
  /** What the row holds; undefined when `problem` says why it could not be read. */
  readonly source?: unknown;
  readonly problem?: string;
}

export interface ReadRowsOptions {
  /** Bytes that a line may have; 16 MiB when absent. */
  readonly longestLine?: number | undefined;
}

/** Reads rows one at a time, only as fast as they are asked for. Blank lines are no rows. Throws `EvaluatorUsageError` for a file that cannot be read. */
export async function* readRows(source: RowSource, options: ReadRowsOptions = {}): AsyncGenerator<InputRow> {
  if (typeof source === "string" || source instanceof URL) yield* readText(readFile(source), options);
  else if (Symbol.asyncIterator in source) yield* readMixed(source, options);
  else yield* numbered(source);
}

const defaultLongestLine = 16 * 1024 * 1024;

async function* readText(
  pieces: AsyncIterable<Uint8Array | string>,
  { longestLine = defaultLongestLine }: ReadRowsOptions,
): AsyncGenerator<InputRow> {
  for await (const line of splitLines(pieces, longestLine)) {
    const row = parseLine(line, longestLine);
    if (row) yield row;
  }
}

/** The first piece says what an async iterable brings: text, or rows. */
async function* readMixed(source: AsyncIterable<unknown>, options: ReadRowsOptions): AsyncGenerator<InputRow> {
  const iterator = source[Symbol.asyncIterator]();
  const first = await iterator.next();
  const rest = continued(first, iterator);
  if (!first.done && isText(first.value)) yield* readText(onlyText(rest), options);
  else yield* numbered(rest);
}

async function* continued(first: IteratorResult<unknown>, iterator: AsyncIterator<unknown>): AsyncGenerator<unknown> {
  try {
    for (let next = first; !next.done; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

async function* onlyText(pieces: AsyncIterable<unknown>): AsyncGenerator<Uint8Array | string> {
  for await (const piece of pieces) {
    if (!isText(piece)) throw new EvaluatorUsageError("Rows come either as objects or as JSONL text, not as both.");
    yield piece;
  }
}

async function* numbered(rows: Iterable<unknown> | AsyncIterable<unknown>): AsyncGenerator<InputRow> {
  let row = 0;
  for await (const source of rows) {
    row += 1;
    yield { row, hash: shortHash(canonicalJson(source)), source };
  }
}

async function* readFile(path: string | URL): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of createReadStream(path)) yield piece as Uint8Array;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : message;
    throw new EvaluatorUsageError(`Cannot read ${String(path)}: ${why}.`, { cause: error });
  }
}

function isText(piece: unknown): piece is Uint8Array | string {
  return typeof piece === "string" || piece instanceof Uint8Array;
}

/** More than any row means, and fewer than writing it back takes the whole stack for. */
const mostLevels = 500;

const decoder = new TextDecoder("utf-8", { fatal: true });

function parseLine({ number: row, bytes, isTooLong }: Line, longestLine: number): InputRow | undefined {
  const identity = { row, hash: shortHash(bytes) };
  if (isTooLong) return { ...identity, problem: `Line ${row} is longer than ${longestLine} bytes and was not read.` };
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return { ...identity, problem: `Line ${row} is not UTF-8 text.` };
  }
  if (text.trim() === "") return undefined;
  try {
    const source: unknown = JSON.parse(text);
    if (!isNestedDeeper(source, mostLevels)) return { ...identity, source };
    return { ...identity, problem: `Line ${row} is nested deeper than ${mostLevels} levels and was not read.` };
  } catch {
    // What the parser says quotes the line, and this sentence may be shown where the row is not.
    return { ...identity, problem: `Line ${row} is not JSON: one object a line is expected.` };
  }
}

function shortHash(content: string | Uint8Array): string {
  return hash("sha256", content, "hex").slice(0, 16);
}
