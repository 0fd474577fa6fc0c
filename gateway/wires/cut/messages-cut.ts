import { countsIn, type JsonObject, numberOf, objectOf, stringOf } from "../json.ts";
import type { Refusal, StreamCut } from "../wire.ts";
import {
  messagesEndFrame,
  messagesFrame,
  messagesRefusalFrames,
  refusalBlockFrames,
  refusalDeltaFrame,
} from "./messages-refusal.ts";

interface SentMessage {
  /** As the start of the message had it; undefined before that. */
  usage: JsonObject | undefined;
  /** Indexes of the blocks that have begun and not ended. */
  readonly open: Set<number>;
  /** Index of the next block. */
  next: number;
  /** True once the message has said why it ends. */
  isStopping: boolean;
  isEnded: boolean;
}

/**
 * Follows a stream of events. Cut, the open block ends where it is and the refusal follows as a block of its own. A tool call
 * may then end in the middle of its input, or of a thought without its signature; the stop reason, which is not `tool_use`,
 * tells clients to execute nothing.
 */
export function followMessages(): StreamCut {
  const sent: SentMessage = { usage: undefined, open: new Set(), next: 0, isStopping: false, isEnded: false };
  return {
    sent: (event) => notes.get(stringOf(event["type"]))?.(sent, event),
    refuse(refusal) {
      if (sent.isEnded) return [];
      return sent.usage === undefined ? messagesRefusalFrames(refusal) : endingFrames(sent, sent.usage, refusal);
    },
  };
}

const notes = new Map<string, (sent: SentMessage, event: JsonObject) => void>([
  ["message_start", noteStart],
  ["content_block_start", noteBlockStart],
  ["content_block_stop", (sent, event) => void sent.open.delete(numberOf(event["index"]) ?? 0)],
  ["message_delta", noteDelta],
  ["message_stop", noteEnd],
  ["error", noteEnd],
]);

function noteStart(sent: SentMessage, event: JsonObject): void {
  sent.usage = objectOf(objectOf(event["message"])["usage"]);
}

function noteBlockStart(sent: SentMessage, event: JsonObject): void {
  const index = numberOf(event["index"]) ?? 0;
  sent.open.add(index);
  sent.next = Math.max(sent.next, index + 1);
}

function noteDelta(sent: SentMessage, event: JsonObject): void {
  sent.isStopping ||= stringOf(objectOf(event["delta"])["stop_reason"]) !== "";
}

function noteEnd(sent: SentMessage): void {
  sent.isEnded = true;
}

/** After the message has said why it ends there is no place for a block: it says once more, and otherwise, why. */
function endingFrames({ open, next, isStopping }: SentMessage, begun: JsonObject, refusal: Refusal): readonly string[] {
  return [
    ...[...open].map((index) => messagesFrame("content_block_stop", { index })),
    ...(isStopping ? [] : refusalBlockFrames(next, refusal.message)),
    refusalDeltaFrame(refusal, usageOf(begun, refusal)),
    messagesEndFrame,
  ];
}

/** Totals of the whole message. In this dialect what was read from or written into a cache is not part of the input. */
function usageOf(begun: JsonObject, { usage }: Refusal): JsonObject {
  const { input_tokens: fresh = 0, ...cached } = countsIn({
    input_tokens: begun["input_tokens"],
    cache_read_input_tokens: begun["cache_read_input_tokens"],
    cache_creation_input_tokens: begun["cache_creation_input_tokens"],
  });
  const fromCache = (cached.cache_read_input_tokens ?? 0) + (cached.cache_creation_input_tokens ?? 0);
  return {
    ...cached,
    input_tokens: usage ? Math.max(0, usage.inputTokens - fromCache) : fresh,
    output_tokens: usage?.outputTokens ?? 0,
  };
}
