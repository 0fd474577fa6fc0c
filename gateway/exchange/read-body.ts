import { isUtf8 } from "node:buffer";
import { z } from "zod";
import type { Arrival } from "../arrival/arrival.ts";
import { GatewayError, requestCutShort } from "../errors.ts";
import { isJsonObject, type JsonObject } from "../wires/json.ts";
import { faultInRequest } from "../wires/json-fault.ts";

/** A request body: its text as it came and what it says. */
export interface RequestBody {
  readonly text: string;
  readonly json: JsonObject;
  /** Passages given as `proctor: { context: [...] }`. */
  readonly context: readonly string[];
}

/** Reads and parses a JSON body of at most `mostBytes`. Throws `GatewayError` with a sentence. */
export async function readBody(
  arrival: Pick<Arrival, "headers" | "readBytes">,
  mostBytes: number,
): Promise<RequestBody> {
  refuseEncoded(arrival);
  const text = decode(await readBytes(arrival, mostBytes));
  const json = parseJson(text);
  return { text, json, context: contextIn(json) };
}

async function readBytes(arrival: Pick<Arrival, "readBytes">, mostBytes: number): Promise<Buffer> {
  let bytes: Buffer | undefined;
  try {
    bytes = await arrival.readBytes(mostBytes);
  } catch (cause) {
    throw requestCutShort(cause);
  }
  if (bytes) return bytes;
  throw new GatewayError(
    "body_too_large",
    `The request body is larger than ${mostBytes} bytes. Send less, or raise listen.max_body_bytes in proctor.yaml.`,
  );
}

/** Throws `GatewayError` for a compressed body: a few bytes of it can hold gigabytes. */
export function refuseEncoded({ headers }: Pick<Arrival, "headers">): void {
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding === "identity" || encoding === "") return;
  throw new GatewayError(
    "unsupported_media_type",
    `The request body has the content-encoding "${encoding.slice(0, 40)}". Send it as it is, without compression.`,
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
  const fault = faultInRequest(text);
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
