import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redact, redactions, type Claim } from "../../../../evaluators/index.ts";
import { redactedStretch } from "../../../../gateway/guardrails/redaction/redacted-stretch.ts";
import { redactArguments } from "../../../../gateway/guardrails/redaction/redact-arguments.ts";
import { type Rewrite, rewriteFrame } from "../../../../gateway/guardrails/redaction/rewrite.ts";
import { wires } from "../../../../gateway/wires/registry.ts";
import type { Wire } from "../../../../gateway/wires/wire.ts";

const violation = (text: string, start: number, end: number): Claim => ({
  text: text.slice(start, end),
  start,
  end,
  verdict: "violation",
  kind: "name",
});

test("the stretches of a text, redacted one by one and put together, are the redacted text", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 40 }),
      fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 5 }),
      fc.array(fc.nat(40), { maxLength: 6 }),
      (text, places, cuts) => {
        const claims = places.map(([a, b]) => {
          const start = a % text.length;
          return violation(text, start, Math.min(text.length, start + 1 + (b % 6)));
        });
        const replacements = redactions(text, claims);
        const borders = [0, ...cuts.map((cut) => Math.min(cut, text.length)), text.length].toSorted((a, b) => a - b);
        const redacted = (from: number, to: number) =>
          redactedStretch({ from, to, text: text.slice(from, to) }, replacements);
        const stretches = borders.slice(1).map((to, at) => redacted(borders[at] ?? 0, to));
        expect(stretches.join("")).toBe(redact(text, claims));
        expect(redacted(0, text.length)).toBe(redact(text, claims));
      },
    ),
  );
});

describe("one frame", () => {
  const event = (wire: Wire, body: object) => Buffer.from(wire.eventFrame({ ...body }));
  const rewritten = async (wire: Wire, bytes: Uint8Array, rewrite: Rewrite) => {
    const frame = await rewriteFrame(wire, bytes, rewrite);
    return frame && Buffer.from(frame).toString();
  };
  const two = {
    choices: [
      { index: 0, delta: { reasoning: "why", content: "one" } },
      { index: 1, delta: { content: "two" } },
    ],
  };

  test("says for each of its texts, in order, what it is given", async () => {
    const asked: unknown[] = [];
    const frame = await rewritten(wires.chat, event(wires.chat, two), (said) => {
      asked.push("part" in said ? [said.type, said.choice, said.part, said.text] : said);
      return asked.length === 1 ? undefined : `<${asked.length}>`;
    });
    expect(asked).toEqual([
      ["reasoning-delta", 0, "reasoning", "why"],
      ["text-delta", 0, "content", "one"],
      ["text-delta", 1, "content", "two"],
    ]);
    expect(frame).toBe(
      'data: {"choices":[{"index":0,"delta":{"reasoning":"why","content":"<2>"}},{"index":1,"delta":{"content":"<3>"}}]}\n\n',
    );
  });

  test.each([
    ["nothing changes", Buffer.from('data:{"choices": [{"delta":{"content":"one"}}]}\r\n\r\n')],
    ["there is no text", Buffer.from(": a comment\n\n")],
    ["the stream ends", Buffer.from("data: [DONE]\n\n")],
  ])("keeps its bytes where %s", async (_why, bytes) => {
    expect(await rewriteFrame(wires.chat, bytes, () => undefined)).toEqual(bytes);
    expect(await rewriteFrame(wires.chat, bytes, (said) => ("part" in said ? said.text : undefined))).toEqual(bytes);
  });

  test.each(["one", ""])("loses the tokens (%j) of what it does not say any more, and only these", async (token) => {
    const choice = (index: number, content: string) => ({
      index,
      delta: { content },
      logprobs: { content: [{ token, bytes: [111], logprob: -1 }] },
    });
    const bytes = event(wires.chat, { choices: [choice(0, "one"), choice(1, "two")] });
    for (const isAsked of [(type: string) => type === "text-delta", () => true]) {
      const rewrite: Rewrite = ({ type, choice: index }) => (index === 0 && isAsked(type) ? "*" : undefined);
      const frame = await rewritten(wires.chat, bytes, rewrite);
      expect(frame).toContain('{"content":"*"},"logprobs":null');
      expect(frame).toContain('{"content":"two"},"logprobs":{"content":[{');
    }
  });

  test("cannot say something else where a reader joins a text of several", async () => {
    const bytes = event(wires.chat, {
      choices: [{ delta: { content: [{ thinking: ["one", "two"] }], refusal: "no" } }],
    });
    const change =
      (type: string): Rewrite =>
      (said) =>
        said.type === type ? "*" : undefined;
    expect(await rewritten(wires.chat, bytes, change("text-delta"))).toBeUndefined();
    expect(await rewritten(wires.chat, bytes, change("refusal-delta"))).toContain('"refusal":"*"');
  });

  test("keeps the digits of its numbers", async () => {
    const bytes = Buffer.from('data: {"created":1e400,"choices":[{"delta":{"content":"one"}}]}\n\n');
    expect(await rewritten(wires.chat, bytes, () => "*")).toBe(
      'data: {"created":1e400,"choices":[{"delta":{"content":"*"}}]}\n\n',
    );
  });
});

describe("what a tool is called with", () => {
  const redacted = (given: string, value: string, examined = JSON.stringify(JSON.parse(given))) => {
    const start = examined.indexOf(value);
    return redactArguments(given, examined, [violation(examined, start, start + value.length)], new Map());
  };

  test.each([
    [
      "beside long numbers",
      '{"a":10000000000000000001, "b":"x", "c":1.00000000000000000001}',
      "x",
      '{"a":10000000000000000001,"b":"[NAME_1]","c":1.00000000000000000001}',
    ],
    [
      "in a long number",
      '{"a":[10000000000000000001,20000000000000000002]}',
      "10000000000000000000",
      '{"a":["[NAME_1]",20000000000000000002]}',
    ],
    ["in a key", '{"a":{"x":10000000000000000001}}', "x", '{"a":{"[NAME_1]":10000000000000000001}}'],
  ])("is redacted %s", (_where, given, value, expected) => expect(redacted(given, value)).toBe(expected));

  test("is redacted as a text where it is none", () => {
    expect(redacted('to "x', "x", 'to "x')).toBe('to "[NAME_1]');
  });

  test("is not redacted into another kind of value", () => {
    expect(redacted('{"x":1,"[NAME_1]":2}', "x")).toBe('{"[NAME_2]":1,"[NAME_1]":2}');
    const given = '{"x":1,"[NAME_1]":2}';
    expect(redactArguments(given, given, [violation(given, 2, 3)], new Map([["name\nx", "[NAME_1]"]]))).toBeUndefined();
  });
});
