import { messageOf } from "./errors.ts";

/** What became of the spans that ended: `received` is the sum of `stored`, `dropped` and `waiting`. */
export interface SpanCounters {
  readonly received: number;
  readonly stored: number;
  /** Attempts to write that failed; their spans wait for the next attempt. */
  readonly failed: number;
  /** Spans lost: the queue was full, the span could not be encoded, or the store closed while it could not write. */
  readonly dropped: number;
  readonly waiting: number;
}

/** Keeps the counters. */
export interface SpanFate {
  readonly counters: Omit<SpanCounters, "waiting">;
  /** How long to wait before the next attempt; 0 while writing works. */
  readonly retryMs: number;
  received(): void;
  written(spans: number): void;
  failed(error: unknown): void;
  lost(spans: number, reason: string): void;
}

/** Counts what becomes of spans, and says so when it turns bad and when it turns good again. */
export function createSpanFate(report: (problem: string) => void): SpanFate {
  const counters = { received: 0, stored: 0, failed: 0, dropped: 0 };
  let retryMs = 0;
  let isLosing = false;
  return {
    counters,
    get retryMs() {
      return retryMs;
    },
    received: () => void (counters.received += 1),
    written(spans: number): void {
      if (retryMs > 0) report("The span store can be written again.");
      retryMs = 0;
      isLosing = false;
      counters.stored += spans;
    },
    failed(error: unknown): void {
      if (retryMs === 0) report(`The span store cannot be written (${messageOf(error)}). Spans wait in memory.`);
      retryMs = Math.min(longestRetryMs, Math.max(shortestRetryMs, retryMs * 2));
      counters.failed += 1;
    },
    lost(spans: number, reason: string): void {
      if (!isLosing) report(`The span store lost ${spans === 1 ? "a span" : `${spans} spans`}: ${reason}.`);
      isLosing = true;
      counters.dropped += spans;
    },
  };
}

const shortestRetryMs = 100;
const longestRetryMs = 5000;
