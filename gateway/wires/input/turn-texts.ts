import { isJsonObject, type JsonObject, stringOf } from "../json.ts";
import type { InputKind, InputText } from "../wire.ts";
import { addAddress, addContentData, addFileIds } from "./attachments.ts";
import { addArguments } from "./call-arguments.ts";
import { addDefinition } from "./definitions.ts";
import { addFixed, addText, isExactNumber, type InputSpot, type InputTurn, valueAt } from "./input-spot.ts";
import { unsealed } from "../responses/sealed-reasoning.ts";
import { isNaming, isToken, unreadMembers } from "./silent.ts";

/** Every text in a turn or a part of one, however deep and in members that nobody knows too, by the kind of what it stands in. */
export function addTurn(turn: InputTurn, spot: InputSpot): void {
  const value = valueAt(spot);
  const { name } = spot;
  const reader = readerOf(turn, name);
  if (reader) return reader(turn, spot);
  if (typeof value === "string") return addString(turn, spot, value);
  if (Array.isArray(value)) {
    for (const key of value.keys()) addTurn(turn, { holder: value, key, name });
  } else if (isJsonObject(value)) addObject(turn, value, name);
}

/** What reads a member that is no usual part of a turn. */
function readerOf(
  { isMedia = false, isCall = false }: InputTurn,
  name: string,
): ((turn: InputTurn, spot: InputSpot) => void) | undefined {
  if (unreadMembers.has(name)) return () => undefined;
  if (isMedia && (name === "file_id" || name === "file_ids")) return addFileIds;
  if (name === "tools") return (turn, spot) => addDefinition({ ...turn, kind: "tools" }, spot);
  return isCall && (name === "arguments" || name === "input") ? addArguments : undefined;
}

/** The texts of a message, or of an item that has no role and is of that kind unless its type says more. */
export function addMessage(texts: InputText[], message: JsonObject, kind: InputKind = "user"): void {
  addObject({ texts, kind: roleKinds.get(stringOf(message["role"])) ?? kind }, message, "");
}

const roleKinds = new Map<string, InputKind>([
  ["system", "system"],
  ["developer", "system"],
  ["user", "user"],
  ["assistant", "assistant"],
  ["tool", "tool_results"],
  ["function", "tool_results"],
]);

const addresses = new Set(["image_url", "file_url", "video_url", "audio_url"]);
const contents = new Set(["data", "file_data", "b64_json"]);

function addString(turn: InputTurn, spot: InputSpot, text: string): void {
  const { name } = spot;
  if (isNaming(name)) {
    if (!isToken(text)) addFixed(turn, text);
  } else if (addresses.has(name) || (turn.isMedia && name === "url")) addAddress(turn, spot, text);
  else if (isContent(turn, name, text)) addContentData(turn, spot, text);
  else if (turn.isCall && name === "name") addFixed(turn, text);
  else addText(turn, spot, text);
}

/** Outside of media only what is too long for a word. */
function isContent({ isMedia = false }: InputTurn, name: string, text: string): boolean {
  return isMedia ? contents.has(name) || name === "result" : contents.has(name) && text.length >= 100;
}

/** Members whose keys are the client's own words. */
const ownKeys = new Set(["attributes", "env", "variables"]);

const results = new Set(["output", "outputs", "results", "result", "error"]);
const callHolders = new Set(["function", "custom", "function_call"]);
const mediaHolders = new Set(["image_url", "source", "file", "video_url", "input_audio"]);

function addObject(turn: InputTurn, holder: JsonObject, name: string): void {
  const type = stringOf(holder["type"]);
  if (isUnread(holder, type)) return;
  const inner = innerTurn(turn, holder, { name, type });
  // Thinking that was sealed here reaches the model opened, and a client can write a seal of its own.
  for (const block of unsealed(stringOf(holder["encrypted_content"])) ?? [])
    addFixed(inner, stringOf(block["thinking"]));
  for (const key of Object.keys(holder)) {
    const member = type.endsWith("_call") && results.has(key) ? resultTurn(inner, type) : inner;
    addTurn(member, { holder, key, name: ownKeys.has(name) ? "" : key });
  }
}

/** Nothing beside what is encrypted, so that no text passes for it. */
function isOnlySealed(holder: JsonObject): boolean {
  return Object.keys(holder).every((key) => key === "data" || isNaming(key) || typeof holder[key] !== "string");
}

/** Thinking that its vendor encrypted says nothing to anyone else. */
function isUnread(holder: JsonObject, type: string): boolean {
  const isEncrypted = type === "redacted_thinking" || type.endsWith(".encrypted");
  return (isEncrypted && isToken(stringOf(holder["data"])) && isOnlySealed(holder)) || isExactNumber(holder);
}

function innerTurn(
  turn: InputTurn,
  holder: JsonObject,
  { name, type }: { readonly name: string; readonly type: string },
): InputTurn {
  return {
    texts: turn.texts,
    kind: kindOf(type) ?? turn.kind,
    isMedia: mediaHolders.has(name) || /(?:^|_)(?:image|audio|video|file|document|screenshot|upload)$/.test(type),
    isCall: callHolders.has(name) || /_call$|tool_use$|^mcp_approval_request$/.test(type),
    isSealed: turn.isSealed === true || isSealed(holder),
  };
}

function kindOf(type: string): InputKind | undefined {
  if (/tool_result$|_output$/.test(type)) return "tool_results";
  if (/^(?:document|search_result|file|input_file)$/.test(type)) return "documents";
  if (type === "mcp_list_tools") return "tools";
  return /_call$|tool_use$|^(?:thinking|reasoning|mcp_approval_request)$/.test(type) ? "assistant" : undefined;
}

function isSealed({ signature, encrypted_content }: JsonObject): boolean {
  return stringOf(signature) !== "" || stringOf(encrypted_content) !== "";
}

/** What the service has written beside a call. */
function resultTurn({ texts, isSealed: sealed = false }: InputTurn, type: string): InputTurn {
  return { texts, kind: "tool_results", isMedia: type === "image_generation_call", isSealed: sealed };
}
