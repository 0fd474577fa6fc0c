import { GatewayError } from "../errors.ts";

/** Why a try brought no reply, in the words of a `retry.on` list. */
export type FailureKind = "connect" | "timeout" | "client";

/** A try that brought no reply. */
export interface UpstreamFailure {
  readonly kind: FailureKind;
  readonly error: GatewayError;
}

/** Turns what a provider threw before its reply began into a known failure with a sentence. */
export function upstreamFailure(thrown: unknown, provider: string): UpstreamFailure {
  if (thrown instanceof GatewayError) {
    if (thrown.code === "client_closed") return { kind: "client", error: thrown };
    if (thrown.code === "provider_timeout") return { kind: "timeout", error: thrown };
    return { kind: "connect", error: thrown };
  }
  const code = codeOf(thrown);
  const timedOut = code.includes("TIMEOUT");
  return {
    kind: timedOut ? "timeout" : "connect",
    error: new GatewayError(
      timedOut ? "provider_timeout" : "provider_unreachable",
      `Provider "${provider}" cannot be reached (${code}). Is it running, and is its base_url right?`,
      { cause: thrown },
    ),
  };
}

/** The same for a reply that broke off after it began. */
export function brokenStream(thrown: unknown, provider: string): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  return new GatewayError(
    "stream_broken",
    `Provider "${provider}" broke off in the middle of its answer (${codeOf(thrown)}).`,
    {
      cause: thrown,
    },
  );
}

function codeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { code } = thrown as Error & { code?: unknown };
  return typeof code === "string" && code !== "" ? code : thrown.name;
}
