import { arrayOf, type JsonObject, objectOf, stringOf } from "../../wires/json.ts";
import { toAssistantMessage } from "./assistant-message.ts";
import { refuse } from "./notes.ts";
import { blocksOf, plainText, textOf, textPart, toContent, toParts } from "./parts.ts";
import { shortId } from "./tool-names.ts";

/**
 * The messages of a conversation. Turns of one role that follow each other are one turn, as the messages dialect reads
 * them: a call's results then follow it at once, wherever the client put them.
 */
export function toChatMessages(body: JsonObject, dropped: Set<string>): readonly JsonObject[] {
  const system = plainText(body["system"] ?? [], "system[]", dropped);
  const turns = turnsIn(arrayOf(body["messages"]).map(objectOf));
  if (turns.at(-1)?.role === "assistant") {
    refuse(
      "messages",
      "The last message is the assistant's, and this model's provider cannot go on with an answer that has begun. End with a message of the user, or ask for a model whose provider speaks messages.",
    );
  }
  return [
    ...(system === "" ? [] : [{ role: "system", content: system }]),
    ...turns.flatMap((turn) => messagesOfTurn(turn, dropped)),
  ];
}

interface Turn {
  readonly role: string;
  readonly blocks: readonly JsonObject[];
}

function turnsIn(messages: readonly JsonObject[]): readonly Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const role = stringOf(message["role"]);
    const last = turns.at(-1);
    const before = last?.role === role ? (turns.pop()?.blocks ?? []) : [];
    turns.push({ role, blocks: [...before, ...blocksOf(message["content"])] });
  }
  return turns;
}

function messagesOfTurn({ role, blocks }: Turn, dropped: Set<string>): readonly JsonObject[] {
  switch (role) {
    case "user":
      return toUserMessages(blocks, dropped);
    case "assistant":
      return [toAssistantMessage(blocks, dropped)];
    case "system":
      return [{ role, content: plainText(blocks, "messages[].content[]", dropped) }];
    default:
      return refuse("messages", `A message has the role "${role}". Known: user, assistant, system.`);
  }
}

/** The results of tools first, each a message of its own, and then what the user says and shows. */
function toUserMessages(blocks: readonly JsonObject[], dropped: Set<string>): readonly JsonObject[] {
  const results = blocks.filter(isResult).map((block) => toToolResult(block, dropped));
  const said = blocks.filter((block) => !isResult(block)).flatMap((block) => toParts(block, dropped));
  const parts = [...results.flatMap(({ shown }) => shown), ...said];
  const isSilent = parts.length === 0 && results.length > 0;
  return [...results.map(({ message }) => message), ...(isSilent ? [] : [{ role: "user", content: toContent(parts) }])];
}

function isResult({ type }: JsonObject): boolean {
  return type === "tool_result";
}

interface ToolResult {
  readonly message: JsonObject;
  /** Images and files, which the message of a tool cannot hold: they stand at the beginning of the user's message. */
  readonly shown: readonly JsonObject[];
}

function toToolResult(block: JsonObject, dropped: Set<string>): ToolResult {
  const { cache_control: cached, toolset_name: toolset, content, is_error: isError } = block;
  if (cached !== undefined && cached !== null) dropped.add("messages[].content[].cache_control");
  if (toolset !== undefined && toolset !== null) dropped.add("messages[].content[].toolset_name");
  const id = shortId(stringOf(block["tool_use_id"]));
  const parts = blocksOf(content ?? "").flatMap((inner) => toParts(inner, dropped));
  const others = parts.filter(({ type }) => type !== "text");
  const lines = [
    isError === true ? "The tool failed:" : "",
    textOf(parts),
    others.length > 0 ? "(What the tool showed is in the next message of the user.)" : "",
  ];
  return {
    message: { role: "tool", tool_call_id: id, content: lines.filter((line) => line !== "").join("\n") },
    shown: others.length > 0 ? [textPart(`The tool call ${id} showed:`), ...others] : [],
  };
}
