import { errorCatalog, type GatewayError } from "../errors.ts";
import { isJsonObject, type JsonObject } from "./json.ts";

/** A failure as chat completions clients expect it: `{"error": {"message", "type", "param", "code"}}`. */
export function chatError({ code, message, status, options }: GatewayError): JsonObject {
  const type = code === "guardrail_blocked" ? errorCatalog[code].type : typeOf(status);
  return { error: { message, type, param: options.param ?? null, code: options.bodyCode ?? code, ...options.details } };
}

function typeOf(status: number): string {
  if (status === 429) return "rate_limit_error";
  return status < 500 ? "invalid_request_error" : "server_error";
}

export function isErrorBody(body: JsonObject): boolean {
  const { error } = body;
  return isJsonObject(error) && typeof error["message"] === "string";
}
