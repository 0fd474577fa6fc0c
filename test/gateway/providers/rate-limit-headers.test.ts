import { expect, test } from "vitest";
import { rateLimitHeaders } from "../../../gateway/providers/rate-limit-headers.ts";

const now = Date.UTC(2026, 10, 23, 12, 0, 0);
const tokens = (ms: number) => ({ tokens: { limit: 1000, remaining: 7, resetsAt: now + ms } });

test.each([
  [-5, "0ms"],
  [0.5, "1ms"],
  [850, "850ms"],
  [1000, "1s"],
  [12_340, "12.34s"],
  [59_990, "59.99s"],
  [59_999, "1m0s"],
  [60_000, "1m0s"],
  [61_001, "1m2s"],
  [3_600_000, "60m0s"],
])("chat completions say that all is there again in %i ms as %s", (ms, text) => {
  expect(rateLimitHeaders("chat", tokens(ms), now)).toEqual({
    "x-ratelimit-limit-tokens": "1000",
    "x-ratelimit-remaining-tokens": "7",
    "x-ratelimit-reset-tokens": text,
  });
});

test("messages say when, to the second and never too early", () => {
  expect(rateLimitHeaders("messages", tokens(1), now)).toEqual({
    "anthropic-ratelimit-tokens-limit": "1000",
    "anthropic-ratelimit-tokens-remaining": "7",
    "anthropic-ratelimit-tokens-reset": "2026-11-23T12:00:01Z",
  });
});

test("limits that a key does not have are not mentioned", () => {
  expect(rateLimitHeaders("chat", {}, now)).toEqual({});
  expect(rateLimitHeaders("messages", { requests: undefined }, now)).toEqual({});
});
