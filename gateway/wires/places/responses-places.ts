import { type JsonObject, objectOf, stringOf } from "../json.ts";
import { indexOf } from "../responses/output-texts.ts";
import type { TextPlace } from "../wire.ts";
import { itemPlaces, partPlaces, responsePlaces } from "./output-places.ts";
import { asWhole, callPlace, textPlace, tokensPlace } from "./place.ts";

/** The texts of a response or of one event of its stream. */
export function responsesPlaces(body: JsonObject): TextPlace[] {
  if (typeof body["type"] !== "string") return responsePlaces(body);
  return eventPlaces.get(body["type"])?.(body) ?? [];
}

type EventPlaces = (event: JsonObject) => TextPlace[];

/** Of an event that says again as a whole what came in pieces. */
function again(read: EventPlaces): EventPlaces {
  return (event) => asWhole(read(event));
}

const snapshot = again((event) => responsePlaces(objectOf(event["response"])));

const eventPlaces = new Map<string, EventPlaces>([
  ["response.created", snapshot],
  ["response.queued", snapshot],
  ["response.in_progress", snapshot],
  ["response.completed", snapshot],
  ["response.incomplete", snapshot],
  ["response.output_item.added", itemOf],
  ["response.output_item.done", again(itemOf)],
  ["response.content_part.added", partOf],
  ["response.content_part.done", again(partOf)],
  ["response.output_text.delta", outputText("delta")],
  ["response.output_text.done", again(outputText("text"))],
  ["response.refusal.delta", textIn("refusal-delta", partPlace, "delta")],
  ["response.refusal.done", again(textIn("refusal-delta", partPlace, "refusal"))],
  ["response.reasoning_text.delta", textIn("reasoning-delta", partPlace, "delta")],
  ["response.reasoning_text.done", again(textIn("reasoning-delta", partPlace, "text"))],
  ["response.reasoning_summary_part.added", summaryPartOf],
  ["response.reasoning_summary_part.done", again(summaryPartOf)],
  ["response.reasoning_summary_text.delta", textIn("reasoning-delta", summaryPlace, "delta")],
  ["response.reasoning_summary_text.done", again(textIn("reasoning-delta", summaryPlace, "text"))],
  ["response.function_call_arguments.delta", callIn("delta")],
  ["response.function_call_arguments.done", again(callIn("arguments"))],
  ["response.custom_tool_call_input.delta", callIn("delta")],
  ["response.custom_tool_call_input.done", again(callIn("input"))],
]);

function itemOf(event: JsonObject): TextPlace[] {
  return itemPlaces(objectOf(event["item"]), indexOf(event, "output_index"));
}

function partPlace(event: JsonObject): string {
  return `${indexOf(event, "output_index")}.${indexOf(event, "content_index")}`;
}

function summaryPlace(event: JsonObject): string {
  return `${indexOf(event, "output_index")} summary.${indexOf(event, "summary_index")}`;
}

function partOf(event: JsonObject): TextPlace[] {
  return partPlaces(objectOf(event["part"]), partPlace(event));
}

function summaryPartOf(event: JsonObject): TextPlace[] {
  const name = { type: "reasoning-delta", choice: 0, part: summaryPlace(event) } as const;
  return textPlace(name, objectOf(event["part"]), "text");
}

function textIn(type: TextPlace["type"], place: (event: JsonObject) => string, member: string): EventPlaces {
  return (event) => textPlace({ type, choice: 0, part: place(event) }, event, member);
}

function outputText(member: string): EventPlaces {
  const read = textIn("text-delta", partPlace, member);
  return (event) => [...read(event), ...tokensPlace({ choice: 0, part: `${partPlace(event)} logprobs` }, event, [])];
}

function callIn(member: string): EventPlaces {
  return (event) => (stringOf(event[member]) === "" ? [] : callPlace(0, indexOf(event, "output_index"), event, member));
}
