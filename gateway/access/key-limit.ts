import type { Allowances } from "../providers/rate-limit-headers.ts";
import type { KeyConfig } from "./config.ts";
import type { Counter, Limits, Places } from "./limits.ts";
import type { Reservation } from "./reserve.ts";
import { dayOf, minuteOf, monthOf, type Window } from "./windows.ts";

/** Why a call is not let in. */
export interface Refusal {
  readonly code: "rate_limited" | "budget_exceeded";
  readonly message: string;
  /** Milliseconds until it may be let in; undefined when it never will as it is. */
  readonly retryMs: number | undefined;
}

/** What a limit said to a call. */
export interface Grant {
  /** Undefined for a call that is let in. */
  readonly refusal?: Refusal;
  readonly allowances?: Allowances;
  /** Puts what was used in place of what was reserved, and frees the place; what is null stays as it was reserved. */
  settle(used: Use): Promise<void>;
  /** Adds to what was used. */
  charge(used: Reservation): Promise<void>;
}

type Use = { readonly [Each in keyof Reservation]: number | null };

/** One limit of one key. `take` rejects when nobody can count. */
export interface KeyLimit {
  take(reservation: Reservation): Promise<Grant>;
}

/** The limits of a key, by when they are asked. */
export interface KeyLimits {
  /** For a judge's question, too. */
  readonly used: readonly KeyLimit[];
  readonly places: readonly KeyLimit[];
  /** Asked last: what is counted here is never given back, and so it is exact. */
  readonly requests: readonly KeyLimit[];
}

/** What a key may use, counted in `limits` under the key's name. */
export function limitsOfKey(key: KeyConfig, limits: Limits, now: () => number): KeyLimits {
  const { name, rpm, concurrent } = key;
  return {
    used: [...tokenLimits(key, limits, now), ...budgets(key, limits, now)],
    places: concurrent === undefined ? [] : [placeLimit(key, concurrent, limits.places(name, concurrent))],
    requests:
      rpm === undefined
        ? []
        : [requestLimit(key, rpm, limits.counter(`${name}:requests`, { limit: rpm, seconds: 60 }), now)],
  };
}

const nothing = async (): Promise<void> => {};

function requestLimit({ name }: KeyConfig, limit: number, counter: Counter, now: () => number): KeyLimit {
  return {
    async take() {
      const { isTaken, total, resetsInMs = 60_000 } = await counter.take("minute", 1);
      const requests = { limit, remaining: Math.max(0, limit - total), resetsAt: now() + resetsInMs };
      const grant = { allowances: { requests }, settle: nothing, charge: nothing };
      if (isTaken) return grant;
      const message = `The key "${name}" may send ${limit} ${plural(limit, "request")} a minute, and they are used up. Try again in ${inSeconds(resetsInMs)} s.`;
      return { ...grant, refusal: { code: "rate_limited", message, retryMs: resetsInMs } };
    },
  };
}

function placeLimit({ name }: KeyConfig, limit: number, places: Places): KeyLimit {
  return {
    async take() {
      const leave = await places.take();
      if (leave) return { settle: leave, charge: nothing };
      const message = `The key "${name}" may have ${limit} ${plural(limit, "request")} under way at a time. Wait until one has ended.`;
      return { refusal: { code: "rate_limited", message, retryMs: 1000 }, settle: nothing, charge: nothing };
    },
  };
}

/** Windows are kept a little longer than they last, for calls that end in another one than they began in. */
const keptSeconds = { minute: 60 * 60, day: 3 * 24 * 60 * 60, month: 40 * 24 * 60 * 60 };

