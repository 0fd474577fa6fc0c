import { arrayOf, isJsonObject, type JsonObject, objectOf, stringOf } from "../../wires/json.ts";
import { messagesOf } from "../../wires/request-text.ts";
import { cacheControl, contentBlocks, textBlocks } from "./content-blocks.ts";
import { type Drop, refusal } from "../notes.ts";
import { thinkingBlocks } from "./thinking-blocks.ts";
import { toolInput, wrappedText } from "./tool-input.ts";
import { createFunctionCallIds, toToolUseId } from "./tool-ids.ts";

/** The conversation in the messages dialect: what stood in system messages, and turns that alternate. */
export interface Conversation {
  readonly system: readonly JsonObject[];
  readonly turns: readonly JsonObject[];
}

interface Turn {
  readonly role: "user" | "assistant";
  readonly blocks: readonly JsonObject[];
}

/** What a message is read with. */
interface Reading {
  readonly drop: Drop;
  readonly functionCallIds: ReturnType<typeof createFunctionCallIds>;
}

/**
 * System and developer messages are joined, wherever they stood; neighbours of the same role become one turn, so that the
 * results of parallel calls stand together right after the calls.
 */
export function toConversation(body: JsonObject, drop: Drop): Conversation {
  const reading: Reading = { drop, functionCallIds: createFunctionCallIds() };
  const system: JsonObject[] = [];
  const turns: Turn[] = [];
  messagesOf(body).forEach((message, index) => {
    const param = `messages[${index}]`;
    dropUnknown(message, drop);
    if (isSystem(message)) {
      system.push(...lastMarked(textBlocks(message["content"], { param: `${param}.content`, drop }), message, drop));
      return;
    }
    const turn = toTurn(message, param, reading);
    if (turn.blocks.length > 0) turns.push(turn);
  });
  if (turns.length === 0) {
    throw refusal(
      "messages",
      "The request has no message of a user.",
      "Add one, because the model's provider demands it.",
    );
  }
  return { system, turns: joined(turns) };
}

function isSystem({ role }: JsonObject): boolean {
  return role === "system" || role === "developer";
}

function toTurn(message: JsonObject, param: string, reading: Reading): Turn {
  switch (message["role"]) {
    case "user":
      return { role: "user", blocks: userBlocks(message, param, reading) };
    case "assistant":
      return { role: "assistant", blocks: assistantBlocks(message, param, reading) };
    case "tool":
      return { role: "user", blocks: [toolResult(message, stringOf(message["tool_call_id"]), param, reading)] };
    case "function":
      return { role: "user", blocks: [toolResult(message, reading.functionCallIds.last(), param, reading)] };
    default:
      throw refusal(
        `${param}.role`,
        `"${param}" has the role ${JSON.stringify(message["role"])}.`,
        "Known roles: system, developer, user, assistant, tool, function.",
      );
  }
}

function userBlocks(message: JsonObject, param: string, { drop }: Reading): JsonObject[] {
  return lastMarked(contentBlocks(message["content"], { param: `${param}.content`, drop }), message, drop);
}

function assistantBlocks(message: JsonObject, param: string, reading: Reading): JsonObject[] {
  const { drop, functionCallIds } = reading;
  if (isJsonObject(message["audio"])) {
    throw refusal(`${param}.audio`, `"${param}" refers to spoken words.`, "Send what was said as text.");
  }
  const { name, arguments: given } = objectOf(message["function_call"]);
  const calls = arrayOf(message["tool_calls"]).map((call) => toolUse(objectOf(call)));
  const blocks = [
    ...thinkingBlocks(message, drop),
    ...textBlocks(message["content"], { param: `${param}.content`, drop }),
    ...contentBlocks(stringOf(message["refusal"]), { param: `${param}.refusal`, drop }),
    ...calls,
    ...(stringOf(name) === "" ? [] : [{ type: "tool_use", id: functionCallIds.next(), name, input: toolInput(given) }]),
  ];
  return lastMarked(blocks, message, drop);
}

function toolUse(call: JsonObject): JsonObject {
  const id = toToolUseId(stringOf(call["id"]));
  const custom = objectOf(call["custom"]);
  if (call["type"] === "custom") {
    return { type: "tool_use", id, name: custom["name"], input: wrappedText(stringOf(custom["input"])) };
  }
  const called = objectOf(call["function"]);
  return { type: "tool_use", id, name: called["name"], input: toolInput(called["arguments"]) };
}

function toolResult(message: JsonObject, callId: string, param: string, { drop }: Reading): JsonObject {
  const { content, is_error } = message;
  const blocks = contentBlocks(content, { param: `${param}.content`, drop });
  return {
    type: "tool_result",
    tool_use_id: toToolUseId(callId),
    ...(typeof content === "string" ? { content } : blocks.length > 0 ? { content: blocks } : {}),
    ...(is_error === true ? { is_error } : {}),
    ...cacheControl(message, "messages[]", drop),
  };
}

/** A mark on a message stands for its last block. */
function lastMarked(blocks: readonly JsonObject[], message: JsonObject, drop: Drop): JsonObject[] {
  const last = blocks.at(-1);
  return last ? [...blocks.slice(0, -1), { ...last, ...cacheControl(message, "messages[]", drop) }] : [];
}

function joined(turns: readonly Turn[]): JsonObject[] {
  const runs: { role: Turn["role"]; blocks: JsonObject[] }[] = [];
  for (const { role, blocks } of turns) {
    const last = runs.at(-1);
    if (last?.role === role) last.blocks.push(...blocks);
    else runs.push({ role, blocks: [...blocks] });
  }
  return runs.map(({ role, blocks }) => ({ role, content: simplest(resultsFirst(blocks)) }));
}

/** Results must stand before anything else that the user says. */
function resultsFirst(blocks: readonly JsonObject[]): JsonObject[] {
  const isResult = (block: JsonObject): boolean => block["type"] === "tool_result";
  return [...blocks.filter(isResult), ...blocks.filter((block) => !isResult(block))];
}

/** A lone text is a string, as people write it. */
function simplest(blocks: readonly JsonObject[]): unknown {
  const [only, ...others] = blocks;
  const isPlain = others.length === 0 && only?.["type"] === "text" && only["cache_control"] === undefined;
  return isPlain ? only["text"] : blocks;
}

const readMembers = new Map<unknown, readonly string[]>([
  ["assistant", ["refusal", "tool_calls", "function_call", "audio", "thinking_blocks", "reasoning_content"]],
  ["tool", ["tool_call_id", "is_error"]],
  ["function", ["name", "is_error"]],
]);
const readAlways = ["role", "content", "cache_control", "prompt_cache_breakpoint"];

function dropUnknown(message: JsonObject, drop: Drop): void {
  const read = [...readAlways, ...(readMembers.get(message["role"]) ?? [])];
  for (const [name, value] of Object.entries(message)) {
    const isEmpty = value === undefined || value === null || (Array.isArray(value) && value.length === 0);
    if (!isEmpty && !read.includes(name)) drop(`messages[].${name}`);
  }
}
