import { arrayOf, type JsonObject, numberOf, objectOf, stringOf } from "../json.ts";
import { isListOfObjects, isText } from "../reply-shapes.ts";
import { placedTexts, stringsIn } from "../strings-in.ts";
import { unsealed } from "./sealed-reasoning.ts";
import { textDelta } from "../text-delta.ts";
import type { ReplyDelta, TextDelta } from "../wire.ts";

/** What the items of an output say, each at its index. */
export function outputDeltas(output: unknown): ReplyDelta[] {
  const items = arrayOf(output).flatMap((item, index) => itemDeltas(objectOf(item), index));
  return [...items, ...oddDeltas(output, isListOfObjects, "output")];
}

/** What one item of the output says. Where nothing is known of the item, every text in it counts. */
export function itemDeltas(item: JsonObject, index: number): ReplyDelta[] {
  return (itemReaders.get(stringOf(item["type"])) ?? otherItem)(item, index);
}

const itemReaders = new Map<string, (item: JsonObject, index: number) => ReplyDelta[]>([
  ["message", contentDeltas],
  [
    "reasoning",
    (item, index) => [
      ...arrayOf(item["summary"]).flatMap((part, at) => summaryDeltas(objectOf(part), `${index} summary.${at}`)),
      ...oddDeltas(item["summary"], isListOfObjects, `${index} summary`),
      ...contentDeltas(item, index),
      ...sealedDeltas(item, index),
    ],
  ],
  ["function_call", (item, index) => callDeltas(item, index, "arguments")],
  ["custom_tool_call", (item, index) => callDeltas(item, index, "input")],
  ["image_generation_call", ({ result: _image, ...item }, index) => otherItem(item, index)],
]);

/** Thinking that is sealed here says again, for whoever opens it, what the item says: it is kept only where it differs. */
function sealedDeltas({ encrypted_content }: JsonObject, index: number): TextDelta[] {
  const blocks = unsealed(stringOf(encrypted_content)) ?? [];
  const thinking = blocks.map((block) => stringOf(block["thinking"])).join("");
  return textDelta("reasoning-delta", `${index} sealed`, thinking).map((delta) => ({ ...delta, whole: true }));
}

const itemMembers = new Set(["status", "phase", "summary", "content"]);

/** A text in place of a list is its only part. */
function contentDeltas(item: JsonObject, index: number): ReplyDelta[] {
  const { content, type } = item;
  const kind = type === "reasoning" ? "reasoning_text" : "output_text";
  const parts = typeof content === "string" ? [{ type: kind, text: content }] : arrayOf(content);
  return [
    ...parts.flatMap((part, at) => partDeltas(objectOf(part), `${index}.${at}`)),
    ...oddDeltas(content, (value) => isText(value) || isListOfObjects(value), `${index} content`),
    ...otherDeltas(item, itemMembers, `${index}`),
  ];
}

function otherItem(item: JsonObject, index: number): ReplyDelta[] {
  return otherDeltas(item, new Set(["status"]), `${index}`);
}

const callMembers = new Set(["status", "name", "arguments", "input"]);

function callDeltas(item: JsonObject, index: number, member: "arguments" | "input"): ReplyDelta[] {
  const given = item[member];
  const text = typeof given === "string" || given === undefined ? stringOf(given) : JSON.stringify(given);
  return [
    callDelta(index, stringOf(item["name"]) || undefined, text),
    ...oddDeltas(item["name"], isText, `${index} name`),
    ...oddDeltas(item[member === "input" ? "arguments" : "input"], () => false, `${index} beside`),
    ...otherDeltas(item, callMembers, `${index}`),
  ];
}

export function callDelta(index: number, name: string | undefined, given: string): ReplyDelta {
  return { type: "tool-call-delta", choice: 0, index, name, arguments: given };
}

const partMembers = new Set(["text", "refusal", "logprobs"]);

/** What a content part says; `place` is the item's index and the part's. */
export function partDeltas(part: JsonObject, place: string): TextDelta[] {
  const isReasoning = part["type"] === "reasoning_text";
  return [
    ...textDelta(isReasoning ? "reasoning-delta" : "text-delta", place, stringsIn(part["text"])),
    ...textDelta("refusal-delta", place, stringsIn(part["refusal"])),
    ...tokenDeltas(part["logprobs"], place),
    ...otherDeltas(part, partMembers, place),
  ];
}

export function summaryDeltas(part: JsonObject, place: string): TextDelta[] {
  return [...textDelta("reasoning-delta", place, stringsIn(part["text"])), ...otherDeltas(part, partMembers, place)];
}

/** The text once more, token by token. */
export function tokenDeltas(logprobs: unknown, place: string): TextDelta[] {
  const tokens = arrayOf(logprobs).map((token) => stringOf(objectOf(token)["token"]));
  return textDelta("other-delta", `${place} logprobs`, tokens.join(""));
}

/** Members that name things and say nothing to a reader. */
const names = ["item_id", "file_id", "container_id", "vector_store_id", "response_id", "approval_request_id", "object"];

/** The texts of a member that has not the shape in which it is read. */
export function oddDeltas(value: unknown, isExpected: (value: unknown) => boolean, place: string): TextDelta[] {
  if (isExpected(value)) return [];
  return placedTexts(value, place).map(({ part, text }) => ({ type: "other-delta", choice: 0, part, text }));
}

/** The texts of the members that are not in `known`. */
export function otherDeltas(body: JsonObject, known: ReadonlySet<string>, place: string): TextDelta[] {
  const others = Object.entries(body).filter(([key]) => !known.has(key) && !names.includes(key));
  return placedTexts(Object.fromEntries(others), place).map(({ part, text }) => ({
    type: "other-delta",
    choice: 0,
    part,
    text,
  }));
}

/** The same, said again as a whole. */
export function asWhole(deltas: readonly ReplyDelta[]): ReplyDelta[] {
  return deltas.map((delta) =>
    "part" in delta || delta.type === "tool-call-delta" ? { ...delta, whole: true } : delta,
  );
}

export function indexOf(event: JsonObject, member: string): number {
  return numberOf(event[member]) ?? 0;
}
