import type { Cache } from "../cache.ts";

/** What is needed of a server that keeps texts by key, such as Redis. */
export interface TextServer {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, seconds: number): Promise<void>;
}

const keptSeconds = 30 * 24 * 60 * 60;

/** A cache that several processes share. What the server cannot do at the moment is not kept or not found. */
export function createRedisCache(server: TextServer): Cache {
  return {
    get: (key) =>
      server.get(`proctor:verdict:${key}`).then(
        (value) => value ?? undefined,
        () => undefined,
      ),
    set: (key, value) => server.set(`proctor:verdict:${key}`, value, keptSeconds).catch(() => {}),
  };
}
