import { describe, expect, test } from "vitest";
import { evaluateOne } from "../../../evaluators/evaluate.ts";
import { compilePattern } from "../../../evaluators/safety/linear-pattern.ts";
import { patternsEvaluator } from "../../../evaluators/safety/patterns.ts";

const order = { id: "order_number", pattern: "ORD-[0-9]{4}" };
const examine = (sample: object, options: unknown) => evaluateOne(patternsEvaluator.configure(options), sample, {});

describe("a text", () => {
  test("fails with what a pattern matches, under the pattern's id", async () => {
    const patterns = [order, { id: "codename", pattern: "blue heron", flags: "i" }];
    const output = "ORD-1234, Blue Heron 🎉 ORD-5678";
    expect(await examine({ output }, { patterns })).toMatchObject({
      outcome: "fail",
      score: 0,
      reason: "Found 2 matches of order_number, 1 match of codename.",
      claims: [
        { kind: "order_number", text: "ORD-1234", start: 0, end: 8, field: "output", verdict: "violation" },
        { kind: "codename", text: "Blue Heron", start: 10 },
        { kind: "order_number", text: "ORD-5678", start: 24 },
      ],
    });
  });

  test("passes when nothing matches, and says what was looked for", async () => {
    const { outcome, score, reason } = await examine({ output: "ORD-12" }, { patterns: [order] });
    expect([outcome, score, reason]).toEqual(["pass", 1, "Found no match of: order_number."]);
  });

  test("may hold what is allowed, exactly or by a pattern of the whole value", async () => {
    const output = "ORD-1234 ORD-5678";
    const both = { patterns: [order], allow: ["ORD-1234"], allow_patterns: ["ORD-5.*"] };
    expect((await examine({ output }, both)).outcome).toBe("pass");
    expect((await examine({ output }, { ...both, allow_patterns: ["ORD-5"] })).claims).toHaveLength(1);
  });

  test("is seen whole, so that anchors mean its beginning and end", async () => {
    const patterns = [{ id: "greeting", pattern: "^Dear" }];
    const filler = "A sentence of words. ".repeat(40);
    expect((await examine({ output: `${filler}Dear` }, { patterns })).outcome).toBe("pass");
    expect((await examine({ output: `Dear ${filler}` }, { patterns })).outcome).toBe("fail");
    const lines = [{ id: "greeting", pattern: "^Dear", flags: "m" }];
    expect((await examine({ output: `${filler}\nDear` }, { patterns: lines })).outcome).toBe("fail");
  });

  test("is examined in tool calls, which are counted", async () => {
    const tool_calls = [
      { name: "a", arguments: "{}" },
      { name: "b", arguments: '"ORD-1234"' },
    ];
    const { claims } = await examine({ tool_calls }, { patterns: [order] });
    expect(claims).toMatchObject([{ field: "tool_calls", index: 1, start: 1 }]);
  });

  test("is not judged without a pattern or without words", async () => {
    expect((await examine({ output: "x" }, {})).outcome).toBe("abstained");
    expect(await examine({ output: " " }, { patterns: [order] })).toMatchObject({
      outcome: "abstained",
      reason: "There is no text to examine.",
    });
  });
});

describe("a pattern", () => {
  test.each(["(?=a)b", "(a)\\1", "["])("such as %s is refused when the configuration is read", (pattern) => {
    const patterns = [{ id: "x", pattern }];
    expect(() => patternsEvaluator.configure({ patterns })).toThrow(/cannot be used: .*RE2 syntax/s);
    expect(() => patternsEvaluator.configure({ allow_patterns: [pattern] })).toThrow(/cannot be used/);
  });

  test("has an id in snake_case and known flags", () => {
    expect(() => patternsEvaluator.configure({ patterns: [{ ...order, id: "Order No" }] })).toThrow(/snake_case/);
    expect(() => patternsEvaluator.configure({ patterns: [{ ...order, flags: "g" }] })).toThrow(/flags are i/);
  });

  test("takes linear time on a text that was made to take longer", () => {
    const started = performance.now();
    expect(compilePattern("(a+)+$").find(`${"a".repeat(200_000)}b`)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test("finds no empty matches, and the dot crosses lines only when asked to", () => {
    expect(compilePattern("a*").find("baab")).toEqual([{ start: 1, end: 3 }]);
    expect(compilePattern("a.b").find("a\nb")).toEqual([]);
    expect(compilePattern("a.b", "s").find("a\nb")).toEqual([{ start: 0, end: 3 }]);
    expect(compilePattern("ab").matches("xab")).toBe(false);
  });
});
