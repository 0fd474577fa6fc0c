import { arrayOf, isJsonObject, type JsonObject, numberOf, objectOf, stringOf } from "../json.ts";
import type { TextPlace } from "../wire.ts";
import { callPlace, textPlace } from "./place.ts";

/** The texts of a message or of one event of its stream. */
export function messagesPlaces(body: JsonObject): TextPlace[] {
  const readEvent = eventPlaces.get(stringOf(body["type"]));
  return readEvent ? readEvent(body) : contentPlaces(body);
}

const eventPlaces = new Map<string, (event: JsonObject) => TextPlace[]>([
  ["message_start", (event) => contentPlaces(objectOf(event["message"]))],
  ["content_block_start", (event) => blockPlaces(objectOf(event["content_block"]), indexOf(event))],
  ["content_block_delta", (event) => deltaPlaces(objectOf(event["delta"]), indexOf(event))],
]);

function indexOf(event: JsonObject): number {
  return numberOf(event["index"]) ?? 0;
}

function contentPlaces(message: JsonObject): TextPlace[] {
  if (typeof message["content"] === "string") {
    return textPlace({ type: "text-delta", choice: 0, part: "0" }, message, "content");
  }
  return arrayOf(message["content"]).flatMap((block, index) => blockPlaces(objectOf(block), index));
}

function blockPlaces(block: JsonObject, index: number): TextPlace[] {
  const place = { choice: 0, part: `${index}` };
  return [
    ...textPlace({ ...place, type: "text-delta" }, block, "text"),
    ...textPlace({ ...place, type: "reasoning-delta" }, block, "thinking"),
    ...(hasInput(block) ? callPlace(0, index, block, "input") : []),
  ];
}

/** An empty input is filled by the deltas that follow. */
function hasInput({ type, input }: JsonObject): boolean {
  const isEmpty = isJsonObject(input) && Object.keys(input).length === 0;
  return stringOf(type).endsWith("tool_use") && !isEmpty;
}

function deltaPlaces(delta: JsonObject, index: number): TextPlace[] {
  if (delta["type"] !== "input_json_delta") return blockPlaces(delta, index);
  return typeof delta["partial_json"] === "string" ? callPlace(0, index, delta, "partial_json") : [];
}
