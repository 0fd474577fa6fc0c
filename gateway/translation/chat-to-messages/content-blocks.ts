import { arrayOf, isJsonObject, type JsonObject, objectOf, stringOf } from "../../wires/json.ts";
import { fileBlock, imageBlock } from "./media-blocks.ts";
import { type Drop, refusal } from "../notes.ts";

/** Where a content stands: for errors, and for the paths of what is left out. */
export interface ContentPlace {
  /** `messages[3].content` */
  readonly param: string;
  readonly drop: Drop;
}

/**
 * Content of a message, a string or a list of parts, as blocks. Text of nothing but white space is left out, because the
 * messages dialect refuses it; a part that cannot be translated is refused, because the model would answer something else.
 */
export function contentBlocks(content: unknown, place: ContentPlace): JsonObject[] {
  if (typeof content === "string") return textBlock(content);
  if (content !== undefined && content !== null && !Array.isArray(content))
    throw refusal(place.param, `"${place.param}" is neither a text nor a list.`, "Send a string or a list of parts.");
  return arrayOf(content).flatMap((part, index) => partBlocks(part, `${place.param}[${index}]`, place.drop));
}

/** Only what is text: for roles that say nothing else. */
export function textBlocks(content: unknown, place: ContentPlace): JsonObject[] {
  const blocks = contentBlocks(content, place);
  if (blocks.every((block) => block["type"] === "text")) return blocks;
  throw refusal(place.param, `"${place.param}" holds something other than text.`, "Put it into a user message.");
}

/** What marks the end of a prefix that the vendor may cache, in the words of either dialect. */
export function cacheControl(marked: JsonObject, path: string, drop: Drop): JsonObject {
  const { cache_control, prompt_cache_breakpoint } = marked;
  if (isJsonObject(cache_control)) return { cache_control };
  if (!isJsonObject(prompt_cache_breakpoint)) return {};
  if (prompt_cache_breakpoint["ttl"] !== undefined) drop(`${path}.prompt_cache_breakpoint.ttl`);
  return { cache_control: { type: "ephemeral" } };
}

function textBlock(text: string): JsonObject[] {
  return text.trim() === "" ? [] : [{ type: "text", text }];
}

function partBlocks(value: unknown, param: string, drop: Drop): JsonObject[] {
  const part = typeof value === "string" ? { type: "text", text: value } : objectOf(value);
  const cache = cacheControl(part, "messages[].content[]", drop);
  return unmarkedBlocks(part, param, drop).map((block) => ({ ...block, ...cache }));
}

function unmarkedBlocks(part: JsonObject, param: string, drop: Drop): JsonObject[] {
  const type = stringOf(part["type"]);
  switch (type) {
    case "text":
      if (typeof part["text"] === "string") return textBlock(part["text"]);
      throw refusal(`${param}.text`, `"${param}" is of the type text and holds none.`, "Put a string into its text.");
    case "refusal":
      return textBlock(stringOf(part["refusal"]));
    case "image_url":
      return [imageBlock(part["image_url"], `${param}.image_url`, drop)];
    case "file":
      return [fileBlock(objectOf(part["file"]), `${param}.file`)];
    default:
      throw refusal(
        `${param}.type`,
        `"${param}" is of the type ${JSON.stringify(part["type"])}, which the model's provider does not take.`,
        type === "input_audio"
          ? "Send what was said as text."
          : "Send it as text, as an image_url, or as a file with file_data.",
      );
  }
}
