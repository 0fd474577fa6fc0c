import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import { openDatabase } from "./database.ts";
import { createSpanEncoder, encodeRequest } from "./encode-span.ts";
import { messageOf, SpanStoreError } from "./errors.ts";
import type { OtlpTraceRequest } from "./otlp.ts";
import { createRetention } from "./retention.ts";
import type { SpanCounters } from "./span-fate.ts";
import { createSpanQueue, type SpanQueue } from "./span-queue.ts";
import { createSpanReader, type SpanReader } from "./span-reader.ts";
import { createSpanWriter } from "./span-writer.ts";

export interface SpanStoreOptions {
  /** A file, made with its folders when it is missing, or `:memory:`. */
  readonly path: string;
  /** Age in milliseconds, from its end, at which a span is deleted; `Infinity` keeps everything. */
  readonly retentionMs: number;
  /** Opens an existing file to ask it questions: nothing is made, written or deleted. */
  readonly readOnly?: boolean;
  /** Most that may wait to be written, in estimated bytes; a span beyond that is lost, counted and reported. 64 MiB. */
  readonly maxWaitingBytes?: number;
  /** Told in one sentence when spans cannot be written, when they can again, and when one is lost. */
  readonly report?: (problem: string) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Spans in a SQLite file, and the questions it answers. */
export interface SpanStore extends SpanReader {
  readonly path: string;
  /** For the SDK. `onEnd` only queues the span; `forceFlush` rejects while spans cannot be written. */
  readonly processor: SpanProcessor;
  readonly counters: SpanCounters;
  /** Writes the spans of an OTLP/JSON request at once, all or none. Throws `SpanStoreError`. */
  ingest(request: OtlpTraceRequest): void;
  /** Writes what waits. Never throws: what cannot be written keeps waiting and is counted in `counters.waiting`. */
  flush(): void;
  stats(): SpanStoreStats;
  /** Writes what waits and closes the file. */
  close(): void;
}

export interface SpanStoreStats {
  readonly spans: number;
  readonly traces: number;
  /** End of the oldest span. */
  readonly oldest?: Date;
}

/** Opens a span store. Throws `SpanStoreError` when the path cannot be written or holds something else. */
export function openSpanStore(options: SpanStoreOptions): SpanStore {
  const { path, readOnly = false, maxWaitingBytes = 64 * 2 ** 20, report = () => {}, now = Date.now } = options;
  const database = openDatabase(path, { readOnly });
  const write = createSpanWriter(database);
  const queue = createSpanQueue({ encode: createSpanEncoder(), write, report, maxBytes: maxWaitingBytes });
  const onError = (error: unknown) => report(`The span store cannot delete old spans (${messageOf(error)}).`);
  const retention = createRetention(database, { retentionMs: readOnly ? Infinity : options.retentionMs, now, onError });
  retention.sweep();
  return {
    path,
    ...createSpanReader(database, () => queue.flush()),
    processor: processorFor(queue),
    get counters() {
      return queue.counters;
    },
    ingest(request) {
      queue.flush();
      ingestAll(write, request, path);
    },
    flush: () => queue.flush(),
    stats() {
      queue.flush();
      const row = database
        .prepare(
          "SELECT (SELECT count(*) FROM span) AS spans, (SELECT count(*) FROM trace) AS traces, (SELECT min(end_ns) / 1000000 FROM span) AS oldest",
        )
        .get();
      const oldest = typeof row?.["oldest"] === "number" ? { oldest: new Date(row["oldest"]) } : {};
      return { spans: Number(row?.["spans"]), traces: Number(row?.["traces"]), ...oldest };
    },
    close() {
      retention.stop();
      queue.close();
      if (database.isOpen) database.close();
    },
  };
}

function processorFor(queue: SpanQueue): SpanProcessor {
  const forceFlush = async () => {
    queue.flush();
    const { waiting } = queue.counters;
    if (waiting > 0) throw new SpanStoreError(`${waiting} spans wait because the span store cannot be written.`);
  };
  return {
    // What a resource learns late (a host's id) is waited for here, since nobody else does without a collector.
    onStart: ({ resource }) => void resource.waitForAsyncAttributes?.(),
    onEnd: (span) => queue.add(span),
    forceFlush,
    shutdown: forceFlush,
  };
}

function ingestAll(write: ReturnType<typeof createSpanWriter>, request: OtlpTraceRequest, path: string): void {
  try {
    write(encodeRequest(request));
  } catch (error) {
    throw new SpanStoreError(`The span store ${path} did not take the spans: ${messageOf(error)}.`, { cause: error });
  }
}
