import { isUtf8 } from "node:buffer";
import { z } from "zod";
import { GatewayError } from "../errors.ts";
import { isJsonObject, type JsonObject } from "../wires/json.ts";
import { faultInJson } from "./json-fault.ts";

/** A request body: its text as it came and what it says. */
export interface RequestBody {
  readonly text: string;
  readonly json: JsonObject;
  /** Passages given as `proctor: { context: [...] }`. */
  readonly context: readonly string[];
}

/** Past this much over the limit the connection is dropped rather than drained. */
const mostDrainedBytes = 64 * 1024 * 1024;

/** Reads and parses a JSON body of at most `mostBytes`. Throws `GatewayError` with a sentence. */
export async function readBody(request: Request, mostBytes: number): Promise<RequestBody> {
  refuseEncoded(request);
  const bytes = await readBytes(request, mostBytes).catch((error: unknown) => {
    if (error instanceof GatewayError) throw error;
    throw new GatewayError("client_closed", "The client closed the connection before its request was whole.", {
      cause: error,
    });
  });
  const text = decode(bytes);
  const json = parseJson(text);
  return { text, json, context: contextIn(json) };
}

/** Throws `GatewayError` for a compressed body: a few bytes of it can hold gigabytes. */
export function refuseEncoded({ headers }: Request): void {
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding === "identity" || encoding === "") return;
  throw new GatewayError(
    "unsupported_media_type",
    `The request body has the content-encoding "${encoding.slice(0, 40)}". Send it as it is, without compression.`,
  );
}

async function readBytes(request: Request, mostBytes: number): Promise<Buffer> {
  const announced = Number(request.headers.get("content-length") ?? Number.NaN);
  // The server holds a client to the length that it announced, so a short body needs no counting.
  if (announced <= mostBytes) return Buffer.from(await request.arrayBuffer());
  const chunks: Uint8Array[] = [];
  let length = 0;
  const body: AsyncIterable<Uint8Array> | readonly Uint8Array[] = request.body ?? [];
  for await (const chunk of body) {
    length += chunk.length;
    // What is over the limit is read and forgotten, so that the client hears the answer instead of a reset.
    if (length <= mostBytes) chunks.push(chunk);
    else if (length > mostBytes + mostDrainedBytes) break;
  }
  if (length <= mostBytes) return Buffer.concat(chunks, length);
  throw new GatewayError(
    "body_too_large",
    `The request body is larger than ${mostBytes} bytes. Send less, or raise listen.max_body_bytes in proctor.yaml.`,
  );
}

/** Bytes that are no characters would be replaced on their way, without anyone being told. */
function decode(bytes: Buffer): string {
  if (!isUtf8(bytes)) {
    throw new GatewayError("malformed_json", "The request body is not JSON: it is not UTF-8. Encode it as UTF-8.");
  }
  const text = bytes.toString("utf8");
  return text.startsWith(byteOrderMark) ? text.slice(byteOrderMark.length) : text;
}

const byteOrderMark = "\uFEFF";

/** Parses a JSON object. Throws `GatewayError` that says where the text stops being JSON. */
function parseJson(text: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = text.trim() === "" ? "it is empty" : error instanceof Error ? error.message : String(error);
    throw new GatewayError("malformed_json", `The request body is not JSON: ${why}.`, { cause: error });
  }
  if (!isJsonObject(value)) throw new GatewayError("malformed_json", "The request body must be a JSON object.");
  const fault = faultInJson(text);
  if (fault !== undefined) throw new GatewayError("malformed_json", `The request body cannot be taken: ${fault}.`);
  return value;
}

const proctorField = z.strictObject({ context: z.union([z.string(), z.array(z.string())]).optional() });

function contextIn(json: JsonObject): readonly string[] {
  if (json["proctor"] === undefined) return [];
  const parsed = proctorField.safeParse(json["proctor"]);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new GatewayError(
      "invalid_request",
      `The request's "proctor" field is not right (${issue?.message ?? "unreadable"}). It looks like {"context": ["a passage", "another"]}.`,
      { param: "proctor" },
    );
  }
  const { context = [] } = parsed.data;
  return (typeof context === "string" ? [context] : context).filter((passage) => passage !== "");
}
