import {
  type BreakerDecision,
  type BreakerRules,
  type BreakerState,
  type BreakerStore,
  type CallOutcome,
  createMemoryBreakerStore,
} from "./circuit-breaker.ts";
import type { RedisScripts } from "../redis.ts";
import { createRedisBreakerStore } from "./redis-breaker-store.ts";
import { type CallQueue, type ConcurrencyRules, createCallQueue } from "./call-queue.ts";

/** A target's circuit breaker with its rules. */
export interface Breaker {
  enter(): ReturnType<BreakerStore["enter"]>;
  /** Says how a call went that was let in; nobody waits for it. */
  leave(outcome: CallOutcome, isProbe: boolean): void;
}

/** What routing remembers between requests. It outlives a reload of the configuration. */
export interface RoutingState {
  breaker(target: string, rules: BreakerRules): Breaker;
  /** The queue before a provider; the same one for as long as its rules are. */
  queue(provider: string, rules: ConcurrencyRules): CallQueue;
  /** As this process saw them last, by target; only targets that have been called. */
  breakerStates(): ReadonlyMap<string, BreakerState>;
  /** Calls under way and waiting, by provider; only providers with a limit. */
  queues(): ReadonlyMap<string, CallQueue>;
  /** Copies of requests to shadow aliases that are under way. */
  readonly shadows: { underWay: number };
}

interface Seen {
  readonly state: BreakerState;
  readonly until: number;
}

/** Starts with everything closed and empty. With Redis the state of breakers is that of all processes that share it. */
export function createRoutingState({ redis }: { readonly redis?: RedisScripts | undefined } = {}): RoutingState {
  const own = createMemoryBreakerStore();
  const store = redis ? createRedisBreakerStore(redis, own) : own;
  const seen = new Map<string, Seen>();
  const queues = new Map<string, { readonly key: string; readonly queue: CallQueue }>();
  const note = (target: string, decision: BreakerDecision): BreakerDecision => {
    const until = decision.state === "open" ? Date.now() + decision.retryAfterMs : Number.POSITIVE_INFINITY;
    const last = seen.get(target);
    if (last?.state !== decision.state || last.until !== until) seen.set(target, { state: decision.state, until });
    return decision;
  };
  return {
    shadows: { underWay: 0 },
    breaker: (target, rules) => ({
      enter: async () => note(target, await store.enter(target, rules)),
      leave(outcome, isProbe) {
        if (isProbe && outcome === "answered") seen.set(target, { state: "closed", until: Number.POSITIVE_INFINITY });
        if (isProbe && outcome === "failed") seen.set(target, { state: "open", until: Date.now() + rules.open_for });
        void store.leave(target, rules, { outcome, isProbe });
      },
    }),
    queue(provider, rules) {
      const key = JSON.stringify([rules.limit, rules.queue, rules.wait]);
      const known = queues.get(provider);
      if (known?.key === key) return known.queue;
      const queue = createCallQueue(provider, rules);
      queues.set(provider, { key, queue });
      return queue;
    },
    breakerStates: () =>
      new Map([...seen].map(([target, { state, until }]) => [target, Date.now() < until ? state : "half_open"])),
    queues: () => new Map([...queues].map(([provider, { queue }]) => [provider, queue])),
  };
}

/** How things stand, for metrics. */
export interface RoutingLevels {
  readonly providers: readonly { readonly provider: string; readonly active: number; readonly waiting: number }[];
  readonly breakers: readonly { readonly target: string; readonly state: BreakerState }[];
}

export function routingLevels(routing: RoutingState): RoutingLevels {
  return {
    providers: [...routing.queues()].map(([provider, { active, waiting }]) => ({ provider, active, waiting })),
    breakers: [...routing.breakerStates()].map(([target, state]) => ({ target, state })),
  };
}
