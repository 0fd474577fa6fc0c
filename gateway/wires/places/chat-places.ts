import { arrayOf, isJsonObject, type JsonObject, numberOf, objectOf, stringOf } from "../json.ts";
import type { TextPlace } from "../wire.ts";
import { callPlace, onlyPlace, type PlaceName, type Slot, slotsIn, textPlace, tokensPlace } from "./place.ts";

/** The texts of a chat completion or of one chunk of it. */
export function chatPlaces(body: JsonObject): TextPlace[] {
  return arrayOf(body["choices"]).flatMap((choice, position) => choicePlaces(objectOf(choice), body, position));
}

function choicePlaces(choice: JsonObject, body: JsonObject, position: number): TextPlace[] {
  const index = numberOf(choice["index"]) ?? position;
  const [usual, unusual] = isChunk(choice, body) ? ["delta", "message"] : ["message", "delta"];
  const named = (type: PlaceName["type"], part: string): PlaceName => ({ type, choice: index, part });
  return [
    ...saidPlaces(objectOf(choice[usual]), index, ""),
    ...saidPlaces(objectOf(choice[unusual]), index, `${unusual}.`),
    ...(typeof choice["text"] === "string" ? textPlace(named("text-delta", "text"), choice, "text") : []),
    ...(isJsonObject(choice["logprobs"]) ? tokensPlace({ choice: index, part: "logprobs" }, choice, null) : []),
  ];
}

/** A choice that has both members is of the kind that the body names. */
function isChunk(choice: JsonObject, body: JsonObject): boolean {
  const isBoth = isJsonObject(choice["delta"]) && isJsonObject(choice["message"]);
  return isBoth ? body["object"] === "chat.completion.chunk" : isJsonObject(choice["delta"]);
}

/** The texts of a message, or of a piece of one; `prefix` tells a second one in the same choice from the first. */
function saidPlaces(said: JsonObject, choice: number, prefix: string): TextPlace[] {
  const named = (type: PlaceName["type"], part: string): PlaceName => ({ type, choice, part: `${prefix}${part}` });
  return [
    ...Object.keys(said)
      .filter((member) => member.startsWith("reasoning"))
      .flatMap((member) => textPlace(named("reasoning-delta", member), said, member)),
    ...contentSlots(said).flatMap((slots, at) => onlyPlace(named("text-delta", contentPart(at)), slots)),
    ...textPlace(named("refusal-delta", "refusal"), said, "refusal"),
    ...arrayOf(said["tool_calls"]).flatMap((call, position) => toolCallPlaces(objectOf(call), choice, position)),
    ...toolCallPlaces({ function: said["function_call"] }, choice, 0),
  ];
}

/** What a part of the content is called; content without parts is its first. */
export function contentPart(at: number): string {
  return at === 0 ? "content" : `content.${at}`;
}

/** Text in whatever member of a part it stands, in `text` where there is one. */
function contentSlots(said: JsonObject): Slot[][] {
  const { content } = said;
  if (!Array.isArray(content)) return [slotsIn(said, "content")];
  return content.map((part: unknown, index) =>
    stringOf(objectOf(part)["text"]) === "" ? slotsIn(content, index) : slotsIn(objectOf(part), "text"),
  );
}

function toolCallPlaces(call: JsonObject, choice: number, position: number): TextPlace[] {
  const index = numberOf(call["index"]) ?? position;
  const called = objectOf(call["function"]);
  const isCustom = called["arguments"] === undefined || called["arguments"] === null;
  return isCustom
    ? callPlace(choice, index, objectOf(call["custom"]), "input")
    : callPlace(choice, index, called, "arguments");
}
