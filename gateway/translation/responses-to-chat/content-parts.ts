import { arrayOf, type JsonObject, objectOf, stringOf } from "../../wires/json.ts";
import { type Drop, refusal } from "../notes.ts";
import { dropOthers, isEmpty } from "./notes.ts";

/** Where a content stands, for errors: `input[3].content`. */
interface Place {
  readonly param: string;
  readonly drop: Drop;
}

/** Content of a message or of a tool's result as chat has it: a string stays one, parts become parts. */
export function toChatContent(content: unknown, place: Place): string | readonly JsonObject[] {
  if (typeof content === "string") return content;
  return arrayOf(content).map((part, index) =>
    toChatPart(objectOf(part), { ...place, param: `${place.param}[${index}]` }),
  );
}

function toChatPart(part: JsonObject, place: Place): JsonObject {
  const convert = parts.get(stringOf(part["type"]));
  if (convert) return { ...convert(part, place), ...cacheMark(part) };
  throw refusal(
    place.param,
    `"${place.param}" is of the type ${JSON.stringify(part["type"])}, which has no place in a chat request.`,
    "Send it as input_text, input_image or input_file.",
  );
}

function cacheMark({ prompt_cache_breakpoint }: JsonObject): JsonObject {
  return isEmpty(prompt_cache_breakpoint) ? {} : { prompt_cache_breakpoint };
}

type Convert = (part: JsonObject, place: Place) => JsonObject;

const parts = new Map<string, Convert>([
  ["input_text", toText],
  ["output_text", toText],
  ["text", toText],
  ["summary_text", toText],
  ["refusal", ({ refusal: text }) => ({ type: "refusal", refusal: text })],
  ["input_image", toImage],
  ["input_file", toFile],
  ["input_audio", ({ input_audio }) => ({ type: "input_audio", input_audio })],
]);

const marks = ["type", "prompt_cache_breakpoint"];

function toText(part: JsonObject, { drop }: Place): JsonObject {
  dropOthers(part, [...marks, "text", "logprobs"], "input[].content[]", drop);
  return { type: "text", text: stringOf(part["text"]) };
}

const details = ["auto", "low", "high"];

function toImage(part: JsonObject, { param, drop }: Place): JsonObject {
  const { image_url, detail } = part;
  dropOthers(part, [...marks, "image_url", "detail", "file_id"], "input[].content[]", drop);
  if (typeof image_url !== "string") {
    throw refusal(
      param,
      `"${param}" names an image that is stored elsewhere.`,
      "Send the image itself as image_url, a web address or a data URL.",
    );
  }
  const isKnown = details.includes(stringOf(detail));
  if (!isKnown && !isEmpty(detail)) drop("input[].content[].detail");
  // The finest detail that chat knows.
  const asked = isKnown ? { detail } : detail === "original" ? { detail: "high" } : {};
  return { type: "image_url", image_url: { url: image_url, ...asked } };
}

function toFile(part: JsonObject, { param, drop }: Place): JsonObject {
  const { file_data, file_id, file_url, filename } = part;
  dropOthers(part, [...marks, "file_data", "file_id", "filename", "file_url"], "input[].content[]", drop);
  const named = typeof filename === "string" ? { filename } : {};
  if (typeof file_data === "string") return { type: "file", file: { file_data, ...named } };
  if (typeof file_id === "string") return { type: "file", file: { file_id, ...named } };
  // Not in the chat API: some targets read it, and the others say that they do not.
  if (typeof file_url === "string") return { type: "file", file: { file_url, ...named } };
  throw refusal(param, `"${param}" holds no file.`, "Send it as file_data, a data URL.");
}
