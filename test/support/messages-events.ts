import type { JsonObject } from "../../gateway/wires/json.ts";
import type { VendorReply } from "./fake-vendor.ts";

/** The events of a messages stream around the given blocks. */
export function messagesEvents(
  blocks: readonly (readonly JsonObject[])[],
  ending: JsonObject = { stop_reason: "end_turn", stop_sequence: null },
): JsonObject[] {
  const message = { id: "msg_fake_1", type: "message", role: "assistant", model: "fake-model", content: [] };
  const usage = { input_tokens: 11, cache_read_input_tokens: 4, cache_creation_input_tokens: 2, output_tokens: 1 };
  return [
    { type: "message_start", message: { ...message, stop_reason: null, stop_sequence: null, usage } },
    { type: "ping" },
    ...blocks.flatMap((events, index) => events.map((event) => ({ ...event, index }))),
    { type: "message_delta", delta: ending, usage: { output_tokens: 7 } },
    { type: "message_stop" },
  ];
}

/** The events of a block whose `start` is filled by deltas. */
function blockEvents(start: JsonObject, ...deltas: readonly JsonObject[]): JsonObject[] {
  return [
    { type: "content_block_start", content_block: start },
    ...deltas.map((delta) => ({ type: "content_block_delta", delta })),
    { type: "content_block_stop" },
  ];
}

export function textEvents(...pieces: readonly string[]): JsonObject[] {
  return blockEvents({ type: "text", text: "" }, ...pieces.map((text) => ({ type: "text_delta", text })));
}

export function toolEvents(id: string, name: string, ...pieces: readonly string[]): JsonObject[] {
  const deltas = pieces.map((partial_json) => ({ type: "input_json_delta", partial_json }));
  return blockEvents({ type: "tool_use", id, name, input: {} }, ...deltas);
}

export function thinkingEvents(signature: string, ...pieces: readonly string[]): JsonObject[] {
  const deltas = pieces.map((thinking) => ({ type: "thinking_delta", thinking }));
  return blockEvents({ type: "thinking", thinking: "", signature: "" }, ...deltas, {
    type: "signature_delta",
    signature,
  });
}

/** Events as a vendor streams them, cut into chunks of `cut` bytes across everything; 0 leaves them whole. */
export function messagesEventStream(
  events: readonly JsonObject[],
  { cut = 0, newline = "\n" }: { cut?: number; newline?: string } = {},
): VendorReply {
  const frames = events.map((event) => [`event: ${String(event["type"])}`, `data: ${JSON.stringify(event)}`, "", ""]);
  const bytes = Buffer.from(frames.map((lines) => lines.join(newline)).join(""));
  const size = cut > 0 ? cut : bytes.length;
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );
  return { headers: { "content-type": "text/event-stream; charset=utf-8" }, chunks };
}
