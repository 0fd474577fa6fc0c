import type { Exchange, ServableRequest } from "../exchange.ts";
import { answerKey } from "./answer-key.ts";
import { type CachedAnswer, parseAnswer } from "./cached-answer.ts";

/**
 * Looks whether the alias' cache has the answer, and notes where a new one is to be kept. Callers who ask for evaluators of
 * their own get a new answer, because those are to see it; `x-proctor-cache: bypass` neither looks nor keeps.
 */
export async function findAnswer(exchange: Exchange, request: ServableRequest): Promise<CachedAnswer | undefined> {
  const { cache, guardrails } = request.alias;
  if (!cache || request.parts.unexaminable !== undefined) return undefined;
  if (exchange.headers["x-proctor-cache"] === "bypass") return undefined;
  const key = answerKey(exchange, request);
  exchange.cache = { key, result: "miss" };
  if (request.guardrails !== guardrails) return undefined;
  const text = await cache.store.get(key);
  const answer = text === undefined ? undefined : parseAnswer(text);
  return answer && isFresh(answer, cache.ttlMs) ? answer : undefined;
}

/** Also when the time to live was shortened since. */
function isFresh({ keptAt }: CachedAnswer, ttlMs: number): boolean {
  return Date.now() - keptAt < ttlMs;
}
