import { describe, expect, test } from "vitest";
import { closing } from "../../support/closing.ts";
import { chatReply } from "../../support/fake-vendor.ts";
import {
  type Dialect,
  type Guarded,
  type GuardedOptions,
  rootOf,
  secret,
  startGuarded,
  textIn,
  verdictOf,
} from "./guarded.ts";

async function start(options: GuardedOptions): Promise<Guarded> {
  return closing(await startGuarded(options));
}

const bad = `The number is ${secret}, as you know.`;
const good = "There is no number to tell.";
const places = (["chat", "messages"] as const).flatMap((dialect) =>
  [false, true].map((stream) => ({ dialect, stream, name: `${dialect}, ${stream ? "a stream" : "whole"}` })),
);

describe.each(places)("what fails ($name)", ({ dialect, stream }: { dialect: Dialect; stream: boolean }) => {
  const fails = (guardrail: object) => [{ evaluator: "pii", mode: "hold", ...guardrail }];

  test("is refused by block", async () => {
    const { ask, gateway } = await start({ dialect, answer: () => bad, output: fails({ on_fail: "block" }) });
    const asked = await ask({ stream });
    expect(asked.status).toBe(200);
    expect(asked.body).not.toContain(secret);
    expect(textIn(asked)).toContain('withheld because it did not pass "pii"');
    expect(verdictOf(asked)).toBe("block");
    expect(asked.headers.get("x-proctor-evaluations")).toBe("pii:fail");
    expect(asked.headers.get("x-proctor-policy")).toMatch(/^default@[0-9a-f]{4}$/);
    expect(gateway.errors).toEqual([]);
  });

  test("leaves with placeholders by redact", async () => {
    const held = await start({ dialect, answer: () => bad, output: fails({ on_fail: "redact" }) });
    const asked = await held.ask({ stream });
    expect(asked.body).not.toContain(secret);
    expect(textIn(asked)).toBe("The number is [US_SSN_1], as you know.");
    expect(verdictOf(asked)).toBe("redact");
    const { root, spans } = await rootOf(held, asked);
    expect(root).toMatchObject({ "proctor.verdict": "redact", "proctor.verdict.by": "pii" });
    const guardrails = spans.filter(({ name }) => name === "guardrail output");
    expect(guardrails.map(({ attributes }) => attributes["proctor.guardrail.action"])).toEqual(["redact", "pass"]);
  });

  test("is answered again by regenerate, and the critique repeats nothing secret", async () => {
    const held = await start({
      dialect,
      answer: (_request, count) => (count === 1 ? bad : good),
      output: fails({ on_fail: "regenerate", attempts: 3 }),
    });
    const asked = await held.ask({ stream });
    expect(textIn(asked)).toBe(good);
    expect(asked.body).not.toContain(secret);
    expect(verdictOf(asked)).toBe("allow");
    expect(asked.headers.get("x-proctor-attempts")).toBe("2");
    const { messages = [] } = (held.student.requests[1]?.json ?? {}) as {
      messages?: { role: string; content: string }[];
    };
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
    expect(messages[2]?.content).toContain("pii");
    expect(messages[2]?.content).not.toContain(secret);
    const { root, spans } = await rootOf(held, asked);
    expect(root).toMatchObject({ "proctor.attempts": 2, "proctor.verdict": "allow" });
    const attempts = spans.filter(({ name }) => name === "attempt").map(({ attributes }) => attributes);
    expect(attempts.map((each) => each["proctor.attempt.outcome"])).toEqual(["rejected", "accepted"]);
    expect(attempts[1]?.["proctor.retry.reason"]).toBe("pii:fail");
  });

  test("is refused when no attempt passes", async () => {
    const held = await start({ dialect, answer: () => bad, output: fails({ on_fail: "regenerate", attempts: 3 }) });
    const asked = await held.ask({ stream });
    expect(held.student.requests).toHaveLength(3);
    expect(asked.body).not.toContain(secret);
    expect(verdictOf(asked)).toBe("block");
    expect(asked.headers.get("x-proctor-attempts")).toBe("3");
  });

  test("is answered by another alias by fallback", async () => {
    const held = await start({
      dialect,
      answer: () => bad,
      output: fails({ on_fail: "fallback", fallback: "teacher" }),
    });
    const asked = await held.ask({ stream });
    expect(textIn(asked)).toBe("The teacher's answer.");
    expect(verdictOf(asked)).toBe("allow");
    expect(asked.headers.get("x-proctor-target")).toBe("other/t");
    expect(held.student.requests).toHaveLength(1);
    expect(held.teacher.requests[0]?.json["messages"]).toEqual(held.student.requests[0]?.json["messages"]);
    const { root } = await rootOf(held, asked);
    const tokens = held.teacher.requests.length * (dialect === "messages" && !stream ? 21 : 18);
    expect(root["proctor.cost.student_usd"]).toBeCloseTo(tokens / 1e6, 12);
    expect(root["proctor.cost.teacher_usd"]).toBeCloseTo((tokens * 10) / 1e6, 12);
    expect(Number(asked.headers.get("x-proctor-cost-usd") ?? "NaN")).toBeCloseTo((tokens * 11) / 1e6, 12);
  });

  test("follows the chain to its end", async () => {
    const held = await start({
      dialect,
      answer: () => bad,
      teacherAnswer: bad,
      output: fails({ on_fail: "regenerate", then: ["fallback", "redact"], fallback: "teacher" }),
    });
    const asked = await held.ask({ stream });
    expect([held.student.requests.length, held.teacher.requests.length]).toEqual([2, 1]);
    expect(textIn(asked)).toBe("The number is [US_SSN_1], as you know.");
    expect(verdictOf(asked)).toBe("redact");
  });

  test("leaves with a mark by flag", async () => {
    const held = await start({ dialect, answer: () => bad, output: fails({ on_fail: "flag" }) });
    const asked = await held.ask({ stream });
    expect(textIn(asked)).toBe(bad);
    expect(verdictOf(asked)).toBe("allow");
    expect(asked.headers.get("x-proctor-flagged")).toBe("pii");
    const { root } = await rootOf(held, asked);
    expect(root["proctor.flagged"]).toContain("pii");
  });
});

