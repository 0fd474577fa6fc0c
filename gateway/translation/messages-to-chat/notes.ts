import { GatewayError } from "../../errors.ts";
import type { JsonObject } from "../../wires/json.ts";

/** Ends the translation where leaving something out would change what the request means. */
export function refuse(param: string, sentence: string): never {
  throw new GatewayError("invalid_request", sentence, { param });
}

/** Names the members of `object` that say something and that nobody here knows, as `place.member`. */
export function noteUnknown(object: JsonObject, known: ReadonlySet<string>, place: string, dropped: Set<string>): void {
  Object.entries(object)
    .filter(([name, value]) => !known.has(name) && !isNothing(value))
    .forEach(([name]) => dropped.add(`${place}.${name}`));
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
