import { jsonrepair } from "jsonrepair";
import { GatewayError } from "../../errors.ts";
import type { JsonObject } from "../../wires/json.ts";
import { parseExactly } from "../../wires/parse-exactly.ts";
import type { CallBlock } from "./answer.ts";

/**
 * The input of a call. A call without arguments has none; one that the limit of tokens cut off has what was written until
 * then, as clients read a stream that was cut off. Throws for anything else that is no JSON object: a tool must never run
 * with less than the model said.
 */
export function toInput(call: CallBlock, isCutOff: boolean): JsonObject {
  const given = call.pieces.join("");
  if (isNoInput(given)) return {};
  const input = parseExactly(given) ?? (isCutOff ? completed(given) : undefined);
  if (input) return input;
  throw new GatewayError(
    "provider_failed",
    "The model called a tool with arguments that are not a JSON object, which messages clients cannot be given. Try again.",
  );
}

/** True for what servers send when a tool takes nothing. */
function isNoInput(given: string): boolean {
  return ["", "null"].includes(given.trim());
}

function completed(given: string): JsonObject {
  try {
    return parseExactly(jsonrepair(given)) ?? {};
  } catch {
    return {};
  }
}
