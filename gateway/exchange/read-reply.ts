import { GatewayError } from "../errors.ts";
import { readWhole } from "../routing/read-whole.ts";
import { type JsonObject, parseObject } from "../wires/json.ts";
import { faultInReply } from "../wires/json-fault.ts";
import { type Attempt, failAttempt } from "./attempt.ts";
import type { Exchange } from "./exchange.ts";

/** The reply, whole; when it breaks off, its spans are ended. */
export async function readReplyBytes(attempt: Attempt): Promise<Buffer<ArrayBuffer>> {
  try {
    return await readWhole(attempt.generation.reply.body, attempt.generation.target.provider.name);
  } catch (thrown) {
    const error = GatewayError.from(thrown);
    failAttempt(attempt, error);
    throw error;
  }
}

/** A reply that cannot be read cannot be examined, and no client could read it either. */
export function parseReply(text: string, exchange: Exchange, attempt: Attempt): JsonObject {
  const body = parseObject(text);
  const fault = faultIn(body, text, exchange);
  if (body && fault === undefined) return body;
  throw failUnreadable(attempt, fault);
}

/** Ends the attempt whose reply, whole as it is, says nothing that can be passed on. */
export function failUnreadable(attempt: Attempt, fault: string | undefined): GatewayError {
  const { name } = attempt.generation.target.provider;
  const error = new GatewayError("provider_failed", `Provider "${name}" answered with a body that ${fault}.`);
  failAttempt(attempt, error);
  return error;
}

function faultIn(body: JsonObject | undefined, text: string, { wire, stream }: Exchange): string | undefined {
  if (!body) return "is not a JSON object";
  if (wire.isError(body)) return "is an error, although its status says success";
  // A client that reads events would find none in it, and take that for an empty answer.
  if (stream) return "is in one piece, although a stream was asked for";
  return faultInReply(text);
}
