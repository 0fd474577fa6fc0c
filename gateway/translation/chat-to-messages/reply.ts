import { GatewayError } from "../../errors.ts";
import { arrayOf, type JsonObject, objectOf, stringOf } from "../../wires/json.ts";
import { dropEnding, finishReason, refusalText, toChatUsage, toServiceTier } from "./ending.ts";
import { envelope, type ReplyContext } from "./reply-context.ts";
import { unwrappedText } from "./tool-input.ts";

/** A whole message as a chat completion with one choice. */
export function toChatReply(reply: JsonObject, context: ReplyContext): JsonObject {
  if (!Array.isArray(reply["content"]))
    throw new GatewayError("provider_failed", "The model's provider answered with something that is not a message.");
  const usage = objectOf(reply["usage"]);
  dropEnding(reply, context);
  dropUnknown(reply, context);
  return {
    ...envelope(reply, "chat.completion", context),
    choices: [
      {
        index: 0,
        message: toMessage(reply, context),
        logprobs: null,
        finish_reason: finishReason(reply["stop_reason"], context),
      },
    ],
    usage: toChatUsage(usage),
    ...toServiceTier(usage),
  };
}

/** A block of thinking as `thinking_blocks` gives it to the client, who sends it back unchanged. */
export function toThinkingBlock({ type, thinking, signature, data }: JsonObject): JsonObject {
  return type === "redacted_thinking"
    ? { type, data }
    : { type, thinking: stringOf(thinking), signature: stringOf(signature) };
}

/** The tool that a call names. Throws when it names none. */
export function calledTool({ name }: JsonObject): string {
  if (stringOf(name) !== "") return stringOf(name);
  throw new GatewayError("provider_failed", "The model's provider sent a tool call that names no tool.");
}

/** A finished call. */
export function toToolCall(call: JsonObject, { custom }: ReplyContext): JsonObject {
  const { id } = call;
  const name = calledTool(call);
  const given = objectOf(call["input"]);
  return custom.has(name)
    ? { id, type: "custom", custom: { name, input: unwrappedText(given) } }
    : { id, type: "function", function: { name, arguments: JSON.stringify(given) } };
}

function toMessage(reply: JsonObject, context: ReplyContext): JsonObject {
  const blocks = arrayOf(reply["content"]).map(objectOf);
  const of = (type: string): JsonObject[] => blocks.filter((block) => block["type"] === type);
  const content = of("text")
    .map((block) => stringOf(block["text"]))
    .join("");
  blocks.forEach((block) => dropFromBlock(block, context));
  return {
    role: "assistant",
    content: content === "" ? null : content,
    refusal: refusalText(reply),
    ...reasoningMembers(blocks),
    ...callMembers(of("tool_use"), context),
  };
}

function reasoningMembers(blocks: readonly JsonObject[]): JsonObject {
  const thinking = blocks.filter((block) => block["type"] === "thinking" || block["type"] === "redacted_thinking");
  const text = thinking.map((block) => stringOf(block["thinking"])).join("");
  return {
    ...(text === "" ? {} : { reasoning_content: text }),
    ...(thinking.length === 0 ? {} : { thinking_blocks: thinking.map(toThinkingBlock) }),
  };
}

function callMembers(calls: readonly JsonObject[], context: ReplyContext): JsonObject {
  const [first, ...others] = calls;
  if (!first) return {};
  if (!context.isLegacy) return { tool_calls: calls.map((call) => toToolCall(call, context)) };
  if (others.length > 0) context.drop("reply.content[].tool_use");
  return { function_call: toToolCall(first, context)["function"] };
}

const translated = new Set<unknown>(["text", "thinking", "redacted_thinking", "tool_use"]);

/** True for a block that a chat client gets. */
export function isTranslated({ type }: JsonObject): boolean {
  return translated.has(type);
}

/** Names what of a block a chat client does not get. */
export function dropFromBlock({ type, citations }: JsonObject, { drop }: ReplyContext): void {
  if (!translated.has(type)) drop(`reply.content[].${stringOf(type) || "type"}`);
  if (arrayOf(citations).length > 0) drop("reply.content[].citations");
}

const read = new Set([
  "id",
  "type",
  "role",
  "model",
  "content",
  "stop_reason",
  "stop_sequence",
  "stop_details",
  "usage",
]);

/** Names members of a whole reply that nothing was made of. */
function dropUnknown(reply: JsonObject, { drop }: ReplyContext): void {
  for (const [name, value] of Object.entries(reply)) {
    if (!read.has(name) && value !== null && value !== undefined) drop(`reply.${name}`);
  }
}
