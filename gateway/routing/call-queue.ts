import { startTimer } from "../../evaluators/index.ts";
import { clientClosed, GatewayError } from "../errors.ts";

/** How many calls a provider gets at once, how many may wait for their turn, and for how long (milliseconds). */
export interface ConcurrencyRules {
  readonly limit: number;
  readonly queue: number;
  readonly wait: number;
}

/** Lets a bounded number of calls go at once; the others wait in the order in which they came. */
export interface CallQueue {
  readonly rules: ConcurrencyRules;
  /** Calls that go on, and calls that wait. */
  readonly active: number;
  readonly waiting: number;
  /** True when whoever comes now must wait. */
  readonly isFull: boolean;
  /**
   * Waits for a turn. What it resolves with ends the turn, and may be called more than once. Rejects with `provider_unavailable`
   * when the queue is full or the wait is over, and with `client_closed` when the signal fires.
   */
  enter(signal: AbortSignal): Promise<() => void>;
}

interface Waiter {
  proceed(): void;
}

/** A queue before the named provider. Counts the calls of this process. */
export function createCallQueue(provider: string, rules: ConcurrencyRules): CallQueue {
  const { limit, queue, wait } = rules;
  const waiters: Waiter[] = [];
  let active = 0;
  const takeTurn = (): (() => void) => {
    active += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      active -= 1;
      waiters[0]?.proceed();
    };
  };
  return {
    rules,
    get active() {
      return active;
    },
    get waiting() {
      return waiters.length;
    },
    get isFull() {
      return active >= limit;
    },
    async enter(signal) {
      if (signal.aborted) throw clientClosed();
      if (active < limit) return takeTurn();
      if (waiters.length >= queue) throw busy(provider, `${limit} calls are under way and ${queue} wait`, wait);
      return waitForTurn({ provider, signal, wait, waiters, takeTurn });
    },
  };
}

interface Turn {
  readonly provider: string;
  readonly signal: AbortSignal;
  readonly wait: number;
  readonly waiters: Waiter[];
  takeTurn(): () => void;
}

function waitForTurn({ provider, signal, wait, waiters, takeTurn }: Turn): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      const place = waiters.indexOf(waiter);
      if (place >= 0) waiters.splice(place, 1);
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    };
    const waiter: Waiter = {
      // In the same tick as the turn before it ends, so that nobody who comes later gets in between.
      proceed() {
        leave();
        resolve(takeTurn());
      },
    };
    const onAbort = (): void => {
      leave();
      reject(clientClosed());
    };
    const onTimeout = (): void => {
      leave();
      reject(busy(provider, `no turn came within ${wait} ms`, wait));
    };
    const timer = startTimer(onTimeout, wait);
    signal.addEventListener("abort", onAbort, { once: true });
    waiters.push(waiter);
  });
}

function busy(provider: string, why: string, wait: number): GatewayError {
  return new GatewayError(
    "provider_unavailable",
    `Provider "${provider}" has no room for another call: ${why}. Try again later.`,
    {
      headers: { "retry-after": String(Math.max(1, Math.ceil(wait / 1000))) },
    },
  );
}
