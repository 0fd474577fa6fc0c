import { setImmediate as pause } from "node:timers/promises";
import { loadTokens } from "../tokens.ts";
import { arrayOf, isJsonObject, type JsonObject, stringOf } from "../wires/json.ts";

/** Tokens that frame a message, and those that open the answer. */
const perMessage = 4;
const perRequest = 3;

/** An image or a page of a document costs about as much with every vendor; how many pages there are is not known. */
const perImage = 1600;
const perDocument = 3000;

/** Characters that are counted before other requests have their turn. */
const atOnce = 32 * 1024;

/**
 * About how many tokens a model reads in a chat completions or messages request: its texts by the o200k_base encoding, and
 * flat amounts for images and documents.
 */
export async function estimateTokens(body: JsonObject): Promise<number> {
  const messages = arrayOf(body["messages"]);
  const gathered: Gathered = { texts: [], flat: perRequest + perMessage * messages.length };
  gather([body["system"], messages], gathered);
  for (const name of ["tools", "functions", "response_format", "output_config"]) {
    if (body[name] !== undefined) gathered.texts.push(JSON.stringify(body[name]));
  }
  const tokens = await loadTokens();
  let count = gathered.flat;
  for (const piece of gathered.texts.flatMap(inPieces)) {
    count += tokens.count(piece);
    if (piece.length === atOnce) await pause();
  }
  return count;
}

interface Gathered {
  readonly texts: string[];
  flat: number;
}

/** Members that a model does not read as text. */
const silent = new Set([
  "type",
  "role",
  "id",
  "tool_call_id",
  "tool_use_id",
  "signature",
  "cache_control",
  "media_type",
]);

/** Deeper than this nobody writes a message, and a call stack ends somewhere. */
const mostDepth = 100;

function gather(value: unknown, gathered: Gathered, depth = 0): void {
  if (depth > mostDepth) return;
  if (typeof value === "string") gathered.texts.push(value);
  if (Array.isArray(value)) value.forEach((each) => gather(each, gathered, depth + 1));
  if (!isJsonObject(value)) return;
  const type = stringOf(value["type"]);
  if (type.includes("image")) gathered.flat += perImage;
  else if (isOpaque(value, type)) gathered.flat += perDocument;
  else for (const [name, member] of Object.entries(value)) if (!silent.has(name)) gather(member, gathered, depth + 1);
}

/** A document whose text stands in the request is read as text; of any other only the encoded bytes are there. */
function isOpaque({ source }: JsonObject, type: string): boolean {
  if (type === "file" || type === "input_audio") return true;
  return type === "document" && isJsonObject(source) && source["type"] !== "text" && source["type"] !== "content";
}

function inPieces(text: string): string[] {
  const count = Math.ceil(text.length / atOnce);
  return Array.from({ length: count }, (_, index) => text.slice(index * atOnce, (index + 1) * atOnce));
}
