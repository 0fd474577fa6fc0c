import { arrayOf, type JsonObject, objectOf, stringOf } from "../../wires/json.ts";
import type { Drop } from "../notes.ts";

/**
 * The thinking that a client sends back with an assistant's message, as `thinking_blocks` had it. The vendor takes only
 * what it has signed, unchanged; reasoning without a signature is left out and named.
 */
export function thinkingBlocks(message: JsonObject, drop: Drop): JsonObject[] {
  const given = arrayOf(message["thinking_blocks"]).map(objectOf);
  const kept = given.flatMap(signedBlock);
  if (kept.length < given.length) drop("messages[].thinking_blocks[]");
  if (kept.length === 0 && stringOf(message["reasoning_content"]) !== "") drop("messages[].reasoning_content");
  return kept;
}

function signedBlock({ type, thinking, signature, data }: JsonObject): JsonObject[] {
  if (type === "redacted_thinking" && typeof data === "string") return [{ type, data }];
  const isSigned = type === "thinking" && typeof thinking === "string" && stringOf(signature) !== "";
  return isSigned ? [{ type, thinking, signature }] : [];
}
