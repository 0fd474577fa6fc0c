import { attribute } from "../../../tracing/index.ts";
import { closeExchange } from "../close-exchange.ts";
import type { Exchange, ServableRequest } from "../exchange.ts";
import { proctorComment, proctorHeaders } from "../reply-headers.ts";
import type { CachedAnswer } from "./cached-answer.ts";

/** Sends a kept answer: it costs nothing, and its verdict is the one that the same evaluators gave it. */
export function serveCached(exchange: Exchange, { alias }: ServableRequest, answer: CachedAnswer): Response {
  const ageMs = Math.max(0, Date.now() - answer.keptAt);
  exchange.cached = answer;
  if (exchange.cache) exchange.cache = { ...exchange.cache, result: "hit" };
  exchange.verdict ??= "allow";
  exchange.target = alias.targets.find(({ label }) => label === answer.target);
  exchange.cost = { ...exchange.cost, generation: 0 };
  exchange.usage = { inputTokens: 0, outputTokens: 0 };
  exchange.root.set({
    [attribute.cacheHit]: true,
    [attribute.cacheAgeMs]: ageMs,
    [attribute.cacheTraceId]: answer.traceId,
  });
  const headers = {
    "content-type": answer.contentType,
    ...(answer.end === undefined ? {} : { "cache-control": "no-cache" }),
    ...proctorHeaders(exchange),
    age: String(Math.floor(ageMs / 1000)),
  };
  const comment = proctorComment(exchange);
  closeExchange(exchange, answer.status, answer.output);
  const { status, frames, end } = answer;
  if (end === undefined) return exchange.arrival.reply({ status, headers, body: frames.join("") });
  return exchange.arrival.stream(replay([...frames, comment, end]), headers, status);
}

async function* replay(frames: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const frame of frames) yield Buffer.from(frame);
}
