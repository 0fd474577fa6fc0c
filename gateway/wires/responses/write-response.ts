import { type JsonObject, objectOf } from "../json.ts";
import { type ResponseHead, type ResponseProgress, toResponseObject } from "./response-object.ts";
import {
  type CallItem,
  closingsOf,
  type Happening,
  type Item,
  itemBody,
  type MessageItem,
  type Part,
  partBody,
  partClosings,
  partPlace,
  type ReasoningItem,
} from "./written-items.ts";

/** A response that is being written: every function here gives the events that tell a client so. */
export interface WrittenResponse {
  readonly head: ResponseHead;
  readonly items: Item[];
  /** Number of the next event. */
  sequence: number;
  /** The message or the reasoning that text goes to; calls stay open beside it until the end. */
  current: MessageItem | ReasoningItem | undefined;
}

/** Begins a response. */
export function beginResponse(head: ResponseHead): {
  readonly response: WrittenResponse;
  readonly events: readonly JsonObject[];
} {
  const response: WrittenResponse = { head, items: [], sequence: 0, current: undefined };
  const body = toResponseObject(head, { status: "in_progress", output: [], usage: null });
  return {
    response,
    events: numbered(response, [
      ["response.created", { response: body }],
      ["response.in_progress", { response: body }],
    ]),
  };
}

/** Adds to the answer's text or to its refusal. */
export function writeText(
  response: WrittenResponse,
  type: Part["type"],
  piece: string,
  logprobs: readonly unknown[] = [],
): readonly JsonObject[] {
  if (piece === "") return [];
  const { message, part, events } = openPart(response, type);
  part.text += piece;
  part.logprobs.push(...logprobs);
  const said = type === "output_text" ? { delta: piece, logprobs } : { delta: piece };
  return [...events, ...numbered(response, [[`response.${type}.delta`, { ...partPlace(message), ...said }]])];
}

/** Adds a source of the answer's text. */
export function writeAnnotation(response: WrittenResponse, annotation: JsonObject): readonly JsonObject[] {
  const { message, part, events } = openPart(response, "output_text");
  part.annotations.push(annotation);
  const place = { ...partPlace(message), annotation_index: part.annotations.length - 1 };
  return [...events, ...numbered(response, [["response.output_text.annotation.added", { ...place, annotation }]])];
}

/** Adds to the reasoning, which clients are shown as its summary. */
export function writeReasoning(response: WrittenResponse, piece: string): readonly JsonObject[] {
  if (piece === "") return [];
  const { reasoning, events } = openReasoning(response);
  const place = { item_id: reasoning.id, output_index: reasoning.index, summary_index: 0 };
  const opening: readonly Happening[] =
    reasoning.text === ""
      ? [["response.reasoning_summary_part.added", { ...place, part: { type: "summary_text", text: "" } }]]
      : [];
  reasoning.text += piece;
  const delta: Happening = ["response.reasoning_summary_text.delta", { ...place, delta: piece }];
  return [...events, ...numbered(response, [...opening, delta])];
}

/** Where to add what the model's vendor needs to have back with the reasoning. */
export function openSeal(response: WrittenResponse): {
  readonly sealed: JsonObject[];
  readonly events: readonly JsonObject[];
} {
  const { reasoning, events } = openReasoning(response);
  return { sealed: reasoning.sealed, events };
}

/** Begins a tool call. */
export function openCall(
  response: WrittenResponse,
  { callId, name, isCustom }: Pick<CallItem, "callId" | "name" | "isCustom">,
): { readonly call: CallItem; readonly events: readonly JsonObject[] } {
  const closing = closeCurrent(response);
  const place = newPlace(response, isCustom ? "ctc" : "fc");
  const call: CallItem = { kind: "call", ...place, callId, name, isCustom, given: "" };
  return { call, events: [...closing, ...added(response, call)] };
}

