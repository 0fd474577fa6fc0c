import { GatewayError } from "../errors.ts";
import { type JsonObject, stringOf } from "./json.ts";
import { parseFrame } from "./parse-frame.ts";

/** One frame of a dialect whose events say their type twice: as the event's name and in its data. */
export function eventFrame(event: JsonObject): string {
  return `event: ${stringOf(event["type"])}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** The data of such a frame. Throws as `parseFrame` does, and where the two differ. */
export function parseNamedFrame(event: string | undefined, data: string): JsonObject {
  const body = parseFrame(data);
  if (event !== undefined && event !== stringOf(body["type"])) {
    throw new GatewayError("stream_broken", "The provider sent a stream event whose name and type differ.");
  }
  return body;
}
