import { followChat } from "./cut/chat-cut.ts";
import { chatEndFrame, chatRefusal, chatRefusalFrames } from "./cut/chat-refusal.ts";
import { choiceLogprobs } from "../../evaluators/index.ts";
import { bodyShapes, calledShapes, callShapes, choiceShapes, expected, saidShapes } from "./reply-shapes.ts";
import { chatInputTexts, chatWithRetort } from "./input/chat-input.ts";
import { chatPlaces, contentPart } from "./places/chat-places.ts";
import { isErrorBody, chatError } from "./chat-error.ts";
import { arrayOf, countsIn, isJsonObject, type JsonObject, numberOf, objectOf, stringOf } from "./json.ts";
import { parseFrame } from "./parse-frame.ts";
import { messagesOf, modelOf, parametersOf, taggedPassages } from "./request-text.ts";
import type { ServerSentFrame } from "./server-sent-frames.ts";
import { otherTexts, stringsIn } from "./strings-in.ts";
import { addText } from "./text-delta.ts";
import type { ReplyDelta, ReplyEvent, ReplyUsage, RequestParts, Wire } from "./wire.ts";

/** Chat completions: `POST /v1/chat/completions`. */
export const chat: Wire = {
  name: "chat",
  path: "/v1/chat/completions",
  label: "chat completions",
  readRequest,
  inputTexts: chatInputTexts,
  withRetort: chatWithRetort,
  places: chatPlaces,
  followStream: followChat,
  outgoing(body) {
    return body["stream"] === true
      ? { stream_options: { ...objectOf(body["stream_options"]), include_usage: true } }
      : {};
  },
  readReply,
  readFrame,
  prompt({ model, messages, maxTokens, temperature, schema, logprobs }) {
    return {
      model,
      messages,
      max_completion_tokens: maxTokens,
      ...(temperature === undefined ? {} : { temperature }),
      ...(schema ? { response_format: { type: "json_schema", json_schema: { ...schema, strict: true } } } : {}),
      ...(logprobs ? { logprobs: true, top_logprobs: 5 } : {}),
    };
  },
  readLogprobs(body) {
    const parsed = choiceLogprobs.safeParse(objectOf(arrayOf(body["choices"])[0])["logprobs"]);
    return parsed.success ? parsed.data : undefined;
  },
  refusal: chatRefusal,
  refusalFrames: chatRefusalFrames,
  eventFrame: (event) => `data: ${JSON.stringify(event)}\n\n`,
  endFrame: chatEndFrame,
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
    unexaminable: arrayOf(body["modalities"]).includes("audio") ? "audio output" : undefined,
    tools: [...arrayOf(body["tools"]), ...legacyTools(body)],
    parameters: parametersOf(body, parameterNames),
    wantsUsage: objectOf(body["stream_options"])["include_usage"] === true,
  };
}

/** What was called functions before there were other tools. */
function legacyTools(body: JsonObject): JsonObject[] {
  return arrayOf(body["functions"]).map((described) => ({ type: "function", function: described }));
}

const parameterNames = [
  "temperature", "top_p", "max_tokens", "max_completion_tokens", "n", "stop", "seed", "presence_penalty",
  "frequency_penalty", "response_format", "reasoning_effort", "tool_choice",
]; // prettier-ignore

/** A string, or the parts of a content list: text in whatever member it stands. */
function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  return arrayOf(content)
    .map(partText)
    .filter((text) => text !== "")
    .join("\n");
}

function partText(part: unknown): string {
  return stringOf(objectOf(part)["text"]) || stringsIn(part);
}

function readReply(body: JsonObject): ReplyDelta[] {
  return bodyDeltas(body, "message");
}

/** What a whole reply or a chunk says. */
function bodyDeltas(body: JsonObject, usual: "message" | "delta"): ReplyDelta[] {
  const deltas: ReplyDelta[] = [
    { type: "start", id: stringOf(body["id"]) || undefined, model: stringOf(body["model"]) || undefined },
  ];
  arrayOf(body["choices"]).forEach((choice, position) => addChoice(deltas, objectOf(choice), usual, position));
  // Some servers say these again in every chunk.
  for (const { part, text } of otherTexts(body, expected(body, bodyShapes)))
    deltas.push({ type: "other-delta", choice: 0, part: `body.${part}`, text, whole: true });
  if (isJsonObject(body["usage"])) deltas.push({ type: "usage", usage: usageIn(body["usage"]) });
  return deltas;
}

function readFrame({ bytes, data }: ServerSentFrame): ReplyEvent {
  if (data === undefined) return { bytes, deltas: [], kind: "content" };
  if (data.trim() === "[DONE]") return { bytes, deltas: [], kind: "end" };
  const body = parseFrame(data);
  if (body["error"] !== undefined && body["error"] !== null) {
    const message = stringOf(objectOf(body["error"])["message"]) || JSON.stringify(body["error"]);
    return { bytes, deltas: [{ type: "error", message }], kind: "error" };
  }
  const isUsage = arrayOf(body["choices"]).length === 0 && isJsonObject(body["usage"]);
  return { bytes, deltas: bodyDeltas(body, "delta"), kind: isUsage ? "usage" : "content" };
}

