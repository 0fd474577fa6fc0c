import { GatewayError } from "../../errors.ts";
import { arrayOf, type JsonObject, numberOf, objectOf, stringOf } from "../../wires/json.ts";
import { parseExactly } from "../../wires/parse-exactly.ts";
import { dropEnding, finishReason, refusalText, toChatUsage, toServiceTier } from "./ending.ts";
import { calledTool, dropFromBlock, isTranslated, toThinkingBlock, toToolCall } from "./reply.ts";
import { envelope, type ReplyContext } from "./reply-context.ts";

/** Writes the chunks of a chat stream from the events of a messages stream. */
export interface ChunkWriter {
  event(event: JsonObject): readonly JsonObject[];
  end(): readonly JsonObject[];
}

/** What is known of the message so far. */
interface State {
  hasStarted: boolean;
  envelope: JsonObject;
  /** Counts grow in later events; what an event does not say stays. */
  usage: JsonObject;
  /** `stop_reason` and its details. */
  ending: JsonObject;
  /** Blocks that have begun, by their index. */
  readonly open: Map<number, Block>;
  readonly thinking: JsonObject[];
  calls: number;
}

interface Block {
  readonly start: JsonObject;
  /** Pieces of thinking or of a custom tool's input. */
  text: string;
  signature: string;
  /** Number of the call among the calls; -1 for anything else. */
  readonly call: number;
  /** True once a piece of the arguments came. */
  hasArguments: boolean;
}

export function createChunkWriter(context: ReplyContext): ChunkWriter {
  const state: State = {
    hasStarted: false,
    envelope: envelope({}, "chat.completion.chunk", context),
    usage: {},
    ending: {},
    open: new Map(),
    thinking: [],
    calls: 0,
  };
  return {
    event: (event) => (handlers.get(stringOf(event["type"])) ?? unknownEvent)(event, state, context),
    end: () => end(state, context),
  };
}

type Handler = (event: JsonObject, state: State, context: ReplyContext) => readonly JsonObject[];

const handlers = new Map<string, Handler>([
  ["message_start", start],
  ["content_block_start", startBlock],
  ["content_block_delta", continueBlock],
  ["content_block_stop", stopBlock],
  ["message_delta", noteEnding],
  ["message_stop", () => []],
  ["ping", () => []],
]);

function start(event: JsonObject, state: State, context: ReplyContext): readonly JsonObject[] {
  const message = objectOf(event["message"]);
  state.hasStarted = true;
  state.envelope = envelope(message, "chat.completion.chunk", context);
  addUsage(state, message["usage"]);
  const { content } = message;
  const blocks = typeof content === "string" ? [{ type: "text", text: content }] : arrayOf(content);
  // Most often nothing. A server that has the whole answer at once may put it here, and clients of messages read it.
  const begun = blocks.flatMap((block, index) => [
    ...startBlock({ index, content_block: block }, state, context),
    ...stopBlock({ index }, state, context),
  ]);
  return [chunk(state, { role: "assistant", content: "" }), ...begun];
}

function startBlock(event: JsonObject, state: State, context: ReplyContext): readonly JsonObject[] {
  const begun = objectOf(event["content_block"]);
  if (state.open.has(indexOf(event)))
    throw new GatewayError("stream_broken", "The model's provider began a block that was still open.");
  const isCall = begun["type"] === "tool_use";
  const block: Block = { start: begun, text: "", signature: "", call: isCall ? state.calls : -1, hasArguments: false };
  if (isCall) state.calls += 1;
  state.open.set(indexOf(event), block);
  dropFromBlock(begun, context);
  if (isCall) return startCall(block, state, context);
  return [...said(block, state, begun), ...signed(block, begun)];
}

/** A call begins with its id and name. What a custom tool is given cannot be told from its JSON before that is whole. */
function startCall({ start, call }: Block, state: State, context: ReplyContext): readonly JsonObject[] {
  const { id } = start;
  const name = calledTool(start);
  if (context.custom.has(name)) return [];
  const called = { name, arguments: "" };
  if (!context.isLegacy)
    return [chunk(state, { tool_calls: [{ index: call, id, type: "function", function: called }] })];
  if (call > 0) context.drop("reply.content[].tool_use");
  return call === 0 ? [chunk(state, { function_call: called })] : [];
}

/** The kind of block that each kind of piece belongs to. */
const homes = new Map([
  ["text_delta", "text"],
  ["thinking_delta", "thinking"],
  ["signature_delta", "thinking"],
  ["input_json_delta", "tool_use"],
]);

