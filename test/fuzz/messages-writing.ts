import type { JsonObject } from "../../gateway/wires/json.ts";
import { type Answer, type Block, type Call, callsIn, type Ending } from "./any-answer.ts";

const explanation = "Not this one.";

/** What a messages vendor says of a refusal. */
export const messagesRefusal = explanation;

/** The answer as the JSON text of one message. Arguments keep their digits, which is why it is no object. */
export function wholeMessage(answer: Answer): string {
  const { input_tokens, ...usage } = usageOf(answer);
  const message = {
    ...head,
    content: answer.blocks.map(wholeBlock),
    ...stopOf(answer),
    usage: { input_tokens, ...usage, output_tokens_details: { thinking_tokens: answer.counts.thinking } },
  };
  const inputs = callsIn(answer).map(({ pieces }) => pieces.join(""));
  return JSON.stringify(message).replaceAll('"@input@"', () => inputs.shift() ?? "{}");
}

/** The answer as the events of a stream, with pings and with events and members that nobody knows. */
export function messageEvents(answer: Answer): readonly JsonObject[] {
  const start = { ...head, content: [], stop_reason: null, stop_sequence: null };
  const events = [
    { type: "message_start", message: { ...start, usage: { ...usageOf(answer), output_tokens: 1 } } },
    ...answer.blocks.flatMap((block, index) => blockEvents(block, index)),
    { type: "message_delta", delta: stopOf(answer), usage: finalUsage(answer) },
    { type: "message_stop" },
  ];
  return withNoise(events, answer.noise);
}

const head = { id: "msg_01", type: "message", role: "assistant", model: "m-1" };

function usageOf({ counts }: Answer) {
  const { fresh, read, written, output } = counts;
  return {
    input_tokens: fresh,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    output_tokens: output,
  };
}

/** The counts that grow, or all of them again. */
function finalUsage(answer: Answer): JsonObject {
  const { output, thinking } = answer.counts;
  const grown = { output_tokens: output, output_tokens_details: { thinking_tokens: thinking } };
  return (answer.noise[0] ?? 0) % 2 === 0 ? grown : { ...usageOf(answer), ...grown };
}

const stopReasons: Readonly<Record<Ending, string>> = { done: "end_turn", length: "max_tokens", refused: "refusal" };

function stopOf(answer: Answer): JsonObject {
  const isCalling = answer.ending === "done" && callsIn(answer).length > 0;
  const stop_reason = isCalling ? "tool_use" : stopReasons[answer.ending];
  const details = answer.ending === "refused" ? { stop_details: { type: "refusal", category: null, explanation } } : {};
  return { stop_reason, stop_sequence: null, ...details };
}

const callId = (index: number): string => `toolu_0${index}`;

function wholeBlock(block: Block, index: number): JsonObject {
  switch (block.kind) {
    case "thought":
      return { type: "thinking", thinking: block.pieces.join(""), signature: block.signature };
    case "hidden":
      return { type: "redacted_thinking", data: block.data };
    case "call":
      return { type: "tool_use", id: callId(index), name: block.name, input: "@input@" };
    case "words":
    case "refused":
      return { type: "text", text: block.pieces.join("") };
  }
}

function blockEvents(block: Block, index: number): JsonObject[] {
  const { start, deltas } = streamed(block, index);
  return [
    { type: "content_block_start", index, content_block: start },
    ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
    { type: "content_block_stop", index },
  ];
}

function streamed(block: Block, index: number): { readonly start: JsonObject; readonly deltas: readonly JsonObject[] } {
  switch (block.kind) {
    case "thought": {
      const thinking = block.pieces.map((piece) => ({ type: "thinking_delta", thinking: piece }));
      const signature = { type: "signature_delta", signature: block.signature };
      return { start: { type: "thinking", thinking: "", signature: "" }, deltas: [...thinking, signature] };
    }
    case "hidden":
      return { start: wholeBlock(block, index), deltas: [] };
    case "call":
      return { start: { ...wholeBlock(block, index), input: {} }, deltas: inputDeltas(block) };
    case "words":
    case "refused":
      return { start: { type: "text", text: "" }, deltas: block.pieces.map((text) => ({ type: "text_delta", text })) };
  }
}

/** A call without arguments brings no text for them. */
function inputDeltas({ pieces }: Call): readonly JsonObject[] {
  const given = pieces.join("") === "{}" ? [] : pieces;
  return ["", ...given].map((partial_json) => ({ type: "input_json_delta", partial_json }));
}

const strangers: readonly JsonObject[] = [
  { type: "ping" },
  { type: "future_event", index: 0, delta: { type: "future_delta", value: 1 } },
];

/** Each number puts a stranger behind an event, or a member that nobody knows into one. Nothing follows the end. */
function withNoise(events: readonly JsonObject[], noise: readonly number[]): readonly JsonObject[] {
  return events.flatMap((event, index): JsonObject[] => {
    const number = noise[index % noise.length] ?? 0;
    const stranger = strangers[number];
    if (number === 7) return [{ future_member: { count: 1 }, ...event }];
    return stranger && index < events.length - 1 ? [event, stranger] : [event];
  });
}
