/** Where a counter stands after it was asked. */
export interface Count {
  /** False when the amount would not have fitted; then nothing was counted. */
  readonly isTaken: boolean;
  /** What is counted now; with an amount that did not fit, what it would have come to. */
  readonly total: number;
  /** Milliseconds until the counter begins anew; undefined where the window's name says when. */
  readonly resetsInMs: number | undefined;
}

/** Sums of whole numbers, one for each window, that are never taken beyond a limit. Rejects when nobody can count. */
export interface Counter {
  take(window: string, amount: number): Promise<Count>;
  /** Adds what was used in any case, or gives back what is negative. */
  adjust(window: string, amount: number): Promise<void>;
}

/** How a counter counts. */
export interface CounterRule {
  readonly limit: number;
  /** How long a window is kept after its first use, in seconds; where its name does not tell its time, how long it lasts. */
  readonly seconds: number;
}

/** Places that calls under way hold. Rejects when nobody can count. */
export interface Places {
  /** Takes a place, to be given back by calling what it resolves with; undefined when all are taken. */
  take(): Promise<(() => Promise<void>) | undefined>;
}

/**
 * Where use is counted. It lives longer than a gateway, so that a reload of the configuration forgets nothing: counters and
 * places of the same name are the same, whatever their limits are now.
 */
export interface Limits {
  counter(name: string, rule: CounterRule): Counter;
  places(name: string, limit: number): Places;
  close(): void;
}
