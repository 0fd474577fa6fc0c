import { GatewayError } from "../../errors.ts";
import { type JsonObject, stringOf } from "../../wires/json.ts";

/** How an answer ended, as far as the target has said. */
export interface Ending {
  readonly finishReason: string;
  /** What some servers add where a stop sequence ended the answer: the sequence. */
  readonly matched: unknown;
  readonly hasRefused: boolean;
  readonly hasCalls: boolean;
}

const stopReasons = new Map([
  ["length", "max_tokens"],
  ["max_tokens", "max_tokens"],
  ["model_length", "model_context_window_exceeded"],
  ["content_filter", "refusal"],
]);

const failures = new Set(["error", "abort", "insufficient_system_resource"]);

/** True when the answer was cut off, so that its last call may be half written. */
export function isCutOff({ finishReason }: Pick<Ending, "finishReason">): boolean {
  const reason = stopReasons.get(finishReason);
  return reason === "max_tokens" || reason === "model_context_window_exceeded";
}

/** `stop_reason` and its companions. A turn with calls ends in `tool_use`, whatever the server calls it: clients wait for it. */
export function toStop(ending: Ending, stopSequences: readonly string[]): JsonObject {
  const { finishReason, matched } = ending;
  if (failures.has(finishReason)) {
    throw new GatewayError(
      "provider_failed",
      `The model's server gave up in the middle of its answer (${finishReason}).`,
    );
  }
  const reason = stopReasonOf(ending, stopSequences);
  return {
    stop_reason: reason,
    stop_sequence: reason === "stop_sequence" ? stringOf(matched) : null,
    stop_details: reason === "refusal" ? { type: "refusal", category: null, explanation: null } : null,
  };
}

function stopReasonOf(ending: Ending, stopSequences: readonly string[]): string {
  const { finishReason, matched, hasRefused, hasCalls } = ending;
  const reason = stopReasons.get(finishReason);
  if (reason !== undefined) return reason;
  if (hasRefused) return "refusal";
  if (hasCalls) return "tool_use";
  return typeof matched === "string" && stopSequences.includes(matched) ? "stop_sequence" : "end_turn";
}
