import { GatewayError } from "../../errors.ts";
import { arrayOf, type JsonObject, numberOf, objectOf, stringOf } from "../../wires/json.ts";
import {
  beginResponse,
  endResponse,
  openSeal,
  writeAnnotation,
  type WrittenResponse,
  writeReasoning,
  writeText,
} from "../../wires/responses/write-response.ts";
import { stringsIn } from "../../wires/strings-in.ts";
import { addCalls, createCalls, finishCalls, type StreamedCalls } from "./calls.ts";
import { isIncomplete, toResponseUsage } from "./ending.ts";
import type { Drop } from "../notes.ts";
import { dropOthers, isEmpty } from "./notes.ts";
import { sealed } from "../../wires/responses/sealed-reasoning.ts";

/** What a reply must know of its request. */
export interface ReplyContext {
  readonly request: JsonObject;
  /** The target's name of the model, for a reply that names none. */
  readonly model: string;
  readonly drop: Drop;
}

/** Writes a response from the chunks of a chat stream. */
export interface ResponseStream {
  event(chunk: JsonObject): readonly JsonObject[];
  /** The response as it has become, and the events up to its end. */
  end(): { readonly body: JsonObject; readonly events: readonly JsonObject[] };
}

interface State {
  readonly context: ReplyContext;
  response: WrittenResponse | undefined;
  readonly calls: StreamedCalls;
  finishReason: string;
  hasRefused: boolean;
  usage: JsonObject | null;
  serviceTier: string;
}

export function createResponseStream(context: ReplyContext): ResponseStream {
  const calls = createCalls();
  const state: State = {
    context,
    response: undefined,
    calls,
    finishReason: "",
    hasRefused: false,
    usage: null,
    serviceTier: "",
  };
  return { event: (chunk) => readChunk(state, chunk), end: () => end(state) };
}

function readChunk(state: State, chunk: JsonObject): readonly JsonObject[] {
  const { response, events } = begun(state, chunk);
  if (!isEmpty(chunk["usage"])) state.usage = objectOf(chunk["usage"]);
  state.serviceTier = stringOf(chunk["service_tier"]) || state.serviceTier;
  return [...events, ...arrayOf(chunk["choices"]).flatMap((choice) => readChoice(state, response, objectOf(choice)))];
}

function begun(
  state: State,
  chunk: JsonObject,
): { readonly response: WrittenResponse; readonly events: readonly JsonObject[] } {
  if (state.response) return { response: state.response, events: [] };
  const { request, model } = state.context;
  const id = stringOf(chunk["id"]).replace(/^chatcmpl-/, "") || crypto.randomUUID();
  const created = numberOf(chunk["created"]) ?? 0;
  const beginning = beginResponse({
    id: `resp_${id}`,
    model: stringOf(chunk["model"]) || model,
    createdAt: created > 0 ? created : Math.floor(Date.now() / 1000),
    request,
    seal: sealed,
  });
  state.response = beginning.response;
  return beginning;
}

/** Only one choice was asked for. */
function readChoice(state: State, response: WrittenResponse, choice: JsonObject): readonly JsonObject[] {
  if ((numberOf(choice["index"]) ?? 0) !== 0) {
    state.context.drop("reply.choices[]");
    return [];
  }
  state.finishReason = stringOf(choice["finish_reason"]) || state.finishReason;
  const delta = objectOf(choice["delta"]);
  dropOthers(delta, saidMembers, "reply.choices[].message", state.context.drop);
  return [
    ...readReasoning(response, delta),
    ...readText(state, response, delta, choice["logprobs"]),
    ...arrayOf(delta["annotations"]).flatMap((annotation) => writeAnnotation(response, flat(objectOf(annotation)))),
    ...addCalls(state.calls, response, callsOf(delta)),
  ];
}

const saidMembers = [
  "role", "content", "refusal", "reasoning_content", "reasoning", "thinking_blocks", "tool_calls", "function_call", "annotations",
]; // prettier-ignore

/** Servers name the reasoning in one of two ways, some in both. */
function readReasoning(response: WrittenResponse, delta: JsonObject): readonly JsonObject[] {
  const piece = stringOf(delta["reasoning_content"]) || stringsIn(delta["reasoning"]);
  const blocks = arrayOf(delta["thinking_blocks"]).map(objectOf);
  return [...writeReasoning(response, piece), ...(blocks.length === 0 ? [] : readThinking(response, blocks))];
}

/** Signed thinking comes whole or, from some servers, in pieces that are put together. */
function readThinking(response: WrittenResponse, blocks: readonly JsonObject[]): readonly JsonObject[] {
  const { sealed: parts, events } = openSeal(response);
  for (const block of blocks) {
    const last = parts.at(-1);
    const isPiece = last?.["type"] === "thinking" && block["type"] === "thinking" && stringOf(last["signature"]) === "";
    if (!isPiece) parts.push(block);
    else
      parts[parts.length - 1] = {
        type: "thinking",
        thinking: stringOf(last["thinking"]) + stringOf(block["thinking"]),
        signature: stringOf(block["signature"]),
      };
  }
  return events;
}

function readText(
  state: State,
  response: WrittenResponse,
  delta: JsonObject,
  logprobs: unknown,
): readonly JsonObject[] {
  const text = stringsIn(delta["content"]);
  const refusal = stringsIn(delta["refusal"]);
  if (refusal !== "") state.hasRefused = true;
  const tokens = arrayOf(objectOf(logprobs)["content"]);
  if (text === "" && refusal === "") return [];
  return [
    ...finishCalls(state.calls, response),
    ...writeText(response, "output_text", text, tokens),
    ...writeText(response, "refusal", refusal),
  ];
}

/** A source as responses has it. */
function flat(annotation: JsonObject): JsonObject {
  const { type, url_citation, ...others } = annotation;
  return { type, ...others, ...objectOf(url_citation) };
}

/** The one call of the dialect's first years counts as the first of many. */
function callsOf({ tool_calls, function_call }: JsonObject): readonly JsonObject[] {
  const calls = arrayOf(tool_calls).map(objectOf);
  return isEmpty(function_call) ? calls : [...calls, { index: 0, function: function_call }];
}

function end(state: State): ReturnType<ResponseStream["end"]> {
  const { response, calls, finishReason, usage, serviceTier } = state;
  if (!response)
    throw new GatewayError("stream_broken", "The model's provider ended its answer without having begun it.");
  const calling = finishCalls(calls, response, true);
  const reason = isIncomplete(finishReason, state.hasRefused);
  const { body, events } = endResponse(response, {
    status: reason === undefined ? "completed" : "incomplete",
    reason,
    usage: usage && toResponseUsage(usage),
    ...(serviceTier === "" ? {} : { extra: { service_tier: serviceTier } }),
  });
  return { body, events: [...calling, ...events] };
}
