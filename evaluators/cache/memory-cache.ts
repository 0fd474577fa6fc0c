import { LRUCache } from "lru-cache";
import type { Cache } from "../cache.ts";

export interface MemoryCacheOptions {
  /** Texts that are kept at most; what was used longest ago goes first. */
  readonly mostEntries?: number;
  /** UTF-16 code units that keys and texts may have together. */
  readonly mostCharacters?: number;
}

/** A cache that lives as long as the process. A text that is longer than all may be together is not kept. */
export function createMemoryCache(options: MemoryCacheOptions = {}): Cache {
  const { mostEntries = 10_000, mostCharacters = 32 * 1024 * 1024 } = options;
  const kept = new LRUCache<string, string>({
    max: mostEntries,
    maxSize: mostCharacters,
    sizeCalculation: (value, key) => value.length + key.length,
  });
  return {
    get: (key) => Promise.resolve(kept.get(key)),
    set(key, value) {
      kept.set(key, value);
      return Promise.resolve();
    },
  };
}
