import type { FailureKind } from "./upstream-failure.ts";

/** Longer than this the caller waits better than we do, and is told so by the vendor's own reply. */
const longestWaitMs = 20_000;

/** Whether a reply with this status, or a try that failed so, is on an alias' `retry.on` list. */
export function isRetryable(on: readonly (string | number)[], failure: number | FailureKind): boolean {
  if (typeof failure === "string") return on.includes(failure);
  return on.includes(failure) || (failure >= 500 && on.includes("5xx"));
}

/**
 * Milliseconds to wait before try number `next` (2 is the first retry): what `Retry-After` asks, or exponential back-off
 * from 250 ms with full jitter. Undefined when the vendor asks for longer than is worth holding a client.
 */
export function retryDelayMs(
  next: number,
  retryAfter: string | undefined,
  now = Date.now(),
  random = Math.random(),
): number | undefined {
  const asked = retryAfter === undefined ? undefined : parseRetryAfter(retryAfter, now);
  if (asked !== undefined) return asked <= longestWaitMs ? asked : undefined;
  return random * Math.min(5000, 250 * 2 ** (next - 2));
}

/** Seconds or an HTTP date (RFC 9110, section 10.2.3), in milliseconds from now. */
function parseRetryAfter(value: string, now: number): number | undefined {
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number(value) * 1000;
  const date = /[a-z]{3}/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
