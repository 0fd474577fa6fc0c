/** A stretch of time by its name, which no other stretch has. */
export interface Window {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

const minuteMs = 60_000;

/** The minute by the clock. */
export function minuteOf(now: number): Window {
  const minute = Math.floor(now / minuteMs);
  return { name: `minute:${minute}`, endsAt: (minute + 1) * minuteMs };
}

/** The day of UTC. */
export function dayOf(now: number): Window {
  const date = new Date(now);
  const endsAt = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1);
  return { name: `day:${date.toISOString().slice(0, 10)}`, endsAt };
}

/** The month of UTC. */
export function monthOf(now: number): Window {
  const date = new Date(now);
  const endsAt = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  return { name: `month:${date.toISOString().slice(0, 7)}`, endsAt };
}
