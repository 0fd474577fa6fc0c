import { randomUUID } from "node:crypto";
import { RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import type { RedisScripts } from "../redis.ts";
import type { Counter, CounterRule, Limits, Places } from "./limits.ts";
import { toCount } from "./memory-limits.ts";

/** Counts in Redis, together with every gateway that uses the same one. */
export function createRedisLimits(redis: RedisScripts): Limits {
  const leases = createLeases(redis);
  return {
    counter: (name, rule) => counterIn(redis, name, rule),
    places: (name, limit) => placesIn(redis, leases, { key: `proctor:calls:${name}`, limit }),
    close: () => leases.close(),
  };
}

/**
 * The library's own script counts what it refuses, too, so that one large call that is refused would shut out small ones.
 * This one leaves the sum as it was. ARGV: amount, seconds, limit.
 */
const takeIfItFits = `
redis.call('set', KEYS[1], 0, 'EX', ARGV[2], 'NX')
local total = tonumber(redis.call('get', KEYS[1])) + tonumber(ARGV[1])
if total <= tonumber(ARGV[3]) then redis.call('incrby', KEYS[1], ARGV[1]) end
return { total, redis.call('pttl', KEYS[1]) }`;

function counterIn(redis: RedisScripts, name: string, { limit, seconds }: CounterRule): Counter {
  const shared = { storeClient: redis, useRedisPackage: true, keyPrefix: `proctor:used:${name}`, duration: seconds };
  const limited = new RateLimiterRedis({ ...shared, points: limit, customIncrTtlLuaScript: takeIfItFits });
  const unlimited = new RateLimiterRedis({ ...shared, points: Number.MAX_SAFE_INTEGER });
  return {
    async take(window, amount) {
      try {
        return toCount(await limited.consume(window, amount), true);
      } catch (refused) {
        if (refused instanceof RateLimiterRes) return toCount(refused, false);
        throw refused;
      }
    },
    async adjust(window, amount) {
      await unlimited.penalty(window, amount);
    },
  };
}

/** A place that nobody renews, since its gateway was killed, is free again after so long. */
const leaseMs = 60_000;
const renewMs = 15_000;

const takePlace = `
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('zremrangebyscore', KEYS[1], '-inf', now)
if redis.call('zcard', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('zadd', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('pexpire', KEYS[1], ARGV[3])
return 1`;

const renewPlaces = `
local time = redis.call('time')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 2, #ARGV do redis.call('zadd', KEYS[1], now + ARGV[1], ARGV[i]) end
redis.call('pexpire', KEYS[1], ARGV[1])
return 1`;

const leavePlace = `return redis.call('zrem', KEYS[1], ARGV[1])`;

interface Room {
  readonly key: string;
  readonly limit: number;
}

function placesIn(redis: RedisScripts, leases: Leases, { key, limit }: Room): Places {
  return {
    async take() {
      const id = randomUUID();
      const isTaken = await redis.eval(takePlace, { keys: [key], arguments: [id, String(limit), String(leaseMs)] });
      if (isTaken !== 1) return undefined;
      leases.hold(key, id);
      return async () => {
        if (leases.drop(key, id)) await redis.eval(leavePlace, { keys: [key], arguments: [id] });
      };
    },
  };
}

interface Leases {
  hold(key: string, id: string): void;
  /** False when it was dropped before. */
  drop(key: string, id: string): boolean;
  close(): void;
}

/** The places that this process holds, renewed while it does. */
function createLeases(redis: RedisScripts): Leases {
  const held = new Map<string, Set<string>>();
  const renew = (): void => {
    for (const [key, ids] of held) {
      if (ids.size === 0) continue;
      // A Redis that is away gets them with the next round.
      redis.eval(renewPlaces, { keys: [key], arguments: [String(leaseMs), ...ids] }).catch(() => {});
    }
  };
  const timer = setInterval(renew, renewMs);
  timer.unref();
  return {
    hold: (key, id) => void held.set(key, (held.get(key) ?? new Set()).add(id)),
    drop: (key, id) => held.get(key)?.delete(id) ?? false,
    close: () => clearInterval(timer),
  };
}
