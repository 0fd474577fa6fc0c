import type { WireName } from "../provider.ts";

/** A request that a real vendor would refuse, too. */
export class SandboxRequestError extends Error {
  override readonly name = "SandboxRequestError";
  readonly status: 400 | 404;

  constructor(status: 400 | 404, message: string) {
    super(message);
    this.status = status;
  }
}

/** The error in the words of the wire, as JSON text. */
export function errorBody(wire: WireName, { status, message }: SandboxRequestError): string {
  const isUnknownModel = status === 404;
  if (wire === "messages") {
    return JSON.stringify({
      type: "error",
      error: { type: isUnknownModel ? "not_found_error" : "invalid_request_error", message },
    });
  }
  const where = isUnknownModel ? { param: "model", code: "model_not_found" } : { param: null, code: null };
  return JSON.stringify({ error: { message, type: "invalid_request_error", ...where } });
}
