import { GatewayError } from "../errors.ts";
import type { Target } from "./alias.ts";
import type { CallOutcome } from "./circuit-breaker.ts";
import { timed, type Waiting } from "./waiting.ts";

/** Leave to call a target. */
export interface Leave {
  /** Milliseconds that were waited for it. */
  readonly queueMs: number;
  /** Says how the call went. A failure may be said again, when an answer that had begun broke off. */
  note(outcome: CallOutcome): void;
  /** Gives the turn to the next; may be called more than once. */
  free(): void;
}

/**
 * Gets leave to call a target: from its circuit breaker and, where its provider's concurrency is limited, from the queue. Rejects
 * with `provider_unavailable`, which says when to come back, or with `client_closed`.
 */
export async function enterTarget(target: Target, signal: AbortSignal, waiting: Waiting): Promise<Leave> {
  const note = await passBreaker(target);
  const { queue } = target;
  if (!queue) return { queueMs: 0, note, free: () => {} };
  const before = waiting.queueMs;
  const mustWait = queue.isFull;
  try {
    const free = await timed(waiting, "queueMs", () => queue.enter(signal));
    const queueMs = mustWait ? waiting.queueMs - before : 0;
    return { queueMs, note: mustWait ? await passAgain(target, note, free) : note, free };
  } catch (thrown) {
    note("nothing");
    throw thrown;
  }
}

/** Whoever has waited may find that the target has failed in the meantime. */
async function passAgain(target: Target, note: Leave["note"], free: () => void): Promise<Leave["note"]> {
  note("nothing");
  try {
    return await passBreaker(target);
  } catch (thrown) {
    free();
    throw thrown;
  }
}

async function passBreaker({ breaker, label }: Target): Promise<Leave["note"]> {
  if (!breaker) return () => {};
  const { mayCall, state, retryAfterMs } = await breaker.enter();
  if (!mayCall) {
    const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
    throw new GatewayError(
      "provider_unavailable",
      `"${label}" has failed too often and is left alone for now. Try again in ${seconds} s.`,
      { headers: { "retry-after": String(seconds) } },
    );
  }
  let isProbe = state === "half_open";
  return (outcome) => {
    breaker.leave(outcome, isProbe);
    isProbe = false;
  };
}
