import type { GatewayError } from "../errors.ts";

/**
 * True for a failure that comes before a model did anything: nobody was reached, a vendor answered with an error of its own, or
 * the request cannot be translated for any target.
 */
export function usedNothing({ code, options }: GatewayError): boolean {
  if (code === "provider_failed") return options.status !== undefined;
  return code === "provider_unreachable" || code === "provider_unavailable" || code === "invalid_request";
}
