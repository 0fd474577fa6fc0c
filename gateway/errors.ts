/** Why a request was not served. The code says the reason; the status follows from it. */
export const errorCatalog = {
  malformed_json: { status: 400, type: "invalid_request_error" },
  invalid_request: { status: 400, type: "invalid_request_error" },
  wire_not_served: { status: 400, type: "invalid_request_error" },
  unauthorized: { status: 401, type: "authentication_error" },
  forbidden: { status: 403, type: "permission_error" },
  host_not_allowed: { status: 403, type: "permission_error" },
  origin_not_allowed: { status: 403, type: "permission_error" },
  model_not_found: { status: 404, type: "not_found_error" },
  not_found: { status: 404, type: "not_found_error" },
  method_not_allowed: { status: 405, type: "invalid_request_error" },
  body_too_large: { status: 413, type: "request_too_large" },
  unsupported_media_type: { status: 415, type: "invalid_request_error" },
  guardrail_blocked: { status: 422, type: "guardrail_blocked" },
  rate_limited: { status: 429, type: "rate_limit_error" },
  budget_exceeded: { status: 429, type: "rate_limit_error" },
  client_closed: { status: 499, type: "api_error" },
  internal: { status: 500, type: "api_error" },
  provider_unreachable: { status: 502, type: "api_error" },
  provider_failed: { status: 502, type: "api_error" },
  stream_broken: { status: 502, type: "api_error" },
  limiter_unavailable: { status: 503, type: "overloaded_error" },
  shutting_down: { status: 503, type: "overloaded_error" },
  provider_unavailable: { status: 503, type: "overloaded_error" },
  provider_timeout: { status: 504, type: "timeout_error" },
} as const satisfies Record<string, { status: number; type: string }>;

export type ErrorCode = keyof typeof errorCatalog;

export interface GatewayErrorOptions extends ErrorOptions {
  /** Replaces the catalog's status where a vendor's own is passed on. */
  readonly status?: number;
  /** The field of the request that is wrong. */
  readonly param?: string;
  /** What goes into the body's `code`, when it says more than the catalog's. */
  readonly bodyCode?: string;
  /** Further members of the error body, such as a vendor's own error. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Headers for the reply, such as `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error that a client is told about: a sentence with the value and the way out. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly code: ErrorCode;
  readonly status: number;
  readonly options: GatewayErrorOptions;

  constructor(code: ErrorCode, message: string, options: GatewayErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.status = options.status ?? errorCatalog[code].status;
    this.options = options;
  }

  /** Turns anything thrown into a known error; what an unknown one says stays inside. */
  static from(thrown: unknown): GatewayError {
    if (thrown instanceof GatewayError) return thrown;
    return new GatewayError("internal", "Proctor broke while it served this request. The trace holds the cause.", {
      cause: thrown,
    });
  }
}

/** The gateway ends before the reply does. */
export function cutOff(): GatewayError {
  return new GatewayError("shutting_down", "Proctor is shutting down and could not wait for the end of this answer.");
}

/** Why a signal of an exchange aborted: the client left, unless it says otherwise. */
export function reasonOf({ reason }: AbortSignal): GatewayError {
  return reason instanceof GatewayError ? reason : clientClosed();
}

/** The client left in the middle of its request. */
export function requestCutShort(cause: unknown): GatewayError {
  return new GatewayError("client_closed", "The client closed the connection before its request was whole.", { cause });
}

/** Nobody waits for the reply any more. */
export function clientClosed(): GatewayError {
  return new GatewayError("client_closed", "The client closed the connection.");
}
