import { argumentPieces } from "./chat-reply.ts";
import { type Completion, piecesOf } from "./complete.ts";

const stopReasons = { stop: "end_turn", length: "max_tokens", tool: "tool_use" } as const;

/** A whole `message`. */
export function messagesBody(completion: Completion): unknown {
  const { answer, id, usage, finish } = completion;
  const content =
    "text" in answer
      ? { type: "text", text: answer.text }
      : { type: "tool_use", id: `toolu_${id}`, name: answer.tool, input: readArguments(answer.arguments) };
  return {
    ...envelope(completion),
    content: [content],
    stop_reason: stopReasons[finish],
    stop_sequence: null,
    usage: usageOf(usage.input, usage.output),
  };
}

/** The same as named events. */
export function messagesFrames(completion: Completion): readonly string[] {
  const { usage, finish } = completion;
  const start = {
    ...envelope(completion),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: usageOf(usage.input, 1),
  };
  return [
    event({ type: "message_start", message: start }),
    event({ type: "content_block_start", index: 0, content_block: emptyBlock(completion) }),
    event({ type: "ping" }),
    ...deltasOf(completion).map((delta) => event({ type: "content_block_delta", index: 0, delta })),
    event({ type: "content_block_stop", index: 0 }),
    event({
      type: "message_delta",
      delta: { stop_reason: stopReasons[finish], stop_sequence: null },
      usage: { output_tokens: usage.output },
    }),
    event({ type: "message_stop" }),
  ];
}

function event(data: { readonly type: string; readonly [field: string]: unknown }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** `system_fingerprint` is no field of this wire: clients keep or ignore it. */
function envelope({ id, model, fingerprint }: Completion) {
  return { id: `msg_${id}`, type: "message", role: "assistant", model, system_fingerprint: fingerprint };
}

function emptyBlock({ answer, id }: Completion): object {
  return "text" in answer
    ? { type: "text", text: "" }
    : { type: "tool_use", id: `toolu_${id}`, name: answer.tool, input: {} };
}

function deltasOf({ answer }: Completion): readonly object[] {
  if ("text" in answer) return piecesOf(answer.text).map((text) => ({ type: "text_delta", text }));
  return argumentPieces(answer.arguments).map((partial_json) => ({ type: "input_json_delta", partial_json }));
}

/** Arguments that were cut off are no JSON: as a whole message they are left out, as the vendor does. */
function readArguments(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function usageOf(input_tokens: number, output_tokens: number): object {
  return { input_tokens, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens };
}
