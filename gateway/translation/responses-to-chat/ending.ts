import { type JsonObject, numberOf, objectOf } from "../../wires/json.ts";

/** Why an answer is not complete; undefined when it is. A refusal in words is a complete answer in this dialect. */
export function isIncomplete(
  finishReason: string,
  hasRefused: boolean,
): "max_output_tokens" | "content_filter" | undefined {
  if (finishReason === "length") return "max_output_tokens";
  return finishReason === "content_filter" && !hasRefused ? "content_filter" : undefined;
}

/** `usage` of a response. */
export function toResponseUsage(usage: JsonObject): JsonObject {
  const prompt = objectOf(usage["prompt_tokens_details"]);
  const completion = objectOf(usage["completion_tokens_details"]);
  const input_tokens = numberOf(usage["prompt_tokens"]) ?? 0;
  const output_tokens = numberOf(usage["completion_tokens"]) ?? 0;
  return {
    input_tokens,
    input_tokens_details: {
      cached_tokens: numberOf(prompt["cached_tokens"]) ?? 0,
      cache_write_tokens: numberOf(prompt["cache_write_tokens"]) ?? 0,
    },
    output_tokens,
    output_tokens_details: { reasoning_tokens: numberOf(completion["reasoning_tokens"]) ?? 0 },
    total_tokens: numberOf(usage["total_tokens"]) ?? input_tokens + output_tokens,
  };
}
