import { arrayOf, type JsonObject, objectOf, stringOf } from "../../wires/json.ts";
import { toChatContent } from "./content-parts.ts";
import type { Drop } from "../notes.ts";
import { dropOthers } from "./notes.ts";
import { unsealed } from "../../wires/responses/sealed-reasoning.ts";

/** What an assistant thought, said and called in a row, as one chat message. */
export function toAssistantMessage(
  said: readonly { readonly item: JsonObject; readonly param: string }[],
  drop: Drop,
): JsonObject {
  const of = (...types: readonly string[]) =>
    said.filter(({ item }) => types.includes(stringOf(item["type"]) || "message"));
  const parts = of("message").flatMap(({ item, param }) => contentParts(item, param, drop));
  const refusals = parts.filter(({ type }) => type === "refusal").map(({ refusal }) => stringOf(refusal));
  const texts = parts.filter(({ type }) => type !== "refusal");
  const calls = of("function_call", "custom_tool_call").map(({ item }) => toToolCall(item, drop));
  return {
    role: "assistant",
    content: contentOf(texts) ?? (calls.length === 0 && refusals.length === 0 ? "" : null),
    ...(refusals.length === 0 ? {} : { refusal: refusals.join("\n") }),
    ...reasoningMembers(
      of("reasoning").map(({ item }) => item),
      drop,
    ),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

function contentParts(item: JsonObject, param: string, drop: Drop): readonly JsonObject[] {
  dropOthers(item, ["type", "id", "role", "content", "status"], "input[]", drop);
  const content = toChatContent(item["content"], { param: `${param}.content`, drop });
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

/** A lone text is a string, as people write it. */
function contentOf(texts: readonly JsonObject[]): unknown {
  const [only, ...others] = texts;
  if (only === undefined) return null;
  return others.length === 0 && only["prompt_cache_breakpoint"] === undefined ? only["text"] : texts;
}

function toToolCall(item: JsonObject, drop: Drop): JsonObject {
  const { type, call_id: id, name } = item;
  const member = type === "custom_tool_call" ? "input" : "arguments";
  dropOthers(item, ["type", "id", "call_id", "name", "status", member], "input[]", drop);
  const given = stringOf(item[member]);
  return member === "input"
    ? { id, type: "custom", custom: { name, input: given } }
    : { id, type: "function", function: { name, arguments: given } };
}

/** Reasoning in the members that servers of open models and other gateways read; what was sealed for its vendor is opened. */
function reasoningMembers(items: readonly JsonObject[], drop: Drop): JsonObject {
  const texts = items.map(reasoningText).filter((text) => text !== "");
  const blocks = items.flatMap((item) => unsealed(stringOf(item["encrypted_content"])) ?? foreignSeal(item, drop));
  return {
    ...(texts.length === 0 ? {} : { reasoning_content: texts.join("\n\n") }),
    ...(blocks.length === 0 ? {} : { thinking_blocks: blocks }),
  };
}

function reasoningText(item: JsonObject): string {
  const parts = arrayOf(item["content"]).length > 0 ? item["content"] : item["summary"];
  return arrayOf(parts)
    .map((part) => stringOf(objectOf(part)["text"]))
    .join("\n\n");
}

/** Reasoning that another vendor has encrypted. */
function foreignSeal({ encrypted_content }: JsonObject, drop: Drop): JsonObject[] {
  if (stringOf(encrypted_content) !== "") drop("input[].encrypted_content");
  return [];
}
