import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Claim, createEvaluatorSet, evaluate, redact, redactions, redactJson } from "../../../evaluators/index.ts";
import { safety } from "../../../evaluators/safety/safety.ts";

const claim = (text: string, value: string, kind: string, more: Partial<Claim> = {}): Claim => {
  const start = text.indexOf(value);
  return { text: value, start, end: start + value.length, verdict: "violation", kind, ...more };
};
const forms = safety.configure({ parts: { toxicity: false, prompt_injection: false } });
const evaluators = createEvaluatorSet([forms]);
const found = async (output: string) => (await evaluate("safety", { output }, { evaluators })).claims ?? [];

describe("a redacted text", () => {
  test("has the same placeholder for the same value, numbered by kind", async () => {
    const text = "a@x.com, b@x.com and a@x.com; 4111 1111 1111 1111";
    expect(redact(text, await found(text))).toBe("[EMAIL_1], [EMAIL_2] and [EMAIL_1]; [CREDIT_CARD_1]");
  });

  test("agrees with others that share its placeholders", () => {
    const placeholders = new Map<string, string>();
    const first = "a@x.com";
    const second = "b@x.com a@x.com";
    expect(redact(first, [claim(first, "a@x.com", "email")], { placeholders })).toBe("[EMAIL_1]");
    const claims = [claim(second, "b@x.com", "email"), claim(second, "a@x.com", "email")];
    expect(redact(second, claims, { placeholders })).toBe("[EMAIL_2] [EMAIL_1]");
  });

  test("counts on past placeholders that are there already", () => {
    const text = "[EMAIL_3] b@x.com";
    expect(redact(text, [claim(text, "b@x.com", "email")])).toBe("[EMAIL_3] [EMAIL_4]");
  });

  test("takes overlapping passages out together, in any order", () => {
    const text = "xabcdefx";
    const claims = [claim(text, "cdef", "two"), claim(text, "abcd", "one"), claim(text, "bc", "three")];
    expect(redact(text, claims)).toBe("x[ONE_1]x");
  });

  test("keeps what is no violation, and what is about another field or call", () => {
    const text = "a@x.com";
    const supported: Claim = { ...claim(text, text, "email"), verdict: "supported" };
    expect(redact(text, [supported])).toBe(text);
    expect(redact(text, [claim(text, text, "email", { field: "reasoning" })], { field: "output" })).toBe(text);
    expect(redact(text, [claim(text, text, "email")], { field: "output" })).toBe("[EMAIL_1]");
    const second = claim(text, text, "email", { field: "tool_calls", index: 1 });
    expect(redact(text, [second], { field: "tool_calls", index: 0 })).toBe(text);
    expect(redact(text, [second], { field: "tool_calls", index: 1 })).toBe("[EMAIL_1]");
  });

  test("is refused for claims about another text", () => {
    expect(() => redact("something else", [claim("a@x.com", "a@x.com", "email")])).toThrow(
      /characters 0 to 7 is not about this text/,
    );
  });
});

test("what is replaced is told in the order of the text, for a caller that has the text in pieces", () => {
  const text = "b@x.com, a@x.com and b@x.com";
  const last = { text: "b@x.com", start: 21, end: 28, verdict: "violation", kind: "email" } as const;
  const claims = [
    last,
    claim(text, "a@x.com", "email"),
    claim(text, "x.com, a", "text"),
    claim(text, "b@x.com", "email"),
  ];
  expect(redactions(text, claims)).toEqual([
    { start: 0, end: 16, placeholder: "[EMAIL_1]" },
    { start: 21, end: 28, placeholder: "[EMAIL_2]" },
  ]);
  expect(redact(text, claims)).toBe("[EMAIL_1] and [EMAIL_2]");
  expect(redactions(text, claims, { field: "reasoning" })).toEqual([]);
});

const pieces = fc.constantFrom(
  "a@example.com",
  "4111 1111 1111 1111",
  "４１１１111111111111",
  "+49 30 901820",
  "(212) 555-0123 x4",
  "203.0.113.7",
  "DE89370400440532013000",
  "hello",
  "call",
  "SSN",
  "password: ",
  "Tr0ub4dor&3x",
  "postgres://a:s3cretpw@db.example.com/x",
  "536-22-1234",
  ", ",
  " and ",
  "\n",
  ". ",
  "12",
);

test("nothing is found in a redacted text, and redacting it again changes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { maxLength: 12 }), async (parts) => {
      const text = parts.join("");
      const once = redact(text, await found(text));
      expect(await found(once)).toEqual([]);
      expect(redact(once, await found(once))).toBe(once);
    }),
    { numRuns: 300 },
  );
});

describe("redacted JSON", () => {
  const callOf = async (args: string) => {
    const { claims = [] } = await evaluate("safety", { tool_calls: [{ name: "send", arguments: args }] });
    return redactJson(args, claims, { field: "tool_calls", index: 0 });
  };

  test.each([
    ["a string", '{"to": "a@x.com", "n": 1}', '{"to": "[EMAIL_1]", "n": 1}'],
    ["a key", '{"a@x.com": true}', '{"[EMAIL_1]": true}'],
    ["a number", '{"card": 4111111111111111}', '{"card": "[CREDIT_CARD_1]"}'],
    ["a part of a string", String.raw`["say \"hi\" to a@x.com\n"]`, String.raw`["say \"hi\" to [EMAIL_1]\n"]`],
    ["an escaped value", String.raw`["a\u0040x.com"]`, '["[EMAIL_1]"]'],
    ["what stands behind an escape", String.raw`["call\n4111111111111111"]`, String.raw`["call\n[CREDIT_CARD_1]"]`],
    ["JSON in a string", String.raw`{"body":"{\"to\":\"a@x.com\"}"}`, String.raw`{"body":"{\"to\":\"[EMAIL_1]\"}"}`],
    ["what is no JSON", "to a@x.com {", "to [EMAIL_1] {"],
    ["nothing", "{}", "{}"],
  ])("replaces %s", async (_name, args, redacted) => expect(await callOf(args)).toBe(redacted));

  test("stays JSON whatever is marked in it", () => {
    fc.assert(
      fc.property(fc.json(), fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 4 }), (json, places) => {
        const claims = places.map(([a, b]): Claim => {
          const start = a % json.length;
          const end = Math.min(json.length, start + 1 + (b % 20));
          return { text: json.slice(start, end), start, end, verdict: "violation", kind: "email" };
        });
        expect(() => JSON.parse(redactJson(json, claims)) as unknown).not.toThrow();
      }),
    );
  });

  test("keeps the shape of the value", () => {
    const json = '{"a": ["x@y.com", -1.5e3, null], "b": {}}';
    const marked = claim(json, "-1.5e3", "phone");
    expect(JSON.parse(redactJson(json, [marked]))).toEqual({ a: ["x@y.com", "[PHONE_1]", null], b: {} });
  });
});
