/**
 * Why a span query has no answer: the address is none, nobody answers there, the server refused, it does not understand the
 * question (no `/api/v3`, or Jaeger before 2.19), or there is more than it can list.
 */
export type SpanQueryErrorCode = "malformed_address" | "unreachable" | "refused" | "unsupported" | "too_many";

/** A span query that could not be answered. The message names the address and the way out. */
export class SpanQueryError extends Error {
  override readonly name = "SpanQueryError";
  readonly code: SpanQueryErrorCode;

  constructor(code: SpanQueryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
