import { type JsonObject, stringOf } from "../json.ts";
import type { Refusal } from "../wire.ts";

/** A refusal as a whole reply. */
export function chatRefusal(refusal: Refusal): JsonObject {
  return {
    ...envelope(refusal, "chat.completion"),
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: null, refusal: refusal.message },
        logprobs: null,
        finish_reason: "content_filter",
      },
    ],
    usage: chatUsage(refusal),
    proctor: refusal.proctor,
  };
}

/** A refusal as a whole stream. */
export function chatRefusalFrames(refusal: Refusal): readonly string[] {
  const head = envelope(refusal, "chat.completion.chunk");
  return [
    chunkFrame(head, [chunkChoice(0, { role: "assistant", content: null, refusal: "" })]),
    chunkFrame(head, [chunkChoice(0, { refusal: refusal.message })]),
    chunkFrame(head, [chunkChoice(0, {}, "content_filter")], { proctor: refusal.proctor }),
    ...(refusal.wantsUsage ? [chunkFrame(head, [], { usage: chatUsage(refusal) })] : []),
    chatEndFrame,
  ];
}

export const chatEndFrame = "data: [DONE]\n\n";

export function chunkFrame(head: JsonObject, choices: readonly JsonObject[], extra: JsonObject = {}): string {
  return `data: ${JSON.stringify({ ...head, choices, ...extra })}\n\n`;
}

export function chunkChoice(index: number, delta: JsonObject, finish_reason: string | null = null): JsonObject {
  return { index, delta, logprobs: null, finish_reason };
}

export function chatUsage({ usage }: Refusal): JsonObject {
  const { inputTokens = 0, outputTokens = 0 } = usage ?? {};
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens };
}

function envelope({ model, proctor }: Refusal, object: string): JsonObject {
  const id = `chatcmpl-${stringOf(proctor["trace_id"]) || "blocked"}`;
  return { id, object, created: Math.floor(Date.now() / 1000), model };
}
