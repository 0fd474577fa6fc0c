import { GatewayError } from "../errors.ts";
import { type JsonObject, parseObject } from "./json.ts";
import { faultInReply } from "./json-fault.ts";

/**
 * The object that a frame's data holds. Throws for a frame that cannot be read, or that two readers could read in two
 * ways: it cannot be examined, so its stream is broken.
 */
export function parseFrame(data: string): JsonObject {
  const body = parseObject(data);
  if (!body) throw new GatewayError("stream_broken", "The provider sent a stream event that is not a JSON object.");
  const fault = faultInReply(data);
  if (fault !== undefined) throw new GatewayError("stream_broken", `The provider sent a stream event that ${fault}.`);
  return body;
}
