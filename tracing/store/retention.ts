import type { DatabaseSync } from "node:sqlite";
import { indexKey, inTransaction } from "./database.ts";
import { decodeBody } from "./encode-span.ts";
import { bearerOf, fingerprintsOf } from "./fingerprint.ts";

export interface RetentionOptions {
  /** Age, from its end, at which a span is deleted. `Infinity` keeps everything. */
  readonly retentionMs: number;
  readonly now: () => number;
  /** Told when a sweep failed; the next one tries again. */
  readonly onError: (error: unknown) => void;
}

/** A sweep that goes on in the background. */
export interface Retention {
  /** Deletes one portion of what is too old. */
  sweep(): void;
  stop(): void;
}

/** Spans deleted in one transaction, so that the event loop is not held up. */
const portion = 100;
const pauseMs = 50;
const longestIntervalMs = 600_000;

/** Deletes old spans now and then, a portion at a time; the timer does not keep the process alive. */
export function createRetention(database: DatabaseSync, { retentionMs, now, onError }: RetentionOptions): Retention {
  if (!Number.isFinite(retentionMs)) return { sweep: () => {}, stop: () => {} };
  const removeOld = createRemover(database);
  const intervalMs = Math.min(longestIntervalMs, Math.max(1000, retentionMs / 10));
  let timer: NodeJS.Timeout | undefined;
  const sweep = () => {
    clearTimeout(timer);
    let removed = 0;
    try {
      removed = removeOld(BigInt(Math.floor(now() - retentionMs)) * 1_000_000n);
    } catch (error) {
      onError(error);
    }
    timer = setTimeout(sweep, removed === portion ? pauseMs : intervalMs).unref();
  };
  return { sweep, stop: () => clearTimeout(timer) };
}

/** A function that deletes up to one portion of spans that ended before a time and says how many it deleted. */
function createRemover(database: DatabaseSync): (before: bigint) => number {
  const old = database.prepare(
    `SELECT span.id, span.trace, body.request FROM span JOIN body ON body.span = span.id
     WHERE span.end_ns < ? ORDER BY span.end_ns LIMIT ${portion}`,
  );
  const hasOld = database.prepare("SELECT 1 FROM span WHERE end_ns < ? LIMIT 1");
  const removeAttribute = database.prepare("DELETE FROM attribute WHERE key = ? AND span = ?");
  const removeBody = database.prepare("DELETE FROM body WHERE span = ?");
  const removeSpan = database.prepare("DELETE FROM span WHERE id = ?");
  const removeTrace = database.prepare(
    "DELETE FROM trace WHERE id = ? AND NOT EXISTS (SELECT 1 FROM span WHERE span.trace = trace.id)",
  );
  return (before) => {
    // No write lock is taken when there is nothing to do.
    if (hasOld.get(before) === undefined) return 0;
    return inTransaction(database, () => {
      const rows = old.all(before).map(({ id, trace, request }) => ({ id: Number(id), trace: Number(trace), request }));
      for (const { id, trace, request } of rows) {
        const fingerprints = fingerprintsOf(bearerOf(decodeBody(request)));
        for (const found of fingerprints) removeAttribute.run(indexKey(trace, found), id);
        removeBody.run(id);
        removeSpan.run(id);
      }
      for (const trace of new Set(rows.map((row) => row.trace))) removeTrace.run(trace);
      return rows.length;
    });
  };
}
