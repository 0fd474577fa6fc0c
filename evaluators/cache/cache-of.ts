import type { Cache } from "../cache.ts";
import type { Judge } from "../judge.ts";
import { createMemoryCache } from "./memory-cache.ts";

/** Holds nothing alive: a cache goes with the judge whose verdicts it keeps. */
const caches = new WeakMap<Judge, Cache>();

/** The cache in memory of a judge that has an identity, made when it is first asked for. */
export function cacheOf(judge: Judge | undefined): Cache | undefined {
  if (judge?.identity === undefined) return undefined;
  const cache = caches.get(judge) ?? createMemoryCache();
  caches.set(judge, cache);
  return cache;
}
