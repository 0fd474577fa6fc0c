import { arrayOf, type JsonObject, numberOf, objectOf, stringOf } from "../json.ts";

/** What was sent of a response. */
export interface SentResponse {
  /** As it was shown last; undefined before its first event. */
  body: JsonObject | undefined;
  /** By their index in the output. */
  readonly items: Map<number, SentItem>;
  /** Number of the next event. */
  sequence: number;
  isEnded: boolean;
}

export interface SentItem {
  readonly index: number;
  /** As it began. */
  readonly begun: JsonObject;
  /** What its deltas said by the name of its member, such as `arguments`. */
  readonly given: Record<string, string>;
  /** By their index. */
  readonly content: Map<number, SentPart>;
  readonly summary: Map<number, SentPart>;
  /** As it ended. */
  done: JsonObject | undefined;
}

export interface SentPart {
  /** As it began. */
  readonly begun: JsonObject;
  text: string;
  readonly logprobs: unknown[];
  readonly annotations: unknown[];
  /** True once its text has been said as a whole. */
  isTextDone: boolean;
  /** As it ended. */
  done: JsonObject | undefined;
}

/** The type of a part, and which of its members is its text. */
export const textMembers = new Map([
  ["output_text", "text"],
  ["refusal", "refusal"],
  ["reasoning_text", "text"],
  ["summary_text", "text"],
]);

/** Takes in an event that was sent. Of an item that never began nothing is kept: clients cannot have read it either. */
export function noteEvent(sent: SentResponse, event: JsonObject): void {
  sent.sequence = (numberOf(event["sequence_number"]) ?? sent.sequence) + 1;
  const type = stringOf(event["type"]);
  if (lifecycle.has(type)) sent.body = objectOf(event["response"]);
  if (endings.has(type)) sent.isEnded = true;
  const index = numberOf(event["output_index"]) ?? 0;
  if (type === "response.output_item.added") sent.items.set(index, toItem(index, objectOf(event["item"])));
  const item = sent.items.get(index);
  if (item) itemNotes.get(type)?.(item, event);
}

const lifecycle = new Set(["response.created", "response.queued", "response.in_progress"]);
const endings = new Set(["response.completed", "response.incomplete", "response.failed", "error"]);

type ItemNote = (item: SentItem, event: JsonObject) => void;

const itemNotes = new Map<string, ItemNote>([
  ["response.output_item.done", (item, event) => void (item.done = objectOf(event["item"]))],
  ["response.content_part.added", (item, event) => beginPart(item, "content", event)],
  ["response.content_part.done", (item, event) => endPart(item, "content", event)],
  ["response.reasoning_summary_part.added", (item, event) => beginPart(item, "summary", event)],
  ["response.reasoning_summary_part.done", (item, event) => endPart(item, "summary", event)],
  ["response.output_text.annotation.added", noteAnnotation],
  ...textNotes("output_text", "content", "text"),
  ...textNotes("refusal", "content", "refusal"),
  ...textNotes("reasoning_text", "content", "text"),
  ...textNotes("reasoning_summary_text", "summary", "text"),
  ...givenNotes("function_call_arguments", "arguments"),
  ...givenNotes("custom_tool_call_input", "input"),
  ...givenNotes("mcp_call_arguments", "arguments"),
  ...givenNotes("code_interpreter_call_code", "code"),
]);

type PartList = "content" | "summary";

function textNotes(name: string, list: PartList, member: string): [string, ItemNote][] {
  return [
    [`response.${name}.delta`, (item, event) => addText(partIn(item, list, event), event)],
    [`response.${name}.done`, (item, event) => endText(partIn(item, list, event), stringOf(event[member]))],
  ];
}

function givenNotes(name: string, member: string): [string, ItemNote][] {
  return [
    [
      `response.${name}.delta`,
      ({ given }, event) => void (given[member] = `${given[member] ?? ""}${stringOf(event["delta"])}`),
    ],
    [`response.${name}.done`, ({ given }, event) => void (given[member] = stringOf(event[member]))],
  ];
}

function toItem(index: number, begun: JsonObject): SentItem {
  return { index, begun, given: {}, content: new Map(), summary: new Map(), done: undefined };
}

function partIndex(list: PartList, event: JsonObject): number {
  return numberOf(event[`${list}_index`]) ?? 0;
}

function partIn(item: SentItem, list: PartList, event: JsonObject): SentPart | undefined {
  return item[list].get(partIndex(list, event));
}

function beginPart(item: SentItem, list: PartList, event: JsonObject): void {
  const begun = objectOf(event["part"]);
  const member = textMembers.get(stringOf(begun["type"])) ?? "text";
  item[list].set(partIndex(list, event), {
    begun,
    text: stringOf(begun[member]),
    logprobs: [...arrayOf(begun["logprobs"])],
    annotations: [...arrayOf(begun["annotations"])],
    isTextDone: false,
    done: undefined,
  });
}

function endPart(item: SentItem, list: PartList, event: JsonObject): void {
  const part = partIn(item, list, event);
  if (part) part.done = objectOf(event["part"]);
}

function addText(part: SentPart | undefined, event: JsonObject): void {
  if (!part) return;
  part.text += stringOf(event["delta"]);
  part.logprobs.push(...arrayOf(event["logprobs"]));
}

function endText(part: SentPart | undefined, text: string): void {
  if (!part) return;
  part.text = text;
  part.isTextDone = true;
}

function noteAnnotation(item: SentItem, event: JsonObject): void {
  partIn(item, "content", event)?.annotations.push(event["annotation"]);
}
