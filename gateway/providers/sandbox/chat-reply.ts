import { type Completion, piecesOf } from "./complete.ts";

const finishReasons = { stop: "stop", length: "length", tool: "tool_calls" } as const;

/** A whole `chat.completion`. */
export function chatBody(completion: Completion): unknown {
  return {
    ...envelope(completion, "chat.completion"),
    choices: eachChoice(completion).map((index) => ({
      index,
      message: messageOf(completion, index),
      logprobs: null,
      finish_reason: finishReasons[completion.finish],
    })),
    usage: usageOf(completion),
  };
}

/** The same as `chat.completion.chunk` frames, the usage only when it was asked for. */
export function chatFrames(completion: Completion): readonly string[] {
  const { includeUsage } = completion.request;
  const frame = (choices: readonly object[], usage: object | null) =>
    `data: ${JSON.stringify({ ...envelope(completion, "chat.completion.chunk"), choices, ...(includeUsage ? { usage } : {}) })}\n\n`;
  const chunk = (index: number, delta: object, finish_reason: string | null = null) =>
    frame([{ index, delta, logprobs: null, finish_reason }], null);
  return [
    ...eachChoice(completion).flatMap((index) => [
      ...deltasOf(completion, index).map((delta) => chunk(index, delta)),
      chunk(index, {}, finishReasons[completion.finish]),
    ]),
    ...(includeUsage ? [frame([], usageOf(completion))] : []),
    "data: [DONE]\n\n",
  ];
}

function eachChoice({ request }: Completion): readonly number[] {
  return Array.from({ length: request.choices }, (_none, index) => index);
}

function envelope({ id, created, model, fingerprint }: Completion, object: string) {
  return { id: `chatcmpl-${id}`, object, created, model, system_fingerprint: fingerprint };
}

function messageOf({ answer, id }: Completion, choice: number): object {
  if ("text" in answer) return { role: "assistant", content: answer.text, refusal: null };
  const call = {
    id: callId(id, choice),
    type: "function",
    function: { name: answer.tool, arguments: answer.arguments },
  };
  return { role: "assistant", content: null, refusal: null, tool_calls: [call] };
}

function deltasOf({ answer, id }: Completion, choice: number): readonly object[] {
  if ("text" in answer) {
    return [
      { role: "assistant", content: "", refusal: null },
      ...piecesOf(answer.text).map((content) => ({ content })),
    ];
  }
  const begin = { index: 0, id: callId(id, choice), type: "function", function: { name: answer.tool, arguments: "" } };
  return [
    { role: "assistant", content: null, refusal: null, tool_calls: [begin] },
    ...argumentPieces(answer.arguments).map((piece) => ({
      tool_calls: [{ index: 0, function: { arguments: piece } }],
    })),
  ];
}

/** At least two pieces, because arguments that arrive in parts are what clients must cope with. */
export function argumentPieces(text: string): readonly string[] {
  return text.match(new RegExp(`[\\s\\S]{1,${Math.min(12, Math.max(1, Math.ceil(text.length / 2)))}}`, "gu")) ?? [];
}

function callId(id: string, choice: number): string {
  return choice === 0 ? `call_${id}` : `call_${id}_${choice}`;
}

function usageOf({ usage: { input, output } }: Completion): object {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
