import type { DatabaseSync } from "node:sqlite";
import { indexKey, inTransaction } from "./database.ts";
import type { EncodedOrigin, EncodedSpan } from "./encode-span.ts";

/** Writes spans, all or none of them. Throws what SQLite throws. */
export type SpanWriter = (spans: readonly EncodedSpan[]) => void;

export function createSpanWriter(database: DatabaseSync): SpanWriter {
  const statements = prepareStatements(database);
  const origins = new Map<string, number>();
  const operations = new Set<string>();
  return (spans) => {
    if (spans.length === 0) return;
    try {
      inTransaction(database, () => writeAll(statements, spans, origins, operations));
    } catch (error) {
      // They may hold rows that the failed transaction took back.
      origins.clear();
      operations.clear();
      throw error;
    }
  };
}

type Statements = ReturnType<typeof prepareStatements>;

const pairsPerStatement = 50;

function prepareStatements(database: DatabaseSync) {
  const pairs = (count: number) =>
    database.prepare(`INSERT OR IGNORE INTO attribute VALUES ${Array(count).fill("(?, ?)").join(", ")}`);
  return {
    addOrigin: database.prepare("INSERT OR IGNORE INTO origin (text, service) VALUES (?, ?)"),
    findOrigin: database.prepare("SELECT id FROM origin WHERE text = ?"),
    addOperation: database.prepare("INSERT OR IGNORE INTO operation VALUES (?, ?, ?)"),
    addTrace: database.prepare(
      `INSERT INTO trace (trace_id, first_start, last_start) VALUES (?, ?, ?) ON CONFLICT (trace_id) DO UPDATE
       SET first_start = min(first_start, excluded.first_start), last_start = max(last_start, excluded.last_start)
       RETURNING id`,
    ),
    addSpan: database.prepare(
      `INSERT INTO span (trace, origin, span_id, parent_id, name, kind, status, start_ns, end_ns)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    addBody: database.prepare("INSERT INTO body VALUES (?, ?)"),
    addPairs: pairs(pairsPerStatement),
    addPair: pairs(1),
  };
}

function writeAll(
  statements: Statements,
  spans: readonly EncodedSpan[],
  origins: Map<string, number>,
  operations: Set<string>,
): void {
  const traces = writeTraces(statements, spans);
  const pairs: number[] = [];
  for (const span of spans) {
    const trace = traces.get(span.traceId) ?? 0;
    writeOperation(statements, span, operations);
    const id = writeSpan(statements, span, trace, originId(statements, span.origin, origins));
    for (const fingerprint of span.fingerprints) pairs.push(indexKey(trace, fingerprint), id);
  }
  writePairs(statements, pairs);
}

/** One row per trace of the batch; gives their ids, in the order in which the traces arrived. */
function writeTraces({ addTrace }: Statements, spans: readonly EncodedSpan[]): ReadonlyMap<string, number> {
  const windows = new Map<string, { first: bigint; last: bigint }>();
  for (const { traceId, startNanoseconds: start } of spans) {
    const { first = start, last = start } = windows.get(traceId) ?? {};
    windows.set(traceId, { first: start < first ? start : first, last: start > last ? start : last });
  }
  return new Map(
    [...windows].map(([traceId, { first, last }]) => [traceId, Number(addTrace.get(traceId, first, last)?.["id"])]),
  );
}

function writeSpan({ addSpan, addBody }: Statements, span: EncodedSpan, trace: number, origin: number): number {
  const { spanId, parentSpanId, name, kind, status, startNanoseconds, endNanoseconds, body } = span;
  const row = addSpan.run(trace, origin, spanId, parentSpanId, name, kind, status, startNanoseconds, endNanoseconds);
  addBody.run(row.lastInsertRowid, body);
  return Number(row.lastInsertRowid);
}

function writePairs({ addPairs, addPair }: Statements, pairs: readonly number[]): void {
  const step = 2 * pairsPerStatement;
  let index = 0;
  for (; index + step <= pairs.length; index += step) addPairs.run(...pairs.slice(index, index + step));
  for (; index < pairs.length; index += 2) addPair.run(...pairs.slice(index, index + 2));
}

function originId({ addOrigin, findOrigin }: Statements, origin: EncodedOrigin, origins: Map<string, number>): number {
  const known = origins.get(origin.text);
  if (known !== undefined) return known;
  addOrigin.run(origin.text, origin.service);
  const id = Number(findOrigin.get(origin.text)?.["id"]);
  origins.set(origin.text, id);
  return id;
}

function writeOperation(
  { addOperation }: Statements,
  { origin, name, kind }: EncodedSpan,
  operations: Set<string>,
): void {
  const operation = `${kind} ${origin.service} ${name}`;
  if (origin.service === "" || operations.has(operation)) return;
  addOperation.run(origin.service, name, kind);
  // Names may hold ids: forget all rather than remember without end.
  if (operations.size > 10_000) operations.clear();
  operations.add(operation);
}
