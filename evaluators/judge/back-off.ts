/** Statuses after which the same question may be answered. */
const passing = new Set([408, 429, 500, 502, 503, 504, 529]);

/** Milliseconds of the first wait, which doubles, and the longest that nobody asked for. */
const first = 250;
const longest = 8_000;

export function isPassing(status: number): boolean {
  return passing.has(status);
}

/**
 * Milliseconds to wait before try number `next` (2 is the first repetition): at least what `Retry-After` asks, which is
 * seconds or an HTTP date (RFC 9110, section 10.2.3), and a random part of an exponential back-off, so that many who were
 * refused at once do not come back at once.
 */
export function backOffMs(
  next: number,
  retryAfter: string | undefined,
  { now, random } = { now: Date.now(), random: Math.random() },
): number {
  const jitter = random * Math.min(longest, first * 2 ** (next - 2));
  return (retryAfter === undefined ? 0 : askedMs(retryAfter, now)) + jitter;
}

function askedMs(value: string, now: number): number {
  if (/^\s*\d+(?:\.\d+)?\s*$/.test(value)) return Number(value) * 1000;
  const date = /[a-z]{3}/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}