function continueBlock(event: JsonObject, state: State, context: ReplyContext): readonly JsonObject[] {
  const delta = objectOf(event["delta"]);
  const type = stringOf(delta["type"]);
  const block = homes.has(type) ? open(state.open.get(indexOf(event))) : undefined;
  if (block?.start["type"] !== homes.get(type) || !block) {
    // A block that is left out was named when it began; its pieces are no news.
    if (!block || isTranslated(block.start)) context.drop(`reply.content[].${type.replace(/_delta$/, "") || "delta"}`);
    return [];
  }
  if (type === "signature_delta") return signed(block, delta);
  return block.call === -1
    ? said(block, state, delta)
    : argumentPiece(block, stringOf(delta["partial_json"]), state, context);
}

/** Throws for a piece of a block that has not begun, or has ended: part of the answer was lost, and the rest is not the answer. */
function open(block: Block | undefined): Block {
  if (block) return block;
  throw new GatewayError("stream_broken", "The model's provider sent a piece of a block that is not open.");
}

function said(block: Block, state: State, { text, thinking }: JsonObject): readonly JsonObject[] {
  const { type } = block.start;
  if (type === "text" && stringOf(text) !== "") return [chunk(state, { content: text })];
  if (type !== "thinking" || stringOf(thinking) === "") return [];
  block.text += stringOf(thinking);
  return [chunk(state, { reasoning_content: thinking })];
}

function signed(block: Block, { signature }: JsonObject): readonly JsonObject[] {
  block.signature += stringOf(signature);
  return [];
}

function argumentPiece(block: Block, piece: string, state: State, context: ReplyContext): readonly JsonObject[] {
  if (piece === "") return [];
  block.hasArguments = true;
  if (context.custom.has(stringOf(block.start["name"]))) {
    block.text += piece;
    return [];
  }
  if (!context.isLegacy) return [chunk(state, { tool_calls: [{ index: block.call, function: { arguments: piece } }] })];
  return block.call === 0 ? [chunk(state, { function_call: { arguments: piece } })] : [];
}

function stopBlock(event: JsonObject, state: State, context: ReplyContext): readonly JsonObject[] {
  const block = state.open.get(indexOf(event));
  if (!block) return [];
  const { start: begun, text, signature, call } = block;
  state.open.delete(indexOf(event));
  if (call === -1) {
    if (begun["type"] === "thinking")
      state.thinking.push(toThinkingBlock({ type: "thinking", thinking: text, signature }));
    if (begun["type"] === "redacted_thinking") state.thinking.push(toThinkingBlock(begun));
    return [];
  }
  if (context.custom.has(stringOf(begun["name"]))) {
    const input = block.hasArguments ? (parseExactly(text) ?? { input: text }) : begun["input"];
    return [chunk(state, { tool_calls: [{ index: call, ...toToolCall({ ...begun, input }, context) }] })];
  }
  // A call without arguments has no pieces at all, or came whole at its start.
  return block.hasArguments ? [] : argumentPiece(block, JSON.stringify(objectOf(begun["input"])), state, context);
}

function noteEnding(event: JsonObject, state: State): readonly JsonObject[] {
  state.ending = { ...state.ending, ...objectOf(event["delta"]) };
  addUsage(state, event["usage"]);
  return [];
}

function unknownEvent({ type }: JsonObject, _state: State, { drop }: ReplyContext): readonly JsonObject[] {
  drop(`reply.${stringOf(type) || "event"}`);
  return [];
}

/** The thinking to send back, the refusal if there was one, why it ended, and what it cost. */
function end(state: State, context: ReplyContext): readonly JsonObject[] {
  if (!state.hasStarted)
    throw new GatewayError("stream_broken", "The model's provider ended its answer without having begun it.");
  const rest = [...state.open.keys()].flatMap((index) => stopBlock({ index }, state, context));
  const { ending, thinking, usage } = state;
  const refusal = refusalText(ending);
  dropEnding(ending, context);
  return [
    ...rest,
    ...(thinking.length === 0 ? [] : [chunk(state, { thinking_blocks: thinking })]),
    ...(refusal === null ? [] : [chunk(state, { refusal })]),
    chunk(state, {}, finishReason(ending["stop_reason"], context)),
    { ...state.envelope, choices: [], usage: toChatUsage(usage), ...toServiceTier(usage) },
  ];
}

function chunk(state: State, delta: JsonObject, finish_reason: string | null = null): JsonObject {
  return { ...state.envelope, choices: [{ index: 0, delta, logprobs: null, finish_reason }] };
}

function addUsage(state: State, usage: unknown): void {
  const known = Object.entries(objectOf(usage)).filter(([, value]) => value !== null && value !== undefined);
  state.usage = { ...state.usage, ...Object.fromEntries(known) };
}

function indexOf(event: JsonObject): number {
  return numberOf(event["index"]) ?? 0;
}
