import { GatewayError } from "../errors.ts";
import { stringOf } from "../wires/json.ts";

/** Names what a translation leaves out. */
export type Drop = (path: string) => void;

/** A request that would mean something else without the part that cannot be translated. `way` says the way out. */
export function refusal(param: string, reason: string, way: string): GatewayError {
  return new GatewayError("invalid_request", `${reason} ${way}`, { param });
}

/** A call's arguments as a chat server sent them: JSON as it came. Some servers send it parsed. */
export function argumentsText(given: unknown): string {
  return typeof given === "string" || (given ?? null) === null ? stringOf(given) : JSON.stringify(given);
}