/** Adds everything that one choice says, in a whole reply or in a chunk; `usual` is where it should stand. */
function addChoice(deltas: ReplyDelta[], choice: JsonObject, usual: "message" | "delta", position: number): void {
  const index = numberOf(choice["index"]) ?? position;
  const reason = stringOf(choice["finish_reason"]);
  const unusual = usual === "message" ? "delta" : "message";
  addSaid(deltas, objectOf(choice[usual]), index);
  if (isJsonObject(choice[unusual])) deltas.push(...saidElsewhere(choice[unusual], unusual, index));
  addText(deltas, { type: "text-delta", choice: index, part: "text", text: stringOf(choice["text"]) });
  const tokens = isJsonObject(choice["logprobs"]) ? tokensOf(choice["logprobs"]) : "";
  addText(deltas, { type: "other-delta", choice: index, part: "logprobs", text: tokens });
  for (const { part, text } of otherTexts(choice, expected(choice, choiceShapes)))
    deltas.push({ type: "other-delta", choice: index, part, text });
  if (reason !== "") deltas.push({ type: "finish", choice: index, reason });
}

/** A passage of its own: joined to the usual one, the end of the one would hide the start of the other. */
function saidElsewhere(said: JsonObject, place: string, choice: number): ReplyDelta[] {
  const deltas: ReplyDelta[] = [];
  addSaid(deltas, said, choice);
  return deltas.map((delta) => ("part" in delta ? { ...delta, part: `${place}.${delta.part}` } : delta));
}

function addSaid(deltas: ReplyDelta[], said: JsonObject, choice: number): void {
  const { content } = said;
  for (const { part, text } of otherTexts(said, expected(said, saidShapes)))
    deltas.push({ type: part.startsWith("reasoning") ? "reasoning-delta" : "other-delta", choice, part, text });
  const parts = Array.isArray(content) ? content.map(partText) : [stringsIn(content)];
  parts.forEach((text, at) => addText(deltas, { type: "text-delta", choice, part: contentPart(at), text }));
  addText(deltas, { type: "refusal-delta", choice, part: "refusal", text: stringsIn(said["refusal"]) });
  arrayOf(said["tool_calls"]).forEach((call, position) => addCall(deltas, objectOf(call), choice, position));
  if (isJsonObject(said["function_call"])) addCall(deltas, { function: said["function_call"] }, choice, 0);
}

/** The answer once more, token by token. */
function tokensOf({ content, refusal }: JsonObject): string {
  return [...arrayOf(content), ...arrayOf(refusal)].map((token) => stringOf(objectOf(token)["token"])).join("");
}

function addCall(deltas: ReplyDelta[], call: JsonObject, choice: number, position: number): void {
  const [called, custom] = [objectOf(call["function"]), objectOf(call["custom"])];
  deltas.push(toolCallDelta(call, choice, position));
  const others = [
    ...otherTexts(call, expected(call, callShapes)),
    ...otherTexts(called, expected(called, calledShapes)),
    // Only one of them is read as what is called.
    ...otherTexts(custom, isJsonObject(call["function"]) ? new Set() : expected(custom, calledShapes)),
  ];
  for (const { part, text } of others)
    deltas.push({ type: "other-delta", choice, part: `tool_calls.${position} ${part}`, text });
}

function toolCallDelta(call: JsonObject, choice: number, position: number): ReplyDelta {
  const called = objectOf(call["function"]);
  const custom = objectOf(call["custom"]);
  const given = called["arguments"] ?? custom["input"];
  return {
    type: "tool-call-delta",
    choice,
    index: numberOf(call["index"]) ?? position,
    name: stringOf(called["name"]) || stringOf(custom["name"]) || undefined,
    arguments: typeof given === "string" || given === undefined ? stringOf(given) : JSON.stringify(given),
  };
}

function usageIn(usage: JsonObject): Partial<ReplyUsage> {
  const prompt = objectOf(usage["prompt_tokens_details"]);
  const completion = objectOf(usage["completion_tokens_details"]);
  const counted = {
    inputTokens: usage["prompt_tokens"],
    outputTokens: usage["completion_tokens"],
    cacheReadTokens: prompt["cached_tokens"] ?? usage["prompt_cache_hit_tokens"],
    cacheWriteTokens: prompt["cache_write_tokens"],
    longCacheWriteTokens: objectOf(prompt["cache_write_tokens_details"])["ttl_12h_tokens"],
    reasoningTokens: completion["reasoning_tokens"],
  };
  return countsIn(counted);
}
