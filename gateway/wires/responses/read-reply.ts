import { arrayOf, countsIn, isJsonObject, type JsonObject, objectOf, stringOf } from "../json.ts";
import type { ReplyDelta } from "../wire.ts";
import { textDelta } from "../text-delta.ts";
import { otherDeltas, outputDeltas } from "./output-texts.ts";

/** What a response says, and how it ended where it has. */
export function readReply(body: JsonObject): ReplyDelta[] {
  const reason = endOf(body);
  return [
    { type: "start", id: stringOf(body["id"]) || undefined, model: stringOf(body["model"]) || undefined },
    ...outputDeltas(body["output"]),
    ...outputTextDeltas(body),
    ...otherDeltas(body, responseMembers, "response"),
    ...usageDeltas(body["usage"]),
    ...(reason === "" ? [] : [{ type: "finish", choice: 0, reason } as const]),
  ];
}

/** What a response is made of beside its output: what was asked, repeated, and how it went. */
const responseMembers = new Set([
  "object", "status", "created_at", "completed_at", "model", "output", "output_text", "usage", "error", "incomplete_details",
  "instructions", "metadata", "tools", "tool_choice", "parallel_tool_calls", "temperature", "top_p", "top_logprobs",
  "max_output_tokens", "max_tool_calls", "previous_response_id", "conversation", "prompt", "prompt_cache_key",
  "prompt_cache_retention", "prompt_cache_options", "prompt_cache_diagnostics", "reasoning", "text", "truncation", "store",
  "background", "billing", "service_tier", "safety_identifier", "user", "include", "frequency_penalty", "presence_penalty",
  "access_programs", "image", "input_transformations", "moderation", "tool_usage", "proctor",
]); // prettier-ignore

/** `completed`, or why it is not complete. */
function endOf(body: JsonObject): string {
  const status = stringOf(body["status"]);
  if (status === "incomplete") return stringOf(objectOf(body["incomplete_details"])["reason"]) || status;
  return status === "completed" ? status : "";
}

/** Some servers repeat all text in one member, which clients then show. */
function outputTextDeltas(body: JsonObject): ReplyDelta[] {
  const text = stringOf(body["output_text"]);
  const parts = arrayOf(body["output"]).flatMap((item) => arrayOf(objectOf(item)["content"]).map(objectOf));
  const said = parts.map((part) => (part["type"] === "output_text" ? stringOf(part["text"]) : "")).join("");
  return text === said ? [] : textDelta("text-delta", "output_text", text);
}

/** Input tokens include those read from the cache, output tokens those of the reasoning. */
function usageDeltas(usage: unknown): ReplyDelta[] {
  if (!isJsonObject(usage)) return [];
  const input = objectOf(usage["input_tokens_details"]);
  const output = objectOf(usage["output_tokens_details"]);
  const counted = {
    inputTokens: usage["input_tokens"],
    outputTokens: usage["output_tokens"],
    cacheReadTokens: input["cached_tokens"],
    cacheWriteTokens: input["cache_write_tokens"],
    longCacheWriteTokens: objectOf(input["cache_write_tokens_details"])["ttl_12h_tokens"],
    reasoningTokens: output["reasoning_tokens"],
  };
  return [{ type: "usage", usage: countsIn(counted) }];
}
