import { type JsonObject, objectOf, stringOf } from "../json.ts";
import { parseNamedFrame } from "../named-events.ts";
import type { ServerSentFrame } from "../server-sent-frames.ts";
import { isText } from "../reply-shapes.ts";
import { placedTexts, stringsIn } from "../strings-in.ts";
import type { ReplyDelta, ReplyEvent, TextDelta } from "../wire.ts";
import {
  asWhole,
  callDelta,
  indexOf,
  itemDeltas,
  oddDeltas,
  otherDeltas,
  partDeltas,
  summaryDeltas,
  tokenDeltas,
} from "./output-texts.ts";
import { textDelta } from "../text-delta.ts";
import { readReply } from "./read-reply.ts";

/**
 * Reads one frame. Events that end in `done`, and the response that ends the stream, say again as a whole what came in
 * pieces. `[DONE]` is not of this dialect: a server that sends it all the same has it read as nothing, so that it cannot
 * pass for the end.
 */
export function readFrame({ bytes, event, data }: ServerSentFrame): ReplyEvent {
  if (data === undefined) return { bytes, deltas: [], kind: "content" };
  if (data.trim() === "[DONE]") return { bytes: new Uint8Array(0), deltas: [], kind: "content" };
  const body = parseNamedFrame(event, data);
  const type = stringOf(body["type"]);
  const reader = readers.get(type);
  const deltas = reader ? [...reader.read(body), ...otherDeltas(body, reader.members, type)] : unknownEvent(body);
  return { bytes, event, deltas, kind: kinds.get(type) ?? "content" };
}

const kinds = new Map<string, ReplyEvent["kind"]>([
  ["response.completed", "end"],
  ["response.incomplete", "end"],
  ["response.failed", "error"],
  ["error", "error"],
]);

/** How an event is read, and the members that this reads. */
interface EventReader {
  readonly read: (event: JsonObject) => ReplyDelta[];
  readonly members: ReadonlySet<string>;
}

function reading(read: EventReader["read"], ...members: readonly string[]): EventReader {
  return { read, members: new Set([...members, ...paddingMembers]) };
}

/** Of an event that says again as a whole what came in pieces. */
function readingWhole(read: EventReader["read"], ...members: readonly string[]): EventReader {
  return reading((event) => asWhole(read(event)), ...members);
}

const paddingMembers = ["obfuscation", "partial_image_b64"];

const snapshot = readingWhole((event) => readReply(objectOf(event["response"])), "response");

const readers = new Map<string, EventReader>([
  ["response.created", snapshot],
  ["response.queued", snapshot],
  ["response.in_progress", snapshot],
  ["response.completed", snapshot],
  ["response.incomplete", snapshot],
  ["response.failed", reading((event) => failure(objectOf(event["response"])), "response")],
  ["error", reading(failure, "message", "code", "param", "error")],
  ["response.output_item.added", reading(itemOf, "item")],
  ["response.output_item.done", readingWhole(itemOf, "item")],
  ["response.content_part.added", reading(partOf, "part")],
  ["response.content_part.done", readingWhole(partOf, "part")],
  ["response.output_text.delta", reading((event) => textOf("text-delta", event, "delta"), "delta", "logprobs")],
  ["response.output_text.done", readingWhole((event) => textOf("text-delta", event, "text"), "text", "logprobs")],
  ["response.output_text.annotation.added", reading(annotationOf, "annotation")],
  ["response.refusal.delta", reading((event) => textOf("refusal-delta", event, "delta"), "delta")],
  ["response.refusal.done", readingWhole((event) => textOf("refusal-delta", event, "refusal"), "refusal")],
  ["response.reasoning_text.delta", reading((event) => textOf("reasoning-delta", event, "delta"), "delta")],
  ["response.reasoning_text.done", readingWhole((event) => textOf("reasoning-delta", event, "text"), "text")],
  ["response.reasoning_summary_part.added", reading(summaryPartOf, "part")],
  ["response.reasoning_summary_part.done", readingWhole(summaryPartOf, "part")],
  ["response.reasoning_summary_text.delta", reading((event) => summaryTextOf(event, "delta"), "delta")],
  ["response.reasoning_summary_text.done", readingWhole((event) => summaryTextOf(event, "text"), "text")],
  ["response.function_call_arguments.delta", reading((event) => callOf(event, "delta"), "delta")],
  ["response.function_call_arguments.done", readingWhole((event) => callOf(event, "arguments"), "arguments", "name")],
  ["response.custom_tool_call_input.delta", reading((event) => callOf(event, "delta"), "delta")],
  ["response.custom_tool_call_input.done", readingWhole((event) => callOf(event, "input"), "input", "name")],
]);

function failure(event: JsonObject): ReplyDelta[] {
  const message = stringOf(event["message"]) || stringOf(objectOf(event["error"])["message"]) || "no message";
  return [{ type: "error", message }];
}

function itemOf(event: JsonObject): ReplyDelta[] {
  return itemDeltas(objectOf(event["item"]), indexOf(event, "output_index"));
}

function partPlace(event: JsonObject): string {
  return `${indexOf(event, "output_index")}.${indexOf(event, "content_index")}`;
}

function partOf(event: JsonObject): ReplyDelta[] {
  return partDeltas(objectOf(event["part"]), partPlace(event));
}

function textOf(type: TextDelta["type"], event: JsonObject, member: string): ReplyDelta[] {
  const place = partPlace(event);
  return [...textDelta(type, place, stringsIn(event[member])), ...tokenDeltas(event["logprobs"], place)];
}

function annotationOf(event: JsonObject): ReplyDelta[] {
  const place = `${partPlace(event)}.annotations.${indexOf(event, "annotation_index")}`;
  return otherDeltas(objectOf(event["annotation"]), new Set(), place);
}

function summaryPlace(event: JsonObject): string {
  return `${indexOf(event, "output_index")} summary.${indexOf(event, "summary_index")}`;
}

function summaryPartOf(event: JsonObject): ReplyDelta[] {
  return summaryDeltas(objectOf(event["part"]), summaryPlace(event));
}

function summaryTextOf(event: JsonObject, member: string): ReplyDelta[] {
  return textDelta("reasoning-delta", summaryPlace(event), stringsIn(event[member]));
}

function callOf(event: JsonObject, member: string): ReplyDelta[] {
  const name = member === "delta" ? undefined : stringOf(event["name"]) || undefined;
  const index = indexOf(event, "output_index");
  return [
    callDelta(index, name, stringOf(event[member])),
    ...oddDeltas(event[member], isText, `${index} ${member}`),
    ...oddDeltas(event["name"], (given) => member !== "delta" && isText(given), `${index} name`),
  ];
}

/** An event that nobody knew when this was written: whatever it says is examined, the pieces of a text joined. */
function unknownEvent(event: JsonObject): ReplyDelta[] {
  const type = stringOf(event["type"]);
  const places = ["output_index", "content_index", "command_index"].map((member) => indexOf(event, member)).join(".");
  const { delta, ...rest } = event;
  return [
    ...placedTexts(delta, `${type} ${places}`).flatMap(({ part, text }) => textDelta("other-delta", part, text)),
    ...asWhole(otherDeltas(rest, new Set(paddingMembers), `${type} ${places}`)),
  ];
}
