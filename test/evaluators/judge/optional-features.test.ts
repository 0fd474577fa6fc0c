import { describe, expect, test } from "vitest";
import { backOffMs, isPassing } from "../../../evaluators/judge/back-off.ts";
import { refusedFeature, wishesOf } from "../../../evaluators/judge/optional-features.ts";

const schema = { name: "s", schema: {} };
const everything = { schema, logprobs: true, temperature: 0 };

describe("what is asked of a provider", () => {
  test("is everything, at temperature 0, until it refuses", () => {
    expect(wishesOf({ schema, logprobs: true }, new Set())).toEqual(everything);
    expect(wishesOf({ temperature: 0.7 }, new Set())).toEqual({ temperature: 0.7 });
    expect(wishesOf({ schema, logprobs: false }, new Set())).toEqual({ schema, temperature: 0 });
    expect(wishesOf({ schema, logprobs: true }, new Set(["schema", "temperature"]))).toEqual({ logprobs: true });
    expect(wishesOf({ schema, logprobs: true }, new Set(["logprobs"]))).toEqual({ schema, temperature: 0 });
  });
});

describe("a refusal", () => {
  test.each([
    ["Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.", "schema"],
    ["output_config.format: Extra inputs are not permitted", "schema"],
    ["output_format: not available", "schema"],
    ["This model does not support structured outputs.", "schema"],
    ["Unsupported value: 'temperature' does not support 0 with this model.", "temperature"],
    ["You are not allowed to request logprobs from this model.", "logprobs"],
    ["unknown field top_logprobs", "logprobs"],
  ])("is read from %j", (message, feature) => {
    expect(refusedFeature(400, message, everything)).toBe(feature);
    expect(refusedFeature(422, message, everything)).toBe(feature);
  });

  test("is none with another status, another reason, or of what was not asked for", () => {
    expect(refusedFeature(500, "response_format", everything)).toBeUndefined();
    expect(refusedFeature(200, "response_format", everything)).toBeUndefined();
    expect(refusedFeature(400, "max_tokens is too large", everything)).toBeUndefined();
    expect(refusedFeature(400, "response_format", { logprobs: true, temperature: 0 })).toBeUndefined();
    expect(refusedFeature(400, "logprobs", { schema, temperature: 0 })).toBeUndefined();
    expect(refusedFeature(400, "temperature", { schema })).toBeUndefined();
  });
});

describe("waiting before another try", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  const at = (random: number) => ({ now, random });

  test.each([
    [2, 250],
    [3, 500],
    [4, 1_000],
    [7, 8_000],
    [12, 8_000],
  ])("is a random part of a growing time: try %i", (next, most) => {
    expect(backOffMs(next, undefined, at(0))).toBe(0);
    expect(backOffMs(next, undefined, at(0.5))).toBe(most / 2);
    expect(backOffMs(next, undefined, at(1))).toBe(most);
  });

  test("is never shorter than the server asks, in seconds or until a date", () => {
    expect(backOffMs(2, "3", at(0))).toBe(3_000);
    expect(backOffMs(2, " 1.5 ", at(1))).toBe(1_750);
    expect(backOffMs(2, "Thu, 01 Jan 2026 00:00:07 GMT", at(0))).toBe(7_000);
    expect(backOffMs(2, "Wed, 31 Dec 2025 00:00:00 GMT", at(0))).toBe(0);
    expect(backOffMs(2, "soon", at(0))).toBe(0);
    expect(backOffMs(2, "-5", at(0))).toBe(0);
  });

  test.each([408, 429, 500, 502, 503, 504, 529])("status %i passes", (status) => expect(isPassing(status)).toBe(true));
  test.each([200, 302, 400, 401, 404, 422, 501])("status %i does not", (status) =>
    expect(isPassing(status)).toBe(false),
  );
});
