import type { JsonObject } from "../../wires/json.ts";
import { type Answer, type Block, settleId, toolOf } from "./answer.ts";
import { signatureFor } from "./thinking-signature.ts";
import { toInput } from "./tool-input.ts";
import type { ToolNames } from "./tool-names.ts";

/**
 * Sends an answer block after block, although a server may write several calls at the same time: a block is sent as it
 * grows, the ones behind it wait until it is whole.
 */
export interface BlockEvents {
  /** What can be sent by now. */
  advance(): readonly JsonObject[];
  /** The rest. `isCutOff`: the last call may be half written. */
  end(isCutOff: boolean): readonly JsonObject[];
}

interface Cursor {
  /** The block that is being sent. */
  index: number;
  hasBegun: boolean;
  /** How many of its pieces have been sent. */
  sent: number;
}

export function createBlockEvents(answer: Answer, toolNames: ToolNames): BlockEvents {
  const cursor: Cursor = { index: 0, hasBegun: false, sent: 0 };
  const sender: Sender = { answer, toolNames, cursor };
  const send = (isDone: (block: Block) => boolean, isCutOff: boolean): JsonObject[] => {
    const events: JsonObject[] = [];
    for (let block = answer.blocks[cursor.index]; block; block = answer.blocks[cursor.index]) {
      if (!isDone(block)) return [...events, ...grow(sender, block)];
      events.push(...grow(sender, block), ...close(sender, block, isCutOff));
      Object.assign(cursor, { index: cursor.index + 1, hasBegun: false, sent: 0 });
    }
    return events;
  };
  const isDone = (block: Block): boolean =>
    block !== answer.blocks.at(-1) && (block.type !== "call" || block.scan.isWhole());
  return { advance: () => send(isDone, false), end: (isCutOff) => send(() => true, isCutOff) };
}

interface Sender {
  readonly answer: Answer;
  readonly toolNames: ToolNames;
  readonly cursor: Cursor;
}

/** What has come since the last time. A call waits for its arguments, since until then its name may go on. */
function grow(sender: Sender, block: Block): readonly JsonObject[] {
  if (block.type === "call" && !block.scan.hasBegun()) return [];
  const { cursor } = sender;
  const text = block.pieces.slice(cursor.sent).join("");
  const begun = begin(sender, block);
  cursor.sent = block.pieces.length;
  return text === "" ? begun : [...begun, deltaOf(cursor, block, text)];
}

function begin({ answer, toolNames, cursor }: Sender, block: Block): readonly JsonObject[] {
  if (cursor.hasBegun) return [];
  cursor.hasBegun = true;
  return [{ type: "content_block_start", index: cursor.index, content_block: emptyBlock(block, answer, toolNames) }];
}

function emptyBlock(block: Block, answer: Answer, toolNames: ToolNames): JsonObject {
  if (block.type === "text") return { type: "text", text: "", citations: null };
  if (block.type === "thinking") return { type: "thinking", thinking: "", signature: "" };
  const name = toolOf(block, toolNames);
  return { type: "tool_use", id: settleId(answer, block), name, input: {}, caller: { type: "direct" } };
}

function deltaOf({ index }: Cursor, { type }: Block, text: string): JsonObject {
  const said = {
    text: { type: "text_delta", text },
    thinking: { type: "thinking_delta", thinking: text },
    call: { type: "input_json_delta", partial_json: text },
  };
  return { type: "content_block_delta", index, delta: said[type] };
}

function close(sender: Sender, block: Block, isCutOff: boolean): readonly JsonObject[] {
  const { index } = sender.cursor;
  const begun = begin(sender, block);
  return [...begun, ...lastDelta(sender, block, isCutOff), { type: "content_block_stop", index }];
}

/** What completes a block: the signature of thinking, and `{}` for a call that was given nothing. */
function lastDelta({ cursor }: Sender, block: Block, isCutOff: boolean): readonly JsonObject[] {
  const { index } = cursor;
  if (block.type === "text") return [];
  if (block.type === "thinking") {
    const delta = { type: "signature_delta", signature: signatureFor(block.member) };
    return [{ type: "content_block_delta", index, delta }];
  }
  toInput(block, isCutOff);
  block.isClosed = true;
  return block.scan.hasBegun() ? [] : [deltaOf(cursor, block, "{}")];
}
