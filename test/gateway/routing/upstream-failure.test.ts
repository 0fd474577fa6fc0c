import { describe, expect, test } from "vitest";
import { GatewayError } from "../../../gateway/errors.ts";
import { isRetryable } from "../../../gateway/routing/retry.ts";
import { upstreamFailure } from "../../../gateway/routing/upstream-failure.ts";

const timeouts = { connect: 1500, first_event: 1, idle: 1, total: 1 };
const thrown = (code: string) => Object.assign(new Error("no"), { code });

describe("a try that brought no reply", () => {
  test("because no connection was taken in time sent nothing, so it is a failure to connect", () => {
    expect(upstreamFailure(thrown("UND_ERR_CONNECT_TIMEOUT"), "gpu", timeouts)).toMatchObject({
      kind: "connect",
      error: {
        code: "provider_timeout",
        status: 504,
        message: 'Provider "gpu" took no connection within 1500 ms. Is it running, and is its base_url right?',
      },
    });
  });

  test.each([
    ["ECONNREFUSED", "connect", "provider_unreachable"],
    ["ENOTFOUND", "connect", "provider_unreachable"],
    ["ETIMEDOUT", "connect", "provider_unreachable"],
    ["ECONNRESET", "connect", "provider_unreachable"],
    ["UND_ERR_HEADERS_TIMEOUT", "timeout", "provider_timeout"],
    ["HPE_INVALID_CONSTANT", "unreadable", "provider_failed"],
    ["UND_ERR_HEADERS_OVERFLOW", "unreadable", "provider_failed"],
  ])("because of %s is of the kind %s", (code, kind, errorCode) => {
    const { kind: found, error } = upstreamFailure(thrown(code), "gpu", timeouts);
    expect([found, error.code]).toEqual([kind, errorCode]);
    expect(error.message).toContain(code);
  });

  test("because a limit ran out, or the client left, keeps its own error", () => {
    const late = new GatewayError("provider_timeout", "late");
    const left = new GatewayError("client_closed", "left");
    expect(upstreamFailure(late, "gpu")).toEqual({ kind: "timeout", error: late });
    expect(upstreamFailure(left, "gpu")).toEqual({ kind: "client", error: left });
  });

  test("because what came cannot be read is not tried again", () => {
    const packed = new GatewayError("provider_failed", "packed");
    const { kind } = upstreamFailure(packed, "gpu");
    expect(kind).toBe("unreadable");
    expect(isRetryable([429, "5xx", "connect", "timeout"], kind)).toBe(false);
  });
});
