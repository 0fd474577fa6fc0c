import { arrayOf, type JsonObject, objectOf, stringOf } from "../../wires/json.ts";
import { noteUnknown, refuse } from "./notes.ts";

/** Content of a message as the client gave it: a string is one text block. */
export function blocksOf(content: unknown): readonly JsonObject[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : arrayOf(content).map(objectOf);
}

const blockPlace = "messages[].content[]";

type PartsOf = (block: JsonObject, dropped: Set<string>) => readonly JsonObject[];

/** How each kind of block that a user or a tool may send becomes parts of a message, and its members that are read. */
const blockKinds = new Map<string, { readonly members: ReadonlySet<string>; readonly parts: PartsOf }>([
  ["text", { members: new Set(["type", "text"]), parts: ({ text }) => [textPart(stringOf(text))] }],
  ["image", { members: new Set(["type", "source"]), parts: ({ source }) => [imagePart(objectOf(source))] }],
  ["document", { members: new Set(["type", "source", "title", "context"]), parts: documentParts }],
  ["search_result", { members: new Set(["type", "source", "title", "content"]), parts: searchResultParts }],
  [
    "tool_reference",
    {
      members: new Set(["type", "tool_name"]),
      parts: ({ tool_name: name }) => [textPart(`The tool "${stringOf(name)}" is available.`)],
    },
  ],
]);

/** The parts of a chat message that a block becomes. What has no equivalent is refused or named. */
export function toParts(block: JsonObject, dropped: Set<string>): readonly JsonObject[] {
  const type = stringOf(block["type"]);
  const kind = blockKinds.get(type);
  if (!kind) return refuseBlock(type);
  // A client that sends what a tool gave may leave citations switched off; only the wish for them is lost.
  const { citations, ...rest } = block;
  const wantsCitations = Array.isArray(citations) ? citations.length > 0 : objectOf(citations)["enabled"] === true;
  if (wantsCitations) dropped.add(`${blockPlace}.citations`);
  noteUnknown(rest, kind.members, blockPlace, dropped);
  return kind.parts(block, dropped);
}

export function refuseBlock(type: string): never {
  return refuse(
    "messages",
    `The conversation has content of type "${type}", which this model's provider cannot be given. Leave it out, or ask for a model whose provider speaks messages.`,
  );
}

export function textPart(text: string): JsonObject {
  return { type: "text", text };
}

/** Parts as content: text alone is a string, since many servers know nothing else. */
export function toContent(parts: readonly JsonObject[]): unknown {
  return parts.every(({ type }) => type === "text") ? textOf(parts) : parts;
}

/** The text of the parts that are text. */
export function textOf(parts: readonly JsonObject[]): string {
  return parts
    .filter(({ type }) => type === "text")
    .map(({ text }) => stringOf(text))
    .join("\n\n");
}

function imagePart(source: JsonObject): JsonObject {
  return { type: "image_url", image_url: { url: addressOf(source, "An image") } };
}

/** A web address or a data URL. A file that another vendor keeps cannot be read from here. */
function addressOf(source: JsonObject, what: string): string {
  if (source["type"] === "base64") return `data:${stringOf(source["media_type"])};base64,${stringOf(source["data"])}`;
  if (source["type"] === "url") return stringOf(source["url"]);
  return refuseSource(source, what, "Send it as base64.");
}

function refuseSource(source: JsonObject, what: string, wayOut: string): never {
  return refuse(
    "messages",
    `${what} has a source of type "${stringOf(source["type"])}", which this model's provider cannot read. ${wayOut}`,
  );
}

function documentParts(block: JsonObject, dropped: Set<string>): readonly JsonObject[] {
  const source = objectOf(block["source"]);
  const title = stringOf(block["title"]);
  const context = stringOf(block["context"]);
  const opening = `<document${title === "" ? "" : ` title=${JSON.stringify(title)}`}>`;
  const about = context === "" ? [] : [textPart(context)];
  switch (source["type"]) {
    case "text":
      return [...about, textPart(`${opening}\n${stringOf(source["data"])}\n</document>`)];
    case "content": {
      const parts = blocksOf(source["content"]).flatMap((inner) => toParts(inner, dropped));
      return [...about, ...enclosed(opening, parts, "</document>")];
    }
    case "base64":
      return [...about, filePart(source, title)];
    default:
      return refuseSource(source, "A document", "Send its text, or a PDF as base64.");
  }
}

function filePart(source: JsonObject, title: string): JsonObject {
  const filename = title === "" ? "document.pdf" : title;
  return { type: "file", file: { filename, file_data: addressOf(source, "A document") } };
}

function searchResultParts(block: JsonObject, dropped: Set<string>): readonly JsonObject[] {
  const attributes = ["title", "source"].map((name) => `${name}=${JSON.stringify(stringOf(block[name]))}`).join(" ");
  const parts = blocksOf(block["content"]).flatMap((inner) => toParts(inner, dropped));
  return enclosed(`<search_result ${attributes}>`, parts, "</search_result>");
}

/** Texts alone become one text; other parts stay between two. */
function enclosed(opening: string, parts: readonly JsonObject[], closing: string): readonly JsonObject[] {
  if (parts.every(({ type }) => type === "text")) return [textPart(`${opening}\n${textOf(parts)}\n${closing}`)];
  return [textPart(opening), ...parts, textPart(closing)];
}

/** The text of blocks that may only be text, such as those of a system prompt. */
export function plainText(content: unknown, place: string, dropped: Set<string>): string {
  return blocksOf(content)
    .map((block) => {
      if (block["type"] !== "text") return refuseBlock(stringOf(block["type"]));
      noteUnknown(block, new Set(["type", "text"]), place, dropped);
      return stringOf(block["text"]);
    })
    .join("\n\n");
}
