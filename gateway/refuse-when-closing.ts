import { GatewayError } from "./errors.ts";
import type { Runtime } from "./runtime.ts";

/** Throws `GatewayError` when the gateway takes no new requests, because those under way are to be its last. */
export function refuseWhenClosing({ isClosing }: Pick<Runtime, "isClosing">): void {
  if (!isClosing()) return;
  throw new GatewayError("shutting_down", "Proctor is shutting down. Try again in a moment.", {
    headers: { "retry-after": "5" },
  });
}
