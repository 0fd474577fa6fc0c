import { type JsonObject, objectOf, stringOf } from "../../wires/json.ts";
import { inputItems, inputType } from "../../wires/responses/read-request.ts";
import { toAssistantMessage } from "./assistant-message.ts";
import { toChatContent } from "./content-parts.ts";
import { type Drop, refusal } from "../notes.ts";
import { dropOthers } from "./notes.ts";

/** What the items become, in order. What an assistant said and called from one user's turn to the next is one message. */
export function toChatMessages(body: JsonObject, drop: Drop): JsonObject[] {
  const instructions = stringOf(body["instructions"]);
  const conversation: Conversation = { messages: [], said: [], shown: [], drop };
  if (instructions !== "") conversation.messages.push({ role: "system", content: instructions });
  inputItems(body).forEach((item, index) => addItem(conversation, item, `input[${index}]`));
  finishAssistant(conversation);
  showResults(conversation);
  return conversation.messages;
}

interface Conversation {
  readonly messages: JsonObject[];
  /** Items of the assistant that wait to be put into one message. */
  said: { readonly item: JsonObject; readonly param: string }[];
  /** Images and files of tool results, which chat takes from a user only. */
  shown: JsonObject[];
  readonly drop: Drop;
}

const ofAssistant = ["reasoning", "function_call", "custom_tool_call"];
const ofTools = ["function_call_output", "custom_tool_call_output"];

function addItem(conversation: Conversation, item: JsonObject, param: string): void {
  const type = inputType(item);
  const isMessage = type === "message";
  if (ofAssistant.includes(type) || (isMessage && item["role"] === "assistant")) {
    showResults(conversation);
    conversation.said.push({ item, param });
    return;
  }
  if (isStoredReasoning(item)) return conversation.drop("input[].item_reference");
  finishAssistant(conversation);
  if (ofTools.includes(type)) return addResult(conversation, item, param);
  showResults(conversation);
  if (!isMessage) throw notTranslated(type, param);
  conversation.messages.push(toMessage(item, param, conversation.drop));
}

/** Reasoning of ours that a client names instead of sending it; without it the conversation is still the same. */
function isStoredReasoning(item: JsonObject): boolean {
  return item["type"] === "item_reference" && stringOf(item["id"]).startsWith("rs_");
}

function toMessage(item: JsonObject, param: string, drop: Drop): JsonObject {
  const { role, content } = item;
  if (role !== "user" && role !== "system" && role !== "developer") {
    throw refusal(
      `${param}.role`,
      `"${param}" has the role ${JSON.stringify(role)}.`,
      "Known roles: user, assistant, system, developer.",
    );
  }
  dropOthers(item, ["type", "id", "role", "content", "status"], "input[]", drop);
  return { role, content: toChatContent(content, { param: `${param}.content`, drop }) };
}

function finishAssistant(conversation: Conversation): void {
  if (conversation.said.length === 0) return;
  conversation.messages.push(toAssistantMessage(conversation.said, conversation.drop));
  conversation.said = [];
}

function addResult(conversation: Conversation, item: JsonObject, param: string): void {
  const { drop } = conversation;
  dropOthers(item, ["type", "id", "call_id", "output", "status", "name"], "input[]", drop);
  const content = toChatContent(item["output"], { param: `${param}.output`, drop });
  const parts = typeof content === "string" ? [{ type: "text", text: content }] : content;
  const texts = parts.filter(({ type }) => type === "text");
  const others = parts.filter(({ type }) => type !== "text");
  const tool_call_id = stringOf(item["call_id"]);
  const [first, ...rest] = texts;
  const isPlain = rest.length === 0 && first?.["prompt_cache_breakpoint"] === undefined;
  const pointer = others.length === 0 ? "" : "The result follows in the next message.";
  conversation.messages.push({
    role: "tool",
    tool_call_id,
    content: isPlain ? stringOf(objectOf(first)["text"]) || pointer : texts,
  });
  if (others.length > 0)
    conversation.shown.push({ type: "text", text: `Result of the tool call ${tool_call_id}:` }, ...others);
}

/** After all results, since nothing may stand between the results of parallel calls. */
function showResults(conversation: Conversation): void {
  if (conversation.shown.length === 0) return;
  conversation.messages.push({ role: "user", content: conversation.shown });
  conversation.shown = [];
}

function notTranslated(type: string, param: string) {
  if (type === "item_reference") {
    return refusal(
      param,
      `"${param}" refers to an item that is stored elsewhere, and the model's provider stores none.`,
      "Send the item itself; many clients do so with store: false.",
    );
  }
  return refusal(
    param,
    `"${param}" is of the type ${JSON.stringify(type)}, which belongs to a tool or a store of the native service.`,
    "Send messages, reasoning, function calls and their outputs, or ask a model whose provider speaks responses.",
  );
}
