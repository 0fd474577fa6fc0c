import { LRUCache } from "lru-cache";
import { within } from "../../within.ts";

/** Where answers are kept for a time. A store that fails is one that has nothing: neither method rejects. */
export interface AnswerStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, answer: string, seconds: number): Promise<void>;
}

/** UTF-16 code units that the answers of one alias may have together. */
const mostCharacters = 64 * 1024 * 1024;

/** Keeps answers in this process; what was used longest ago goes first. */
export function createMemoryAnswers(mostEntries: number): AnswerStore {
  const kept = new LRUCache<string, string>({
    max: mostEntries,
    maxSize: mostCharacters,
    sizeCalculation: (answer, key) => answer.length + key.length,
  });
  return {
    get: async (key) => kept.get(key),
    async set(key, answer, seconds) {
      kept.set(key, answer, { ttl: seconds * 1000 });
    },
  };
}

/** What is needed of a connection to Redis. */
export interface RedisAnswers {
  get(key: string): Promise<string | null>;
  set(key: string, answer: string, seconds: number): Promise<unknown>;
}

/** Longer than this a request does not wait to learn whether its answer is there. */
const mostWaitMs = 250;

/** Keeps answers in Redis, for all gateways that share it. How many there are is Redis' own to limit. */
export function createRedisAnswers(redis: RedisAnswers): AnswerStore {
  return {
    get: async (key) => (await within(redis.get(keyIn(key)), mostWaitMs).catch(() => null)) ?? undefined,
    async set(key, answer, seconds) {
      await redis.set(keyIn(key), answer, Math.max(1, Math.round(seconds))).catch(() => {});
    },
  };
}

function keyIn(key: string): string {
  return `proctor:answer:${key}`;
}