/** Adds to what a tool is called with. */
export function writeArguments(response: WrittenResponse, call: CallItem, piece: string): readonly JsonObject[] {
  if (piece === "") return [];
  call.given += piece;
  const type = call.isCustom ? "response.custom_tool_call_input.delta" : "response.function_call_arguments.delta";
  return numbered(response, [[type, { item_id: call.id, output_index: call.index, delta: piece }]]);
}

/** Closes what is open and ends the response. Where it is incomplete its last item is. */
export function endResponse(
  response: WrittenResponse,
  ending: Omit<ResponseProgress, "output" | "status"> & { readonly status: "completed" | "incomplete" },
): { readonly body: JsonObject; readonly events: readonly JsonObject[] } {
  const { items, head } = response;
  response.current = undefined;
  const closing = items
    .filter(({ body }) => body === undefined)
    .flatMap((item) => close(response, item, item.index === items.length - 1 ? ending.status : "completed"));
  const body = toResponseObject(head, { ...ending, output: items.map((item) => objectOf(item.body)) });
  return { body, events: [...closing, ...numbered(response, [[`response.${ending.status}`, { response: body }]])] };
}

/** Gives events their numbers. */
function numbered(response: WrittenResponse, happenings: readonly Happening[]): JsonObject[] {
  return happenings.map(([type, members]) => ({ type, sequence_number: response.sequence++, ...members }));
}

/** The place of a new item. */
function newPlace({ items, head }: WrittenResponse, prefix: string): Pick<Item, "id" | "index" | "body"> {
  const index = items.length;
  return { id: `${prefix}_${head.id.replace(/^resp_/, "")}_${index}`, index, body: undefined };
}

function added(response: WrittenResponse, item: Item): JsonObject[] {
  response.items.push(item);
  const body = itemBody(item, "in_progress");
  return numbered(response, [["response.output_item.added", { output_index: item.index, item: body }]]);
}

function openMessage(response: WrittenResponse): { readonly message: MessageItem; readonly events: JsonObject[] } {
  const { current } = response;
  if (current?.kind === "message") return { message: current, events: [] };
  const closing = closeCurrent(response);
  const message: MessageItem = { kind: "message", ...newPlace(response, "msg"), parts: [] };
  response.current = message;
  return { message, events: [...closing, ...added(response, message)] };
}

function openReasoning(response: WrittenResponse): {
  readonly reasoning: ReasoningItem;
  readonly events: JsonObject[];
} {
  const { current } = response;
  if (current?.kind === "reasoning") return { reasoning: current, events: [] };
  const closing = closeCurrent(response);
  const { seal = JSON.stringify } = response.head;
  const reasoning: ReasoningItem = { kind: "reasoning", ...newPlace(response, "rs"), text: "", sealed: [], seal };
  response.current = reasoning;
  return { reasoning, events: [...closing, ...added(response, reasoning)] };
}

/** The message's part of that type which text goes to now. */
function openPart(
  response: WrittenResponse,
  type: Part["type"],
): { readonly message: MessageItem; readonly part: Part; readonly events: JsonObject[] } {
  const { message, events } = openMessage(response);
  const last = message.parts.at(-1);
  if (last?.type === type) return { message, part: last, events };
  const closing = numbered(response, partClosings(message));
  const part: Part = { type, text: "", logprobs: [], annotations: [] };
  message.parts.push(part);
  const opening: Happening = ["response.content_part.added", { ...partPlace(message), part: partBody(part) }];
  return { message, part, events: [...events, ...closing, ...numbered(response, [opening])] };
}

function closeCurrent(response: WrittenResponse): JsonObject[] {
  const { current } = response;
  response.current = undefined;
  return current ? close(response, current, "completed") : [];
}

function close(response: WrittenResponse, item: Item, status: "completed" | "incomplete"): JsonObject[] {
  item.body = itemBody(item, status);
  return numbered(response, [
    ...closingsOf(item),
    ["response.output_item.done", { output_index: item.index, item: item.body }],
  ]);
}