function tokenLimits({ name, tokens_per_minute: limit }: KeyConfig, limits: Limits, now: () => number): KeyLimit[] {
  if (limit === undefined) return [];
  const counter = limits.counter(`${name}:tokens`, { limit, seconds: keptSeconds.minute });
  const sum: Sum = {
    counter,
    limit,
    window: () => minuteOf(now()),
    amountOf: ({ tokens }) => tokens,
    explain: (asked, left) =>
      asked > limit
        ? `The key "${name}" may use ${limit} tokens a minute, and this call may need up to ${asked} at once. Send a shorter request or set a lower limit for its answer.`
        : `The key "${name}" may use ${limit} tokens a minute; ${left} are left, and this call may need up to ${asked}. Try again when the minute is over, or set a lower limit for its answer.`,
    code: "rate_limited",
  };
  return [
    sumLimit(sum, now, (left, { endsAt }) => ({
      tokens: { limit, remaining: left, resetsAt: endsAt },
    })),
  ];
}

/** Budgets are counted in whole billionths of a dollar, so that the cheapest calls add up to what they cost. */
const nanos = 1_000_000_000;

function budgets({ name, usd_per_day, usd_per_month }: KeyConfig, limits: Limits, now: () => number): KeyLimit[] {
  const periods = [
    { period: "day", usd: usd_per_day, seconds: keptSeconds.day, window: () => dayOf(now()) },
    { period: "month", usd: usd_per_month, seconds: keptSeconds.month, window: () => monthOf(now()) },
  ];
  return periods.flatMap(({ period, usd, seconds, window }) => {
    if (usd === undefined) return [];
    const limit = Math.round(usd * nanos);
    const sum: Sum = {
      counter: limits.counter(`${name}:usd:${period}`, { limit, seconds }),
      limit,
      window,
      amountOf: (reservation) => (reservation.usd === null ? null : reservation.usd * nanos),
      explain: (asked, left) =>
        `The key "${name}" may spend ${usd} USD a ${period} (UTC); ${toUsd(left)} USD are left, and this call may cost up to ${toUsd(asked)}. ${asked > limit ? "Set a lower limit for its answer" : `Try again when the ${period} is over, set a lower limit for its answer`}, or ask for a larger budget.`,
      code: "budget_exceeded",
    };
    return [sumLimit(sum, now)];
  });
}

/** A limit on something of which a call uses more or less. */
interface Sum {
  readonly counter: Counter;
  readonly limit: number;
  readonly code: Refusal["code"];
  window(): Window;
  amountOf(used: Use): number | null;
  explain(asked: number, left: number): string;
}

function sumLimit(sum: Sum, now: () => number, allowancesOf?: (left: number, window: Window) => Allowances): KeyLimit {
  const { counter, limit } = sum;
  return {
    async take(reservation) {
      const window = sum.window();
      const asked = wholeOf(sum.amountOf(reservation));
      const count = asked > limit ? await look(counter, window) : await counter.take(window.name, asked);
      const isTaken = asked <= limit && count.isTaken;
      const before = asked <= limit ? count.total - asked : count.total;
      const left = Math.max(0, limit - (isTaken ? count.total : before));
      const allowances = allowancesOf?.(left, window);
      if (!isTaken) {
        const retryMs = asked > limit ? undefined : window.endsAt - now();
        const refusal: Refusal = { code: sum.code, message: sum.explain(asked, left), retryMs };
        return { refusal, ...(allowances && { allowances }), settle: nothing, charge: nothing };
      }
      const adjust = async (amount: number): Promise<void> => {
        if (amount !== 0) await counter.adjust(window.name, amount);
      };
      return {
        ...(allowances && { allowances }),
        async settle(used) {
          const amount = sum.amountOf(used);
          if (amount !== null) await adjust(wholeOf(amount) - asked);
        },
        charge: (used) => adjust(wholeOf(sum.amountOf(used))),
      };
    },
  };
}

/** How much is counted, without counting. */
function look(counter: Counter, { name }: Window) {
  return counter.take(name, 0);
}

function wholeOf(amount: number | null): number {
  return Math.min(Math.ceil(amount ?? 0), Number.MAX_SAFE_INTEGER);
}

/** Milliseconds as the whole seconds of `retry-after`: never too early. */
export function inSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}

function toUsd(billionths: number): string {
  return String(Number((billionths / nanos).toPrecision(4)));
}

function plural(count: number, noun: string): string {
  return count === 1 ? noun : `${noun}s`;
}
