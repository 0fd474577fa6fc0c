import { callLane, discard } from "./call-lane.ts";
import type { Generation, GenerationRequest } from "./generation.ts";

/**
 * Calls a target of the alias and waits for the first byte of its reply. Tries again as the alias' `retry` says, each
 * try a span of its own, and never after a first byte of a usable reply: what a model has begun to answer is not asked for
 * and paid for twice. When every try has failed in a way that may be tried again, or no target can be called, the fallbacks
 * follow. Rejects with `GatewayError` when no try brought a reply; a vendor's own failure (status 400 and above) is a reply.
 */
export async function generate(request: GenerationRequest): Promise<Generation> {
  const { alias, targets, headers, fallbacks = [], signal } = request;
  const tries = { count: 0 };
  let result = await callLane(request, { alias, targets, headers, isFallback: false }, tries);
  for (const fallback of fallbacks) {
    if (!result.mayFallBack || signal.aborted) break;
    // What failed is given up first: it may hold the place that the next one waits for.
    if (result.generation) result = { mayFallBack: true, error: await discard(result.generation) };
    // The key that makes two requests one is for the alias that was asked for: this is another request.
    const { "idempotency-key": _key, ...others } = headers;
    const next = await callLane(request, { ...fallback, headers: others, isFallback: true }, tries);
    if (!next.nothingSent) result = next;
  }
  if (result.generation) return result.generation;
  throw result.error;
}