describe("an attempt that brings no answer", () => {
  test("leads to what follows in the chain", async () => {
    const held = await start({
      answer: (_request, count) => (count === 1 ? bad : { status: 500, chunks: ['{"error":{"message":"down"}}'] }),
      output: [{ evaluator: "pii", mode: "hold", on_fail: "regenerate", then: "redact" }],
    });
    const asked = await held.ask();
    expect(textIn(asked)).toBe("The number is [US_SSN_1], as you know.");
    expect(asked.headers.get("x-proctor-attempts")).toBe("2");
  });
});

test("a call that is answered again is shown to the model with what was wrong about it", async () => {
  const call = { id: "c1", type: "function", function: { name: "wire_money", arguments: '{"to":"x"}' } };
  const calling = chatReply("", {
    choices: [
      { index: 0, message: { role: "assistant", content: null, tool_calls: [call] }, finish_reason: "tool_calls" },
    ],
  });
  const held = await start({
    answer: (_request, count) => (count === 1 ? calling : good),
    output: [{ evaluator: "tool_call_valid", mode: "hold", on_fail: "regenerate" }],
  });
  const asked = await held.ask({ tools: [{ type: "function", function: { name: "look_up", parameters: {} } }] });
  expect(textIn(asked)).toBe(good);
  const { messages = [] } = (held.student.requests[1]?.json ?? {}) as { messages?: { content: string }[] };
  expect(messages[1]?.content).toBe('wire_money({"to":"x"})');
  expect(messages[2]?.content).toContain("tool_call_valid");
});
