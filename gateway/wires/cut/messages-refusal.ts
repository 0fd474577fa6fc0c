import { type JsonObject, objectOf, stringOf } from "../json.ts";
import { eventFrame } from "../named-events.ts";
import type { Refusal } from "../wire.ts";

/** A refusal as a whole reply. */
export function messagesRefusal(refusal: Refusal): JsonObject {
  return {
    ...envelope(refusal),
    content: [{ type: "text", text: refusal.message }],
    stop_reason: "refusal",
    proctor: refusal.proctor,
  };
}

/** A refusal as a whole stream. */
export function messagesRefusalFrames(refusal: Refusal): readonly string[] {
  const { usage, ...message } = envelope(refusal);
  // As vendors count: nothing at the start, all at the end. Some clients add the two, some read the second only.
  const begun = { ...objectOf(usage), output_tokens: 0 };
  return [
    messagesFrame("message_start", { message: { ...message, content: [], stop_reason: null, usage: begun } }),
    ...refusalBlockFrames(0, refusal.message),
    refusalDeltaFrame(refusal, usage),
    messagesEndFrame,
  ];
}

export const messagesEndFrame = messagesFrame("message_stop");

export function messagesFrame(type: string, members: JsonObject = {}): string {
  return eventFrame({ type, ...members });
}

/** The refusal's sentence as a block of text. */
export function refusalBlockFrames(index: number, message: string): readonly string[] {
  return [
    messagesFrame("content_block_start", { index, content_block: { type: "text", text: "" } }),
    messagesFrame("content_block_delta", { index, delta: { type: "text_delta", text: message } }),
    messagesFrame("content_block_stop", { index }),
  ];
}

/** Why the message ends, with its usage. */
export function refusalDeltaFrame({ proctor }: Refusal, usage: unknown): string {
  return messagesFrame("message_delta", { delta: { stop_reason: "refusal", stop_sequence: null }, usage, proctor });
}

function envelope({ model, usage, proctor }: Refusal): JsonObject {
  const { inputTokens = 0, outputTokens = 0 } = usage ?? {};
  return {
    id: `msg_${stringOf(proctor["trace_id"]) || "blocked"}`,
    type: "message",
    role: "assistant",
    model,
    stop_sequence: null,
    usage: { input_tokens: inputTokens, output_tokens: outputTokens },
  };
}
