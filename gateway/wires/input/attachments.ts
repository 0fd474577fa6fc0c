import { arrayOf, isJsonObject, stringOf } from "../json.ts";
import { addText, addWritten, type InputSpot, type InputTurn, valueAt } from "./input-spot.ts";

const dataUrl = /^\s{0,9}data:/i;
/** Looked for instead of its opposite: a pattern for all of a large image does not fit on the stack. */
const notBase64 = /[^A-Za-z0-9+/_=\r\n-]/;
const mediaType = /^[\w.+-]{1,40}\/[\w.+-]{1,80}$/;
const textual =
  /^(?:text\/|application\/(?:json|xml|x-?yaml|yaml|x-ndjson|javascript|sql)$|[^/]+\/[^/]+\+(?:json|xml)$)/;

/** The address of an image or a file, or the thing itself as a `data:` URL. A text file is read. */
export function addAddress(turn: InputTurn, spot: InputSpot, text: string): void {
  if (!dataUrl.test(text)) return addText({ ...turn, kind: "image_urls" }, spot, text);
  const head = text.slice(0, text.slice(0, longestHead).indexOf(",") + 1);
  const [type = "", ...parameters] = head.replace(dataUrl, "").slice(0, -1).toLowerCase().split(";");
  const payload = text.slice(head.length);
  if (!parameters.some((parameter) => parameter.trim() === "base64") || notBase64.test(payload))
    return addText({ ...turn, kind: "documents" }, spot, text);
  addData(turn, spot, { head, payload, type });
}

/** Characters before the comma of a `data:` URL. */
const longestHead = 500;

/** The content of an image or a file; text where it says that it is text or is no base64. */
export function addContentData(turn: InputTurn, spot: InputSpot, text: string): void {
  if (dataUrl.test(text)) return addAddress(turn, spot, text);
  const type = typeBeside(spot.holder);
  if (Reflect.get(spot.holder, "type") === "text" || notBase64.test(text)) return addText(turn, spot, text);
  addData(turn, spot, { head: "", payload: text, type });
}

/** A file that the request names and the vendor has. */
function addAttachment({ texts }: InputTurn, text: string): void {
  texts.push({ kind: "attachments", text });
}

interface Data {
  readonly head: string;
  readonly payload: string;
  readonly type: string;
}

function addData(turn: InputTurn, spot: InputSpot, { head, payload, type }: Data): void {
  const text = textual.test(type) ? decoded(payload) : undefined;
  if (text === undefined) return addAttachment(turn, mediaType.test(type) ? type : nounFor(spot.holder));
  const write = (changed: string) => head + Buffer.from(changed).toString("base64");
  addWritten({ ...turn, kind: "documents" }, spot, { text, write });
}

function decoded(payload: string): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(payload, "base64"));
  } catch {
    return undefined;
  }
}

function typeBeside(holder: object): string {
  return ["media_type", "mime_type", "mimeType"]
    .map((name) => stringOf(Reflect.get(holder, name)).toLowerCase())
    .reduce((found, type) => found || type, "");
}

function nounFor(holder: object): string {
  const hints = [...Object.keys(holder), stringOf(Reflect.get(holder, "type"))].join(" ");
  if (/image|screenshot/.test(hints)) return "image";
  if (/video/.test(hints)) return "video";
  const format: unknown = Reflect.get(holder, "format");
  return /audio/.test(hints) || typeof format === "string" ? "audio" : "file";
}

/** Files that are named by their ids, one or several. */
export function addFileIds(turn: InputTurn, spot: InputSpot): void {
  const value = valueAt(spot);
  const ids = typeof value === "string" ? [value] : arrayOf(value);
  for (const id of ids) if (typeof id === "string" || isJsonObject(id)) addAttachment(turn, "file");
}
