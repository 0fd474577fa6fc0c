import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Count, Counter, CounterRule, Limits, Places } from "./limits.ts";

/** Counts in this process alone, for as long as it lives. */
export function createMemoryLimits(): Limits {
  const limiters = new Map<string, RateLimiterMemory>();
  const taken = new Map<string, number>();
  return {
    counter(name, rule) {
      const limiter = limiters.get(name) ?? new RateLimiterMemory({ points: rule.limit, duration: secondsFor(rule) });
      limiter.points = rule.limit;
      limiters.set(name, limiter);
      return counterWith(limiter);
    },
    places: (name, limit) => placesIn(taken, name, limit),
    close: () => {},
  };
}

/** The longest time for which a timer can be set is 24.8 days; what is kept for longer is kept for good. */
const longestTimer = 24 * 24 * 60 * 60;

function secondsFor({ seconds }: CounterRule): number {
  return seconds > longestTimer ? 0 : seconds;
}

function counterWith(limiter: RateLimiterMemory): Counter {
  return {
    async take(window, amount) {
      try {
        return toCount(await limiter.consume(window, amount), true);
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        // It counts what it refuses, too. Given back as a window ends, it would be a gift to the next one of that name.
        const endsSoon = refused.msBeforeNext >= 0 && refused.msBeforeNext < 100;
        if (!endsSoon) await limiter.reward(window, amount);
        return toCount(refused, false);
      }
    },
    async adjust(window, amount) {
      await limiter.penalty(window, amount);
    },
  };
}

/** What the library said, in our words. */
export function toCount({ consumedPoints, msBeforeNext }: RateLimiterRes, isTaken: boolean): Count {
  return { isTaken, total: consumedPoints, resetsInMs: msBeforeNext > 0 ? msBeforeNext : undefined };
}

function placesIn(taken: Map<string, number>, name: string, limit: number): Places {
  const count = () => taken.get(name) ?? 0;
  return {
    async take() {
      if (count() >= limit) return undefined;
      taken.set(name, count() + 1);
      let isHeld = true;
      return async () => {
        if (isHeld) taken.set(name, count() - 1);
        isHeld = false;
      };
    },
  };
}
