import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isRetryable, retryDelayMs } from "../../../gateway/routing/retry.ts";

const now = Date.UTC(2026, 0, 1, 12);
const inSeconds = (seconds: number) => new Date(now + seconds * 1000).toUTCString();

describe("which failures are tried again", () => {
  test.each([
    [[429], 429, true],
    [[429], 430, false],
    [["5xx"], 500, true],
    [["5xx"], 599, true],
    [["5xx"], 499, false],
    [["5xx"], 429, false],
    [[503], 503, true],
    [[503], 500, false],
    [["connect"], "connect", true],
    [["connect"], "timeout", false],
    [["timeout"], "timeout", true],
    [[], 503, false],
  ] as const)("on %j a %s is: %s", (on, failure, expected) => {
    expect(isRetryable(on, failure)).toBe(expected);
  });

  test("a reply that is no failure never is, nor a client who left", () => {
    const everything = [429, "5xx", "connect", "timeout"] as const;
    expect(isRetryable(everything, 200)).toBe(false);
    expect(isRetryable(everything, "client")).toBe(false);
  });
});

describe("how long a retry waits", () => {
  test.each([
    ["0", 0],
    ["7", 7000],
    ["1.5", 1500],
    [" 3 ", 3000],
    ["20", 20_000],
    [inSeconds(5), 5000],
    [inSeconds(0), 0],
  ])("Retry-After: %s is kept to the millisecond", (retryAfter, expected) => {
    expect(retryDelayMs(2, retryAfter, now, 0.5)).toBe(expected);
  });

  test("a date that has passed is no wait at all", () => {
    expect(retryDelayMs(2, inSeconds(-3600), now, 0.5)).toBe(0);
  });

  test.each(["21", "3600", inSeconds(21), inSeconds(86_400)])(
    "Retry-After: %s is longer than a client is held for, so there is no retry",
    (retryAfter) => {
      expect(retryDelayMs(2, retryAfter, now, 0.5)).toBeUndefined();
    },
  );

  test.each(["soon", "NaN", "Infinity", undefined])("Retry-After: %s is left to the back-off", (retryAfter) => {
    expect(retryDelayMs(3, retryAfter, now, 0.5)).toBe(250);
  });

  test("the back-off is drawn from nothing to 250 ms, doubled with every try, up to 5 s", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 10 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (next, random) => {
          const most = Math.min(5000, 250 * 2 ** (next - 2));
          const delay = retryDelayMs(next, undefined, now, random);
          expect(delay).toBeGreaterThanOrEqual(0);
          expect(delay).toBeLessThan(most);
          expect(delay).toBeCloseTo(random * most, 6);
        },
      ),
    );
  });

  test("without a given chance two waits differ, so that callers do not come back together", () => {
    const waits = new Set(Array.from({ length: 50 }, () => retryDelayMs(6, undefined)));
    expect(waits.size).toBeGreaterThan(40);
  });
});
