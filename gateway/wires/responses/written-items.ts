import type { JsonObject } from "../json.ts";

/** An item of a response that is being written. `body` is there once it is closed. */
export type Item = MessageItem | ReasoningItem | CallItem;

interface Placed {
  readonly id: string;
  /** Its place in the output. */
  readonly index: number;
  body: JsonObject | undefined;
}

export interface MessageItem extends Placed {
  readonly kind: "message";
  readonly parts: Part[];
}

export interface Part {
  readonly type: "output_text" | "refusal";
  text: string;
  readonly logprobs: unknown[];
  readonly annotations: JsonObject[];
}

export interface ReasoningItem extends Placed {
  readonly kind: "reasoning";
  text: string;
  /** What the model's vendor needs to have back with it, and how that is written. */
  readonly sealed: JsonObject[];
  readonly seal: (parts: readonly JsonObject[]) => string;
}

export interface CallItem extends Placed {
  readonly kind: "call";
  readonly callId: string;
  readonly name: string;
  /** A custom tool takes text, any other one JSON. */
  readonly isCustom: boolean;
  given: string;
}

/** An event but for its number. */
export type Happening = readonly [type: string, members: JsonObject];

/** An item as its response shows it. */
export function itemBody(item: Item, status: "in_progress" | "completed" | "incomplete"): JsonObject {
  if (item.kind === "message")
    return { id: item.id, type: "message", status, role: "assistant", content: item.parts.map(partBody) };
  if (item.kind === "reasoning") {
    const summary = item.text === "" ? [] : [{ type: "summary_text", text: item.text }];
    const encrypted_content = item.sealed.length === 0 || status === "in_progress" ? null : item.seal(item.sealed);
    return { id: item.id, type: "reasoning", summary, encrypted_content, status };
  }
  const { id, name, given } = item;
  return item.isCustom
    ? { id, type: "custom_tool_call", status, call_id: item.callId, name, input: given }
    : { id, type: "function_call", status, call_id: item.callId, name, arguments: given };
}

export function partBody({ type, text, logprobs, annotations }: Part): JsonObject {
  return type === "output_text"
    ? { type, text, annotations: [...annotations], logprobs: [...logprobs] }
    : { type, refusal: text };
}

/** Where the last part of a message stands. */
export function partPlace({ id, index, parts }: MessageItem): JsonObject {
  return { item_id: id, output_index: index, content_index: parts.length - 1 };
}

/** What happens when an item is closed, before it is done. */
export function closingsOf(item: Item): readonly Happening[] {
  if (item.kind === "message") return partClosings(item);
  const place = { item_id: item.id, output_index: item.index };
  if (item.kind === "reasoning")
    return item.text === "" ? [] : summaryClosings(item.text, { ...place, summary_index: 0 });
  return item.isCustom
    ? [["response.custom_tool_call_input.done", { ...place, input: item.given }]]
    : [["response.function_call_arguments.done", { ...place, name: item.name, arguments: item.given }]];
}

/** What happens when the last part of a message is closed. */
export function partClosings(message: MessageItem): readonly Happening[] {
  const part = message.parts.at(-1);
  if (!part) return [];
  const place = partPlace(message);
  const said = part.type === "output_text" ? { text: part.text, logprobs: [...part.logprobs] } : { refusal: part.text };
  return [
    [`response.${part.type}.done`, { ...place, ...said }],
    ["response.content_part.done", { ...place, part: partBody(part) }],
  ];
}

function summaryClosings(text: string, place: JsonObject): readonly Happening[] {
  return [
    ["response.reasoning_summary_text.done", { ...place, text }],
    ["response.reasoning_summary_part.done", { ...place, part: { type: "summary_text", text } }],
  ];
}
