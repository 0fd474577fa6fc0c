import { GatewayError } from "../errors.ts";
import { isErrorBody, chatError } from "./chat-error.ts";
import { arrayOf, isJsonObject, type JsonObject, numberOf, objectOf, stringOf } from "./json.ts";
import { messagesOf, modelOf, parametersOf, taggedPassages } from "./request-text.ts";
import type { ServerSentFrame } from "./server-sent-frames.ts";
import type { Refusal, ReplyDelta, ReplyEvent, RequestParts, Wire } from "./wire.ts";

/** Chat completions: `POST /v1/chat/completions`. */
export const chat: Wire = {
  name: "chat",
  path: "/v1/chat/completions",
  label: "chat completions",
  readRequest,
  outgoing(body) {
    return body["stream"] === true
      ? { stream_options: { ...objectOf(body["stream_options"]), include_usage: true } }
      : {};
  },
  readReply,
  readFrame,
  prompt({ model, messages, maxTokens }) {
    return { model, messages, max_completion_tokens: maxTokens, temperature: 0 };
  },
  refusal: (refusal) => ({
    ...envelope(refusal, "chat.completion"),
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: null, refusal: refusal.message },
        logprobs: null,
        finish_reason: "content_filter",
      },
    ],
    usage: usageBody(refusal),
    proctor: refusal.proctor,
  }),
  refusalFrames(refusal) {
    const chunk = (delta: JsonObject, finish_reason: string | null, extra: JsonObject = {}) =>
      `data: ${JSON.stringify({
        ...envelope(refusal, "chat.completion.chunk"),
        choices: [{ index: 0, delta, logprobs: null, finish_reason }],
        ...extra,
      })}\n\n`;
    return [
      chunk({ role: "assistant", content: null, refusal: "" }, null),
      chunk({ refusal: refusal.message }, null),
      chunk({}, "content_filter", { proctor: refusal.proctor }),
    ];
  },
  endFrame: "data: [DONE]\n\n",
  error: chatError,
  errorFrame: (error) => `data: ${JSON.stringify(chatError(error))}\n\n`,
  isError: isErrorBody,
};

function readRequest(body: JsonObject): RequestParts {
  const model = modelOf(body);
  const messages = messagesOf(body).map((message) => ({
    role: stringOf(message["role"]),
    text: contentText(message["content"]),
  }));
  const textOf = (roles: readonly string[]) =>
    messages.filter(({ role }) => roles.includes(role)).map(({ text }) => text);
  const system = textOf(["system", "developer"]).join("\n\n");
  return {
    model,
    stream: body["stream"] === true,
    system: system === "" ? undefined : system,
    input: textOf(["user"]).at(-1),
    messages,
    context: {
      tool_results: textOf(["tool", "function"]).filter((text) => text !== ""),
      documents: [],
      tags: textOf(["system", "developer", "user"]).flatMap(taggedPassages),
    },
    tools: arrayOf(body["tools"]),
    parameters: parametersOf(body, parameterNames),
    wantsUsage: objectOf(body["stream_options"])["include_usage"] === true,
  };
}

const parameterNames = [
  "temperature", "top_p", "max_tokens", "max_completion_tokens", "n", "stop", "seed", "presence_penalty",
  "frequency_penalty", "response_format", "reasoning_effort", "tool_choice",
]; // prettier-ignore

function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  return arrayOf(content)
    .map((part) => stringOf(objectOf(part)["text"]))
    .filter((text) => text !== "")
    .join("\n");
}

function readReply(body: JsonObject): ReplyDelta[] {
  return [
    { type: "start", id: stringOf(body["id"]) || undefined, model: stringOf(body["model"]) || undefined },
    ...arrayOf(body["choices"]).flatMap((choice, position) => choiceDeltas(objectOf(choice), "message", position)),
    ...usageDeltas(body["usage"]),
  ];
}

function readFrame({ bytes, data }: ServerSentFrame): ReplyEvent {
  if (data === undefined) return { bytes, deltas: [], kind: "content" };
  if (data.trim() === "[DONE]") return { bytes, deltas: [], kind: "end" };
  const body = parseFrame(data);
  if (body["error"] !== undefined && body["error"] !== null) {
    const message = stringOf(objectOf(body["error"])["message"]) || JSON.stringify(body["error"]);
    return { bytes, deltas: [{ type: "error", message }], kind: "error" };
  }
  const choices = arrayOf(body["choices"]);
  const deltas: ReplyDelta[] = [
    { type: "start", id: stringOf(body["id"]) || undefined, model: stringOf(body["model"]) || undefined },
    ...choices.flatMap((choice, position) => choiceDeltas(objectOf(choice), "delta", position)),
    ...usageDeltas(body["usage"]),
  ];
  return { bytes, deltas, kind: choices.length === 0 && isJsonObject(body["usage"]) ? "usage" : "content" };
}

/** Parses a frame's data; a frame that cannot be read cannot be examined, so the stream is broken. */
export function parseFrame(data: string): JsonObject {
  try {
    const body: unknown = JSON.parse(data);
    if (isJsonObject(body)) return body;
  } catch {
    // Falls through to the sentence below.
  }
  throw new GatewayError("stream_broken", "The provider sent a stream event that is not a JSON object.");
}

function choiceDeltas(choice: JsonObject, member: "message" | "delta", position: number): ReplyDelta[] {
  const index = numberOf(choice["index"]) ?? position;
  const said = objectOf(choice[member]);
  const reason = stringOf(choice["finish_reason"]);
  const text = (type: "text-delta" | "refusal-delta" | "reasoning-delta", value: unknown): ReplyDelta[] => {
    const found = contentText(value);
    return found === "" ? [] : [{ type, choice: index, text: found }];
  };
  return [
    ...text("reasoning-delta", said["reasoning_content"] ?? said["reasoning"]),
    ...text("text-delta", said["content"]),
    ...text("refusal-delta", said["refusal"]),
    ...arrayOf(said["tool_calls"]).map((call, callPosition) => toolCallDelta(objectOf(call), index, callPosition)),
    ...(isJsonObject(said["function_call"]) ? [toolCallDelta({ function: said["function_call"] }, index, 0)] : []),
    ...(reason === "" ? [] : [{ type: "finish", choice: index, reason } as const]),
  ];
}

function toolCallDelta(call: JsonObject, choice: number, position: number): ReplyDelta {
  const called = objectOf(call["function"] ?? call["custom"]);
  return {
    type: "tool-call-delta",
    choice,
    index: numberOf(call["index"]) ?? position,
    name: stringOf(called["name"]) || undefined,
    arguments: stringOf(called["arguments"] ?? called["input"]),
  };
}

function usageDeltas(usage: unknown): ReplyDelta[] {
  if (!isJsonObject(usage)) return [];
  const inputTokens = numberOf(usage["prompt_tokens"]);
  const outputTokens = numberOf(usage["completion_tokens"]);
  return [
    {
      type: "usage",
      usage: {
        ...(inputTokens === undefined ? {} : { inputTokens }),
        ...(outputTokens === undefined ? {} : { outputTokens }),
      },
    },
  ];
}

function envelope({ model, proctor }: Refusal, object: string): JsonObject {
  const id = `chatcmpl-${stringOf(proctor["trace_id"]) || "blocked"}`;
  return { id, object, created: Math.floor(Date.now() / 1000), model };
}

function usageBody({ usage }: Refusal): JsonObject {
  const { inputTokens = 0, outputTokens = 0 } = usage ?? {};
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens };
}
