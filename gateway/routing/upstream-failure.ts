import { GatewayError } from "../errors.ts";
import type { Timeouts } from "../providers/provider.ts";

/**
 * Why a try brought no reply, in the words of a `retry.on` list. Two are on none: the client left, or what came is no answer that
 * anyone could read, which the same request would only bring, and be charged for, again.
 */
export type FailureKind = "connect" | "timeout" | "client" | "unreadable";

/** A try that brought no reply. */
export interface UpstreamFailure {
  readonly kind: FailureKind;
  readonly error: GatewayError;
}

/** Turns what a provider threw before its reply began into a known failure with a sentence. */
export function upstreamFailure(thrown: unknown, provider: string, timeouts?: Timeouts): UpstreamFailure {
  if (thrown instanceof GatewayError) {
    if (thrown.code === "client_closed" || thrown.code === "shutting_down") return { kind: "client", error: thrown };
    if (thrown.code === "provider_timeout") return { kind: "timeout", error: thrown };
    return { kind: thrown.code === "provider_failed" ? "unreadable" : "connect", error: thrown };
  }
  const code = codeOf(thrown);
  if (isNoHttp(code)) return { kind: "unreadable", error: noHttp(provider, code, thrown) };
  if (closingCodes.has(code)) return { kind: "connect", error: closed(provider, code, thrown) };
  if (code === "UND_ERR_CONNECT_TIMEOUT") return { kind: "connect", error: noConnection(provider, timeouts, thrown) };
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

/** Nothing was sent, so this is a failure to connect, whatever the clock had to do with it. */
function noConnection(provider: string, timeouts: Timeouts | undefined, cause: unknown): GatewayError {
  const within = timeouts ? ` within ${timeouts.connect} ms` : " in time";
  return new GatewayError(
    "provider_timeout",
    `Provider "${provider}" took no connection${within}. Is it running, and is its base_url right?`,
    { cause },
  );
}

/** What undici's parser finds, and heads longer than it reads. */
function isNoHttp(code: string): boolean {
  return /^(?:HPE_|HTTPParserError|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_)/.test(code);
}

function noHttp(provider: string, code: string, cause: unknown): GatewayError {
  return new GatewayError(
    "provider_failed",
    `Provider "${provider}" answered with something that cannot be read as HTTP (${code}). Is its base_url right?`,
    { cause },
  );
}

const closingCodes = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

function closed(provider: string, code: string, cause: unknown): GatewayError {
  return new GatewayError(
    "provider_unreachable",
    `Provider "${provider}" closed the connection before it answered (${code}).`,
    { cause },
  );
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
