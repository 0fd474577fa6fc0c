import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { messageOf, SpanStoreError } from "./errors.ts";

/** Traces per block of the attribute index. */
export const tracesPerBlock = 1024;

/**
 * Key of an attribute in the index: block of traces × 2^32 + fingerprint. New spans so fall into one small region of the
 * index instead of all over it (a third of the time to write), and a query goes block by block from the newest.
 */
export function indexKey(trace: number, fingerprint: number): number {
  return Math.floor(trace / tracesPerBlock) * 2 ** 32 + fingerprint;
}

/**
 * Opens the database of a span store and makes its tables when it is new. Gateway and command line may share the file: it is
 * in WAL mode and a lock is waited for. Throws `SpanStoreError`.
 */
export function openDatabase(path: string, { readOnly }: { readonly readOnly: boolean }): DatabaseSync {
  const database = connect(path, readOnly);
  try {
    prepare(database, path, readOnly);
    return database;
  } catch (error) {
    database.close();
    throw error instanceof SpanStoreError ? error : notOpened(path, error);
  }
}

/** Runs a piece of work in one transaction; nothing of it stays when it throws. */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

/** "PRoc": marks the file as ours (`PRAGMA application_id`). */
const applicationId = 0x50526f63;
const schemaVersion = 1;

/** `trace.id` counts arrivals and never comes back, because traces are answered last received first. */
const schema = `
  CREATE TABLE origin (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, service TEXT NOT NULL);
  CREATE TABLE operation (
    service TEXT NOT NULL, name TEXT NOT NULL, kind INTEGER NOT NULL, PRIMARY KEY (service, name, kind)
  ) WITHOUT ROWID;
  CREATE TABLE trace (
    id INTEGER PRIMARY KEY AUTOINCREMENT, trace_id TEXT NOT NULL UNIQUE,
    first_start INTEGER NOT NULL, last_start INTEGER NOT NULL
  );
  CREATE TABLE span (
    id INTEGER PRIMARY KEY AUTOINCREMENT, trace INTEGER NOT NULL, origin INTEGER NOT NULL,
    span_id TEXT NOT NULL, parent_id TEXT NOT NULL, name TEXT NOT NULL, kind INTEGER NOT NULL, status INTEGER NOT NULL,
    start_ns INTEGER NOT NULL, end_ns INTEGER NOT NULL
  );
  CREATE INDEX span_trace ON span (trace);
  CREATE INDEX span_end ON span (end_ns);
  CREATE TABLE body (span INTEGER PRIMARY KEY, request BLOB NOT NULL);
  CREATE TABLE attribute (key INTEGER NOT NULL, span INTEGER NOT NULL, PRIMARY KEY (key, span)) WITHOUT ROWID;
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${schemaVersion};
`;

/** Pages of 8 KiB hold most bodies whole; a checkpoint at 32 MiB instead of 4 writes a page of the index once, not often. */
const settings = `
  PRAGMA page_size = 8192;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA journal_size_limit = 67108864;
`;

function connect(path: string, readOnly: boolean): DatabaseSync {
  try {
    if (path !== ":memory:" && !readOnly) mkdirSync(dirname(path), { recursive: true });
    return new DatabaseSync(path, { readOnly, timeout: 2000 });
  } catch (error) {
    throw notOpened(path, error);
  }
}

function prepare(database: DatabaseSync, path: string, readOnly: boolean): void {
  if (readOnly) return checkVersion(database, path);
  database.exec(settings);
  inTransaction(database, () => {
    if (isEmpty(database)) database.exec(schema);
    checkVersion(database, path);
  });
  // A lock that lasts is met again at the next attempt: the event loop is not held up for it.
  database.exec("PRAGMA busy_timeout = 250");
}

function isEmpty(database: DatabaseSync): boolean {
  return (
    number(database, "SELECT count(*) AS value FROM sqlite_schema") === 0 && pragma(database, "user_version") === 0
  );
}

function checkVersion(database: DatabaseSync, path: string): void {
  if (pragma(database, "application_id") !== applicationId) {
    throw new SpanStoreError(
      `${path} is a SQLite database, but not a span store. Choose another path for the span store.`,
    );
  }
  const found = pragma(database, "user_version");
  if (found === schemaVersion) return;
  throw new SpanStoreError(
    `The span store ${path} has schema version ${found}, and this Proctor reads version ${schemaVersion}. Move the file away (a new one is made) or choose another path.`,
  );
}

function pragma(database: DatabaseSync, name: "application_id" | "user_version"): number {
  return number(database, `SELECT ${name} AS value FROM pragma_${name}`);
}

function number(database: DatabaseSync, sql: string): number {
  return Number(database.prepare(sql).get()?.["value"]);
}

function notOpened(path: string, error: unknown): SpanStoreError {
  const message = messageOf(error);
  const advice = /not a database/.test(message)
    ? "Move the file away (a new one is made) or choose another path."
    : "Make the folder writable or choose another path.";
  return new SpanStoreError(`Cannot open the span store ${path}: ${message}. ${advice}`, { cause: error });
}
