import { type JsonObject, numberOf, objectOf, stringOf } from "../../wires/json.ts";
import type { ReplyContext } from "./reply-context.ts";

const reasons = new Map([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["tool_use", "tool_calls"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["refusal", "content_filter"],
  // The answer is not whole, and `length` is how a chat client is told so.
  ["pause_turn", "length"],
]);

/** Why the model stopped, as `finish_reason`. */
export function finishReason(stopReason: unknown, { isLegacy, drop }: ReplyContext): string {
  const reason = reasons.get(stringOf(stopReason));
  if (reason === undefined) drop("reply.stop_reason");
  if (reason === "tool_calls" && isLegacy) return "function_call";
  return reason ?? "stop";
}

/** What `refusal` says when the model refused; null when it did not. */
export function refusalText({ stop_reason, stop_details }: JsonObject): string | null {
  if (stop_reason !== "refusal") return null;
  return stringOf(objectOf(stop_details)["explanation"]) || "The model declined to answer.";
}

/** Names what a chat client is not told of the end. */
export function dropEnding({ stop_sequence, stop_details }: JsonObject, { drop }: ReplyContext): void {
  if (typeof objectOf(stop_details)["category"] === "string") drop("reply.stop_details.category");
  if (typeof stop_sequence === "string") drop("reply.stop_sequence");
}

/** `usage` of a chat reply: all input counts as prompt, also what was read from the cache or written to it. */
export function toChatUsage(usage: JsonObject): JsonObject {
  const cached = numberOf(usage["cache_read_input_tokens"]) ?? 0;
  const written = numberOf(usage["cache_creation_input_tokens"]) ?? 0;
  const prompt_tokens = (numberOf(usage["input_tokens"]) ?? 0) + cached + written;
  const completion_tokens = numberOf(usage["output_tokens"]) ?? 0;
  const reasoning_tokens = numberOf(objectOf(usage["output_tokens_details"])["thinking_tokens"]);
  return {
    prompt_tokens,
    completion_tokens,
    total_tokens: prompt_tokens + completion_tokens,
    prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
    ...(reasoning_tokens === undefined ? {} : { completion_tokens_details: { reasoning_tokens } }),
  };
}

const serviceTiers = new Map([
  ["standard", "default"],
  ["priority", "priority"],
]);

/** `service_tier` of a chat reply. */
export function toServiceTier(usage: JsonObject): JsonObject {
  const tier = serviceTiers.get(stringOf(usage["service_tier"]));
  return tier === undefined ? {} : { service_tier: tier };
}
