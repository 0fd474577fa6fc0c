import { type JsonObject, objectOf, stringOf } from "../../wires/json.ts";
import { type Drop, refusal } from "../notes.ts";

const dataUrl = /^data:([^;,]*)((?:;[^;,]*)*),([\s\S]*)$/i;

/** An image by address or as a base64 data URL. `detail` has no equivalent. */
export function imageBlock(image: unknown, param: string, drop: Drop): JsonObject {
  const { url: given, detail } = typeof image === "string" ? { url: image } : objectOf(image);
  const url = stringOf(given).trim();
  if (detail !== undefined && detail !== null && detail !== "auto") drop("messages[].content[].image_url.detail");
  if (/^https?:\/\//i.test(url)) return { type: "image", source: { type: "url", url } };
  const data = base64Of(url, param);
  const source = data?.mediaType === "application/pdf" ? documentSource(data) : undefined;
  if (source) return { type: "document", source };
  if (data?.mediaType.startsWith("image/")) return base64Image(data);
  throw refusal(
    param,
    `"${param}" is ${quoted(url)}, which is no image that the model's provider can fetch or read.`,
    "Give an https address or a data URL such as data:image/png;base64,….",
  );
}

/** A file in the request as a document: a PDF, or plain text. A file that was uploaded elsewhere cannot be read from here. */
export function fileBlock(file: JsonObject, param: string): JsonObject {
  const title = stringOf(file["filename"]);
  const named = title === "" ? {} : { title };
  const url = stringOf(file["file_url"]);
  if (/^https?:\/\//i.test(url)) return { type: "document", source: { type: "url", url }, ...named };
  const data = fileData(file, title, param);
  const source = documentSource(data);
  if (source) return { type: "document", source, ...named };
  if (data.mediaType.startsWith("image/")) return base64Image(data);
  throw refusal(
    param,
    `"${param}" holds a file of the type ${quoted(data.mediaType)}, which the model's provider does not read.`,
    "Send a PDF, an image or text.",
  );
}

function fileData(file: JsonObject, title: string, param: string): Base64Data {
  const given = stringOf(file["file_data"]);
  if (given === "") {
    throw refusal(
      param,
      `"${param}" names a file that was uploaded to another provider (${quoted(stringOf(file["file_id"]))}).`,
      "Send the file itself as file_data, a data URL such as data:application/pdf;base64,….",
    );
  }
  return base64Of(given, param) ?? { mediaType: guessedType(title, given), text: given };
}

function documentSource({ mediaType, text }: Base64Data): JsonObject | undefined {
  if (mediaType === "application/pdf") return { type: "base64", media_type: mediaType, data: text };
  if (!mediaType.startsWith("text/") && mediaType !== "application/json") return undefined;
  return { type: "text", media_type: "text/plain", data: Buffer.from(text, "base64").toString("utf8") };
}

function base64Image({ mediaType, text }: Base64Data): JsonObject {
  // Not a registered name, and still what many programs write.
  const media_type = mediaType === "image/jpg" ? "image/jpeg" : mediaType;
  return { type: "image", source: { type: "base64", media_type, data: text } };
}

interface Base64Data {
  readonly mediaType: string;
  readonly text: string;
}

function base64Of(url: string, param: string): Base64Data | undefined {
  const [, type = "", parameters = "", text = ""] = dataUrl.exec(url) ?? [];
  if (!url.startsWith("data:") || type === "") return undefined;
  if (parameters.toLowerCase().split(";").includes("base64")) return { mediaType: type.toLowerCase(), text };
  throw refusal(param, `"${param}" is a data URL that is not base64.`, `Write it as data:${type};base64,….`);
}

/** A file without a data URL's type: by its first bytes, then by its name. */
function guessedType(name: string, base64: string): string {
  if (base64.startsWith("JVBER")) return "application/pdf";
  const ending = name.toLowerCase().split(".").at(-1) ?? "";
  return endings.get(ending) ?? "";
}

const endings = new Map([
  ["pdf", "application/pdf"],
  ["txt", "text/plain"],
  ["md", "text/markdown"],
  ["csv", "text/csv"],
  ["html", "text/html"],
  ["json", "application/json"],
]);

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
