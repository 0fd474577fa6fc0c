import { type JsonObject, stringOf } from "../../wires/json.ts";
import { noteUnknown } from "./notes.ts";
import { refuseBlock } from "./parts.ts";
import { memberSigned } from "./thinking-signature.ts";
import { shortId, shortName } from "./tool-names.ts";

interface Saying {
  text: string;
  readonly toolCalls: JsonObject[];
  /** By the member that it goes back in. */
  readonly thinking: Record<string, string>;
  lastType: string;
}

type Reader = (saying: Saying, block: JsonObject, dropped: Set<string>) => void;

const readers = new Map<string, Reader>([
  ["text", readText],
  ["tool_use", readCall],
  ["thinking", readThinking],
  ["redacted_thinking", (_saying, _block, dropped) => void dropped.add("messages[].content[].data")],
]);

/** What the assistant said, as one message. Text and calls lose their order among each other, which the dialect cannot keep. */
export function toAssistantMessage(blocks: readonly JsonObject[], dropped: Set<string>): JsonObject {
  const saying: Saying = { text: "", toolCalls: [], thinking: {}, lastType: "" };
  for (const block of blocks) {
    const type = stringOf(block["type"]);
    const reader = readers.get(type) ?? refuseBlock(type);
    reader(saying, block, dropped);
    saying.lastType = type;
  }
  const { text, toolCalls, thinking } = saying;
  return {
    role: "assistant",
    content: text === "" && toolCalls.length > 0 ? null : text,
    ...thinking,
    ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
  };
}

const textMembers = new Set(["type", "text"]);

/** Blocks that follow each other are one text, cut where a citation began; others were said apart. */
function readText(saying: Saying, block: JsonObject, dropped: Set<string>): void {
  noteUnknown(block, textMembers, "messages[].content[]", dropped);
  const gap = saying.text === "" || saying.lastType === "text" ? "" : "\n\n";
  saying.text += gap + stringOf(block["text"]);
}

const callMembers = new Set(["type", "id", "name", "input", "caller"]);

function readCall({ toolCalls }: Saying, block: JsonObject, dropped: Set<string>): void {
  noteUnknown(block, callMembers, "messages[].content[]", dropped);
  const { id, name, input } = block;
  toolCalls.push({
    id: shortId(stringOf(id)),
    type: "function",
    function: { name: shortName(stringOf(name)), arguments: JSON.stringify(input ?? {}) },
  });
}

function readThinking({ thinking }: Saying, block: JsonObject, dropped: Set<string>): void {
  const member = memberSigned(stringOf(block["signature"]));
  if (member) thinking[member] = (thinking[member] ?? "") + stringOf(block["thinking"]);
  else dropped.add("messages[].content[].thinking");
}
