/** How long to wait before another worker is started, in milliseconds. */
export interface BackOff {
  next(): number;
}

const firstMs = 200;
const longestMs = 30_000;
const memoryMs = 60_000;

/** Doubles the delay with every death within a minute, so that a worker that cannot live does not use up the machine. */
export function createBackOff(now: () => number = () => performance.now()): BackOff {
  let deaths: number[] = [];
  return {
    next() {
      deaths = deaths.filter((at) => now() - at < memoryMs);
      const delayMs = Math.min(longestMs, firstMs * 2 ** deaths.length);
      deaths.push(now());
      return delayMs;
    },
  };
}
