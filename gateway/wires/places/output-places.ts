import { arrayOf, type JsonObject, objectOf, stringOf } from "../json.ts";
import type { TextPlace } from "../wire.ts";
import { callPlace, textPlace, tokensPlace } from "./place.ts";

/** The texts of a response object. */
export function responsePlaces(body: JsonObject): TextPlace[] {
  const places = arrayOf(body["output"]).flatMap((item, index) => itemPlaces(objectOf(item), index));
  const repeated = stringOf(body["output_text"]);
  if (repeated === "") return places;
  if (repeated !== outputTextOf(body)) {
    return [...places, ...textPlace({ type: "text-delta", choice: 0, part: "output_text" }, body, "output_text")];
  }
  return places.map((place) => (place.type === "text-delta" ? repeatedIn(body, place) : place));
}

/** A member that repeats all text of the output goes on repeating it. */
function repeatedIn(body: JsonObject, place: TextPlace): TextPlace {
  return {
    ...place,
    set(text) {
      place.set(text);
      Reflect.set(body, "output_text", outputTextOf(body));
    },
  };
}

function outputTextOf(body: JsonObject): string {
  const parts = arrayOf(body["output"]).flatMap((item) => arrayOf(objectOf(item)["content"]).map(objectOf));
  return parts.map((part) => (part["type"] === "output_text" ? stringOf(part["text"]) : "")).join("");
}

/** The texts of one item of the output. Nothing in an item without a name here has a place. */
export function itemPlaces(item: JsonObject, index: number): TextPlace[] {
  return itemReaders.get(stringOf(item["type"]))?.(item, index) ?? [];
}

const itemReaders = new Map<string, (item: JsonObject, index: number) => TextPlace[]>([
  ["message", contentPlaces],
  ["reasoning", (item, index) => [...summaryPlaces(item, index), ...contentPlaces(item, index)]],
  ["function_call", (item, index) => callPlace(0, index, item, "arguments")],
  ["custom_tool_call", (item, index) => callPlace(0, index, item, "input")],
]);

function summaryPlaces(item: JsonObject, index: number): TextPlace[] {
  return arrayOf(item["summary"]).flatMap((part, at) =>
    textPlace({ type: "reasoning-delta", choice: 0, part: `${index} summary.${at}` }, objectOf(part), "text"),
  );
}

function contentPlaces(item: JsonObject, index: number): TextPlace[] {
  if (typeof item["content"] !== "string") {
    return arrayOf(item["content"]).flatMap((part, at) => partPlaces(objectOf(part), `${index}.${at}`));
  }
  const type = item["type"] === "reasoning" ? "reasoning-delta" : "text-delta";
  return textPlace({ type, choice: 0, part: `${index}.0` }, item, "content");
}

/** The texts of a content part; `place` is the item's index and the part's. */
export function partPlaces(part: JsonObject, place: string): TextPlace[] {
  const name = { choice: 0, part: place };
  return [
    ...textPlace({ ...name, type: part["type"] === "reasoning_text" ? "reasoning-delta" : "text-delta" }, part, "text"),
    ...textPlace({ ...name, type: "refusal-delta" }, part, "refusal"),
    ...(Array.isArray(part["logprobs"]) ? tokensPlace({ choice: 0, part: `${place} logprobs` }, part, []) : []),
  ];
}
