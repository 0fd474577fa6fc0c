/** One load on one server. */
export interface Load {
  readonly url: string;
  readonly body: string;
  /** Beside `content-type`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly stream: boolean;
  readonly connections: number;
  readonly seconds: number;
  /** Load before the measurement, not counted. */
  readonly warmUpSeconds: number;
}

/** What came of a load. Times are milliseconds. */
export interface Measurement {
  readonly generator: "wrk" | "own";
  readonly requests: number;
  /** Replies that were not 200 or not whole, and requests that broke. */
  readonly errors: number;
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Until the first bytes of a stream's body; null where it was not measured. */
  readonly firstTokenP50: number | null;
  readonly firstTokenP99: number | null;
}

/** The value below which the given share of sorted numbers lies (nearest rank). */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** The middle of some numbers; of an even count, the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}
