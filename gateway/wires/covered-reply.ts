import { createCollector } from "./collect.ts";
import { type OutputKind, outputKinds, type ReplyDelta, type ReplyParts, type TextDelta } from "./wire.ts";

const kindOf: Readonly<Record<TextDelta["type"], OutputKind>> = {
  "text-delta": "text",
  "refusal-delta": "refusal",
  "reasoning-delta": "reasoning",
  "other-delta": "other",
};

/** The reply as if it consisted of the given kinds alone. */
export function coveredReply(reply: ReplyParts, kinds: readonly OutputKind[]): ReplyParts {
  if (outputKinds.every((kind) => kinds.includes(kind))) return reply;
  const collector = createCollector();
  collector.add(reply.passages.filter(({ type }) => kinds.includes(kindOf[type])));
  if (kinds.includes("tool_calls"))
    collector.add(reply.calls.map((call): ReplyDelta => ({ ...call, type: "tool-call-delta" })));
  const { choices, reasoning, toolCalls, passages, calls } = collector.parts();
  return { ...reply, choices, reasoning, toolCalls, passages, calls };
}
