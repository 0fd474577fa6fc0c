import { GatewayError } from "../errors.ts";
import { type JsonObject, objectOf, stringOf } from "../wires/json.ts";
import type { Wire } from "../wires/wire.ts";

/** What a vendor's failure is, in either dialect's words. */
type FailureKind =
  | "authentication"
  | "billing"
  | "permission"
  | "not_found"
  | "too_large"
  | "too_long"
  | "rate_limit"
  | "overloaded"
  | "timeout"
  | "invalid"
  | "server";

/**
 * A vendor's failure as an error for the client, with the type and the code that its dialect has for it. `status` is the
 * reply's; undefined for an event of a stream, whose own words then decide.
 */
export function vendorError(vendor: JsonObject, status: number | undefined, client: Wire): GatewayError {
  const { message, type, code, param } = objectOf(vendor["error"]);
  const said = stringOf(message) || stringOf(vendor["error"]) || "no message";
  const kind = kindOf(status, stringOf(type), stringOf(code), said);
  const words = failureWords[kind];
  const known = { status: status ?? words.status, ...(typeof param === "string" ? { param } : {}) };
  const text = kind === "too_long" ? tooLongMessage(said, client) : said;
  if (client.name === "messages")
    return new GatewayError("provider_failed", text, { ...known, details: { type: words.messages } });
  const bodyCode = words.code ?? stringOf(code);
  return new GatewayError("provider_failed", text, {
    ...known,
    ...(bodyCode === "" ? {} : { bodyCode }),
    details: { type: words.chat },
  });
}

function kindOf(status: number | undefined, type: string, code: string, message: string): FailureKind {
  const mayBeTooLong = status === undefined || status === 400 || status === 413;
  if (mayBeTooLong && (code === "context_length_exceeded" || tooLong.test(message))) return "too_long";
  return status === undefined ? kindOfType(type) : kindOfStatus(status);
}

interface FailureWords {
  readonly status: number;
  readonly messages: string;
  readonly chat: string;
  readonly code?: string;
}

const failureWords: Readonly<Record<FailureKind, FailureWords>> = {
  authentication: { status: 401, messages: "authentication_error", chat: "invalid_request_error", code: "invalid_api_key" },
  billing: { status: 402, messages: "billing_error", chat: "insufficient_quota", code: "insufficient_quota" },
  permission: { status: 403, messages: "permission_error", chat: "invalid_request_error", code: "permission_denied" },
  not_found: { status: 404, messages: "not_found_error", chat: "invalid_request_error", code: "model_not_found" },
  too_large: { status: 413, messages: "request_too_large", chat: "invalid_request_error", code: "request_too_large" },
  too_long: { status: 400, messages: "invalid_request_error", chat: "invalid_request_error", code: "context_length_exceeded" },
  rate_limit: { status: 429, messages: "rate_limit_error", chat: "rate_limit_error", code: "rate_limit_exceeded" },
  overloaded: { status: 529, messages: "overloaded_error", chat: "server_error", code: "overloaded" },
  timeout: { status: 504, messages: "timeout_error", chat: "server_error", code: "timeout" },
  invalid: { status: 400, messages: "invalid_request_error", chat: "invalid_request_error" },
  server: { status: 500, messages: "api_error", chat: "server_error" },
}; // prettier-ignore

const kindsByStatus = new Map<number, FailureKind>([
  [401, "authentication"],
  [402, "billing"],
  [403, "permission"],
  [404, "not_found"],
  [408, "timeout"],
  [413, "too_large"],
  [429, "rate_limit"],
  [503, "overloaded"],
  [504, "timeout"],
  [529, "overloaded"],
]);

function kindOfStatus(status: number): FailureKind {
  return kindsByStatus.get(status) ?? (status < 500 ? "invalid" : "server");
}

function kindOfType(type: string): FailureKind {
  const kinds = Object.keys(failureWords) as FailureKind[];
  return kinds.find((kind) => failureWords[kind].messages === type) ?? "server";
}

const tooLong =
  /prompt is too long|exceeds? (?:the )?context|maximum context length|context (?:length|window) exceeded/i;

/** Some clients know by these words alone, and not by the code, that they must shorten the conversation. */
function tooLongMessage(message: string, client: Wire): string {
  const known = client.name === "messages" ? "prompt is too long" : "maximum context length";
  if (message.toLowerCase().includes(known)) return message;
  return client.name === "messages" ? `${known}: ${message}` : `The ${known} is exceeded: ${message}`;
}
