import { describe, expect, test } from "vitest";
import type { Claim } from "../../../../evaluators/index.ts";
import { redactArguments } from "../../../../gateway/guardrails/redaction/redact-arguments.ts";

/** Every place where a value stands in what was examined. */
function claimsAbout(examined: string, value: string): Claim[] {
  return [...examined.matchAll(new RegExp(value, "g"))].map(({ index: start }) => ({
    text: value,
    start,
    end: start + value.length,
    verdict: "violation",
    kind: "email",
  }));
}

function redacted(given: string, placeholders = new Map<string, string>(), value = "ann"): string | undefined {
  const examined = JSON.stringify(JSON.parse(given));
  return redactArguments(given, examined, claimsAbout(examined, value), placeholders);
}

describe("what a tool is called with is redacted in its places", () => {
  test.each([
    [
      "behind a number with more digits than the reader's",
      '{"a":1.00000000000000000001,"b":"to ann"}',
      '{"a":1.00000000000000000001,"b":"to [EMAIL_1]"}',
    ],
    ["behind a number with fewer", '{"a":1e100,"b":"to ann"}', '{"a":1e100,"b":"to [EMAIL_1]"}'],
    [
      "before, between and behind several",
      '{"x":"ann","a":1.00000000000000000001,"b":"ann!","c":[1e100,0.1234567890123456789],"d":"ann","n":2}',
      '{"x":"[EMAIL_1]","a":1.00000000000000000001,"b":"[EMAIL_1]!","c":[1e100,0.1234567890123456789],"d":"[EMAIL_1]","n":2}',
    ],
    ["right behind one", '{"a":[1e100,"ann"]}', '{"a":[1e100,"[EMAIL_1]"]}'],
  ])("%s", (_where, given, expected) => {
    expect(redacted(given)).toBe(expected);
  });

  test("and a number whole, whichever part of it is marked", () => {
    const given = '{"a":1.00000000000000000001,"b":30000000000000000007,"c":1e100}';
    expect(redacted(given, new Map(), "3000")).toBe('{"a":1.00000000000000000001,"b":"[EMAIL_1]","c":1e100}');
  });

  test("by the placeholders of other texts, whether it is JSON or not", () => {
    const known = () => new Map([["email\nann", "[EMAIL_7]"]]);
    expect(redacted('{"a":"ann"}', known())).toBe('{"a":"[EMAIL_7]"}');
    const text = "to ann";
    expect(redactArguments(text, text, claimsAbout(text, "ann"), known())).toBe("to [EMAIL_7]");
  });
});

describe("what a tool is called with is not redacted", () => {
  const given = '{"a":"ann"}';

  test("for a claim that goes on behind it, as one about the tool's name does", () => {
    const claim: Claim = { text: 'ann"}', start: 6, end: 20, verdict: "violation", kind: "email" };
    expect(redactArguments(given, given, [claim], new Map())).toBeUndefined();
  });

  test("for a claim about another text", () => {
    const claim: Claim = { text: "bob", start: 6, end: 9, verdict: "violation", kind: "email" };
    expect(redactArguments(given, given, [claim], new Map())).toBeUndefined();
  });

  test("where one of several claims is about another text", () => {
    const claims = [...claimsAbout(given, "ann"), { ...claimsAbout(given, "ann")[0], text: "bob" } as Claim];
    expect(redactArguments(given, given, claims, new Map())).toBeUndefined();
  });
});
