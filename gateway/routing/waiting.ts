/** Milliseconds that were spent waiting for others, to tell our own time from theirs. */
export interface Waiting {
  upstreamMs: number;
  judgeMs: number;
  /** For a turn at a provider whose concurrency is limited. */
  queueMs: number;
}

/** Nothing has been waited for yet. */
export function noWaiting(): Waiting {
  return { upstreamMs: 0, judgeMs: 0, queueMs: 0 };
}

/** Adds the time that something takes. */
export async function timed<T>(waiting: Waiting, what: keyof Waiting, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  try {
    return await work();
  } finally {
    waiting[what] += performance.now() - started;
  }
}
