import { GatewayError } from "../../errors.ts";

/** Names what a translation leaves out. */
export type Drop = (path: string) => void;

/** A request that would mean something else without the part that cannot be translated. `way` says the way out. */
export function refusal(param: string, reason: string, way: string): GatewayError {
  return new GatewayError("invalid_request", `${reason} ${way}`, { param });
}
