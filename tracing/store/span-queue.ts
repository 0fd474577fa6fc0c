import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { EncodedSpan } from "./encode-span.ts";
import { messageOf } from "./errors.ts";
import { createSpanFate, type SpanCounters } from "./span-fate.ts";
import type { SpanWriter } from "./span-writer.ts";

export interface SpanQueueOptions {
  readonly encode: (span: ReadableSpan) => EncodedSpan;
  readonly write: SpanWriter;
  /** Told once when writing begins to fail, when it works again, and when the first of a row of spans is lost. */
  readonly report: (problem: string) => void;
  /** Most that may wait, in estimated bytes. */
  readonly maxBytes: number;
}

/** Spans on their way to the database. */
export interface SpanQueue {
  readonly counters: SpanCounters;
  /** Takes a span and returns at once. */
  add(span: ReadableSpan): void;
  /** Writes what waits, as far as it can be written. Never throws: what could not be written keeps waiting. */
  flush(): void;
  /** Writes what waits and gives up what cannot be written. */
  close(): void;
}

/** Spans written in one transaction, a few milliseconds of work; more wait for the next turn of the event loop. */
const batchSize = 32;
const delayMs = 100;

/** Collects spans and writes them in small transactions on a short timer, which does not keep the process alive. */
export function createSpanQueue({ encode, write, report, maxBytes }: SpanQueueOptions): SpanQueue {
  const waiting = createWaiting();
  const fate = createSpanFate(report);
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const writeBatch = (): boolean => {
    const batch = waiting.first(batchSize);
    const { encoded, broken } = encodeEach(encode, batch);
    try {
      write(encoded);
    } catch (error) {
      fate.failed(error);
      return false;
    }
    waiting.remove(batch.length);
    fate.written(encoded.length);
    for (const problem of broken) fate.lost(1, problem);
    return true;
  };
  const flush = () => {
    while (waiting.count > 0 && writeBatch());
  };
  const schedule = (ms: number) => {
    timer ??= setTimeout(() => {
      timer = undefined;
      const written = waiting.count === 0 || writeBatch();
      if (waiting.count > 0) schedule(written ? 0 : fate.retryMs);
    }, ms).unref();
  };

  return {
    get counters() {
      return { ...fate.counters, waiting: waiting.count };
    },
    add(span) {
      fate.received();
      if (closed) return fate.lost(1, "the store is closed");
      const size = estimatedBytes(span);
      if (waiting.bytes + size > maxBytes)
        return fate.lost(1, `${waiting.count} others wait, and there is room for no more`);
      waiting.add(span, size);
      schedule(delayMs);
    },
    flush,
    close() {
      clearTimeout(timer);
      flush();
      closed = true;
      if (waiting.count > 0) fate.lost(waiting.count, "the store was closed while it could not write");
      waiting.remove(waiting.count);
    },
  };
}

/** The spans that wait, oldest first, and about how many bytes they hold. */
function createWaiting() {
  let entries: { readonly span: ReadableSpan; readonly bytes: number }[] = [];
  let bytes = 0;
  return {
    get count() {
      return entries.length;
    },
    get bytes() {
      return bytes;
    },
    add(span: ReadableSpan, size: number): void {
      entries.push({ span, bytes: size });
      bytes += size;
    },
    first: (count: number): readonly ReadableSpan[] => entries.slice(0, count).map(({ span }) => span),
    remove(count: number): void {
      for (const entry of entries.slice(0, count)) bytes -= entry.bytes;
      entries = entries.slice(count);
    },
  };
}

/** One span that cannot be encoded must not keep the others from being written. */
function encodeEach(encode: SpanQueueOptions["encode"], spans: readonly ReadableSpan[]) {
  const encoded: EncodedSpan[] = [];
  const broken: string[] = [];
  for (const span of spans) {
    try {
      encoded.push(encode(span));
    } catch (error) {
      broken.push(`"${span.name}" cannot be encoded (${messageOf(error)})`);
    }
  }
  return { encoded, broken };
}

/** About what a span holds in memory: its texts, and something for everything else. */
function estimatedBytes({ attributes, events, links }: ReadableSpan): number {
  let bytes = 1024 + 256 * (events.length + links.length);
  for (const key in attributes) {
    const value = attributes[key];
    bytes += 64 + (typeof value === "string" || Array.isArray(value) ? value.length : 8);
  }
  return bytes;
}
