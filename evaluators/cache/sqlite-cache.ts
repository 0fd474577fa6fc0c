import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Cache } from "../cache.ts";

export interface SqliteCacheOptions {
  readonly path: string;
  /** Told once, in one line, that the file cannot be used. */
  readonly report: (line: string) => void;
  /** Texts that are kept at most; what was used longest ago goes first. */
  readonly mostEntries?: number;
}

/** A cache in a file, which outlives the process and may be shared by several. */
export interface SqliteCache extends Cache {
  close(): void;
}

/** How long another process that writes is waited for, in milliseconds: a verdict is not worth more. */
const lockMs = 250;

/** Entries are counted and the oldest removed once in so many writes. */
const writesPerSweep = 500;

/** Uses are noted to the minute, so that reading seldom writes. */
const useStepMs = 60_000;

/**
 * Opens a cache in a SQLite file, which is made when it is not there. Never throws: a file that is broken, locked or no cache
 * of ours is reported once, and from then on the cache keeps nothing.
 */
export function openSqliteCache({ path, report, mostEntries = 200_000 }: SqliteCacheOptions): SqliteCache {
  let statements: Statements | undefined;
  const giveUp = (error: unknown): void => {
    statements?.database.close();
    statements = undefined;
    const why = error instanceof Error ? error.message : String(error);
    report(`Verdicts are not kept in ${path}: ${why}. Every judge is asked; move the file away to begin a new one.`);
  };
  const attempt = <Result>(work: (open: Statements) => Result): Result | undefined => {
    try {
      return statements && work(statements);
    } catch (error) {
      // Somebody else writes for long: this one text is not read or kept, the next one may be.
      if (!isBusy(error)) giveUp(error);
      return undefined;
    }
  };
  try {
    statements = open(path);
  } catch (error) {
    giveUp(error);
  }
  let writes = 0;
  return {
    get: (key) => Promise.resolve(attempt((to) => read(to, key))),
    set(key, value) {
      attempt((to) => {
        to.write.run(key, value, Date.now());
        writes += 1;
        if (writes % writesPerSweep === 0) to.sweep.run(mostEntries);
      });
      return Promise.resolve();
    },
    close() {
      attempt((to) => to.sweep.run(mostEntries));
      statements?.database.close();
      statements = undefined;
    },
  };
}

interface Statements {
  readonly database: DatabaseSync;
  readonly read: StatementSync;
  readonly touch: StatementSync;
  readonly write: StatementSync;
  readonly sweep: StatementSync;
}

/** "PRvc": marks the file as ours (`PRAGMA application_id`). */
const applicationId = 0x50527663;

const schema = `
  CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value TEXT NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS kept_used ON kept (used);
  PRAGMA application_id = ${applicationId};
`;

function open(path: string): Statements {
  if (path !== ":memory:") mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path, { timeout: lockMs });
  try {
    checkOwner(database);
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ${schema}`);
    return {
      database,
      read: database.prepare("SELECT value, used FROM kept WHERE key = ?"),
      touch: database.prepare("UPDATE kept SET used = ? WHERE key = ?"),
      write: database.prepare("INSERT OR REPLACE INTO kept (key, value, used) VALUES (?, ?, ?)"),
      sweep: database.prepare(
        "DELETE FROM kept WHERE key IN (SELECT key FROM kept ORDER BY used LIMIT max(0, (SELECT count(*) FROM kept) - ?))",
      ),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Somebody else's database must not get a table of ours. */
function checkOwner(database: DatabaseSync): void {
  const id = Number(database.prepare("SELECT application_id AS id FROM pragma_application_id").get()?.["id"]);
  const tables = Number(database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get()?.["tables"]);
  if (id !== applicationId && (id !== 0 || tables > 0)) throw new Error("it is a SQLite database of something else");
}

function read({ read: select, touch }: Statements, key: string): string | undefined {
  const found = select.get(key);
  if (!found) return undefined;
  const now = Date.now();
  if (now - Number(found["used"]) > useStepMs) touch.run(now, key);
  return String(found["value"]);
}

/** SQLITE_BUSY and SQLITE_LOCKED. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && (error.errcode === 5 || error.errcode === 6);
}
