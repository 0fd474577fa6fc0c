import { isJsonObject, type JsonObject, numberOf, objectOf } from "../../wires/json.ts";

/**
 * Usage as messages clients count it: input without what was read from and written to the cache. Zeros where the target
 * says nothing, because clients add these numbers up.
 */
export function toUsage(usage: JsonObject, serviceTier: unknown): JsonObject {
  const details = objectOf(usage["prompt_tokens_details"]);
  const read = numberOf(details["cached_tokens"]) ?? numberOf(usage["prompt_cache_hit_tokens"]) ?? 0;
  const written = numberOf(details["cache_write_tokens"]) ?? 0;
  return {
    input_tokens: Math.max(0, (numberOf(usage["prompt_tokens"]) ?? 0) - read - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    cache_creation: null,
    output_tokens: numberOf(usage["completion_tokens"]) ?? 0,
    output_tokens_details: thinkingTokens(usage["completion_tokens_details"]),
    server_tool_use: null,
    service_tier: serviceTiers.get(serviceTier) ?? null,
    inference_geo: null,
    speed: null,
  };
}

/** The members of it that the last event of a stream repeats. */
export function toFinalUsage(usage: JsonObject): JsonObject {
  const {
    cache_creation: _ages,
    service_tier: _tier,
    inference_geo: _geo,
    speed: _speed,
    ...counted
  } = toUsage(usage, undefined);
  return counted;
}

const serviceTiers = new Map<unknown, string>([
  ["default", "standard"],
  ["priority", "priority"],
]);

function thinkingTokens(details: unknown): JsonObject | null {
  const tokens = isJsonObject(details) ? numberOf(details["reasoning_tokens"]) : undefined;
  return tokens === undefined ? null : { thinking_tokens: tokens };
}
