import type { WireName } from "./provider.ts";

/** How much of a limit is left. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  /** When all of it is there again: milliseconds since 1970. */
  readonly resetsAt: number;
}

/** What a key has left, of the limits that it has. */
export interface Allowances {
  readonly requests?: Allowance | undefined;
  readonly tokens?: Allowance | undefined;
}

/** The allowances in the headers that the vendor of the dialect uses, so that its SDKs read them. `now` in milliseconds since 1970. */
export function rateLimitHeaders(wire: WireName, allowances: Allowances, now: number): Record<string, string> {
  const entries = Object.entries(allowances) as [keyof Allowances, Allowance | undefined][];
  return Object.fromEntries(
    entries.flatMap(([what, left]) =>
      left ? (wire === "messages" ? messagesHeaders(what, left) : chatHeaders(what, left, now)) : [],
    ),
  );
}

function messagesHeaders(what: string, { limit, remaining, resetsAt }: Allowance): [string, string][] {
  const name = `anthropic-ratelimit-${what}`;
  // RFC 3339 without fractions, rounded up: it is never too early to come back then.
  const reset = new Date(Math.ceil(resetsAt / 1000) * 1000).toISOString().replace(".000Z", "Z");
  return [
    [`${name}-limit`, String(limit)],
    [`${name}-remaining`, String(remaining)],
    [`${name}-reset`, reset],
  ];
}

function chatHeaders(what: string, { limit, remaining, resetsAt }: Allowance, now: number): [string, string][] {
  return [
    [`x-ratelimit-limit-${what}`, String(limit)],
    [`x-ratelimit-remaining-${what}`, String(remaining)],
    [`x-ratelimit-reset-${what}`, spanOf(Math.max(0, resetsAt - now))],
  ];
}

/** "850ms", "12.5s", "1m0s": as the vendor writes it. */
function spanOf(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)}ms`;
  const seconds = Math.ceil(ms / 10) / 100;
  if (seconds < 60) return `${seconds}s`;
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}m${whole % 60}s`;
}
