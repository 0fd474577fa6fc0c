import type { DatabaseSync } from "node:sqlite";
import { decodeBody } from "./encode-span.ts";
import { findTraces } from "./find-traces.ts";
import { createOrigins } from "./origins.ts";
import type { OtlpOrigin, OtlpSpan } from "./otlp.ts";
import { kinds, type SpanCriteria } from "./span-criteria.ts";

/** Spans of one trace with the same resource and scope. */
export interface StoredSpans {
  readonly origin: OtlpOrigin;
  readonly spans: readonly OtlpSpan[];
}

/** What a summary needs of a span. */
export interface SpanOutline {
  readonly spanId: string;
  /** Empty for a root. */
  readonly parentSpanId: string;
  readonly service: string;
  readonly name: string;
  readonly status: number;
  readonly startNanoseconds: bigint;
  readonly endNanoseconds: bigint;
}

/** The questions that a span store answers. Every one sees all spans that had ended before it was asked. */
export interface SpanReader {
  /** Services that ever wrote a span. */
  services(): readonly string[];
  /** Operations that a service ever had; `kind` is a word of `span.kind` in lower case, empty when unspecified. */
  operations(service: string): readonly { readonly name: string; readonly kind: string }[];
  /** Ids of the traces that meet the criteria, last received first. */
  find(criteria: SpanCriteria): readonly string[];
  /** All spans of a trace in the order in which they came, grouped by origin; empty when there is no such trace. */
  trace(traceId: string): readonly StoredSpans[];
  outline(traceId: string): readonly SpanOutline[];
}

/** Reads a database; `before` runs before every question. */
export function createSpanReader(database: DatabaseSync, before: () => void): SpanReader {
  const origins = createOrigins(database);
  const services = database.prepare("SELECT DISTINCT service FROM operation ORDER BY service");
  const operations = database.prepare("SELECT name, kind FROM operation WHERE service = ? ORDER BY name, kind");
  const traceId = database.prepare("SELECT trace_id FROM trace WHERE id = ?");
  const bodies = database.prepare(
    `SELECT span.origin, body.request FROM trace JOIN span ON span.trace = trace.id JOIN body ON body.span = span.id
     WHERE trace.trace_id = ? ORDER BY span.id`,
  );
  const outlines = database.prepare(
    `SELECT span.span_id, span.parent_id, span.origin, span.name, span.status, span.start_ns, span.end_ns
     FROM trace JOIN span ON span.trace = trace.id WHERE trace.trace_id = ? ORDER BY span.id`,
  );
  outlines.setReadBigInts(true);
  const nanoseconds = (value: unknown) => (typeof value === "bigint" ? value : 0n);
  return {
    services() {
      before();
      return services.all().map(({ service }) => String(service));
    },
    operations(service) {
      before();
      return operations.all(service).map(({ name, kind }) => ({ name: String(name), kind: kinds[Number(kind)] ?? "" }));
    },
    find(criteria) {
      before();
      return findTraces(database, origins, criteria).map((id) => String(traceId.get(id)?.["trace_id"]));
    },
    trace(id) {
      before();
      const rows = bodies.all(id).map(({ origin, request }) => ({ origin: Number(origin), span: decodeBody(request) }));
      const groups = Map.groupBy(rows, ({ origin }) => origin);
      return [...groups].map(([origin, spans]) => ({
        origin: origins.get(origin),
        spans: spans.map(({ span }) => span),
      }));
    },
    outline(id) {
      before();
      return outlines.all(id).map((row) => ({
        spanId: String(row["span_id"]),
        parentSpanId: String(row["parent_id"]),
        service: origins.service(Number(row["origin"])),
        name: String(row["name"]),
        status: Number(row["status"]),
        startNanoseconds: nanoseconds(row["start_ns"]),
        endNanoseconds: nanoseconds(row["end_ns"]),
      }));
    },
  };
}
