import { describe, expect, test } from "vitest";
import { closing } from "../../support/closing.ts";
import { chatStream } from "../../support/fake-vendor.ts";
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

const opening = "The first sentence says nothing. The second one is longer and says nothing either. ";
const bad = `${opening}The third tells the number ${secret} to you. The fourth is not said any more.`;
const good = `${opening}The third is as harmless as they are.`;
const windowed = (guardrail: object = {}) => [{ evaluator: "pii", mode: "window", ...guardrail }];

describe.each(["chat", "messages"] as const)("a stream in windows (%s)", (dialect: Dialect) => {
  test("leaves as it came when every window passes", async () => {
    const held = await start({ dialect, answer: () => good, output: windowed() });
    const asked = await held.ask({ stream: true });
    expect(textIn(asked)).toBe(good);
    expect(verdictOf(asked)).toBe("allow");
    const { root, spans } = await rootOf(held, asked);
    expect(root["proctor.verdict"]).toBe("allow");
    const [guardrail] = spans.filter(({ name }) => name === "guardrail output");
    expect(guardrail?.attributes["proctor.guardrail.mode"]).toBe("window");
    expect(spans.filter(({ name }) => name === "evaluate pii")).toHaveLength(1);
  });

  test("ends before the sentence that does not pass", async () => {
    const held = await start({ dialect, answer: () => bad, output: windowed() });
    const asked = await held.ask({ stream: true });
    expect(asked.body).not.toContain(secret);
    const text = textIn(asked);
    expect(text.startsWith(opening.slice(0, -6))).toBe(true);
    expect(text).toContain('This answer was withheld because it did not pass "pii"');
    expect(text).not.toContain("fourth");
    expect(verdictOf(asked)).toBe("block");
    const { root, spans } = await rootOf(held, asked);
    expect(root).toMatchObject({ "proctor.verdict": "block", "proctor.verdict.by": "pii" });
    expect(spans.find(({ name }) => name === "attempt")?.attributes["proctor.attempt.outcome"]).toBe("rejected");
  });

  test("is refused with its own headers when the first window does not pass", async () => {
    const held = await start({ dialect, answer: () => `It is ${secret}. And more.`, output: windowed() });
    const asked = await held.ask({ stream: true });
    expect(asked.headers.get("x-proctor-verdict")).toBe("block");
    expect(asked.body).not.toContain(secret);
  });

  test("is an error with its own status when the first window does not pass and on_block is error", async () => {
    const held = await start({
      dialect,
      answer: () => `It is ${secret}. And more.`,
      output: windowed(),
      group: { on_block: "error" },
    });
    expect((await held.ask({ stream: true })).status).toBe(422);
  });

  test("leaves with placeholders by redact", async () => {
    const held = await start({ dialect, answer: () => bad, output: windowed({ on_fail: "redact" }) });
    const asked = await held.ask({ stream: true });
    expect(textIn(asked)).toBe(bad.replace(secret, "[US_SSN_1]"));
    expect(verdictOf(asked)).toBe("redact");
  });

  test("leaves with a mark by flag", async () => {
    const held = await start({ dialect, answer: () => bad, output: windowed({ on_fail: "flag" }) });
    const asked = await held.ask({ stream: true });
    expect(textIn(asked)).toBe(bad);
    expect(verdictOf(asked)).toBe("allow");
  });

  test("is held where it comes in one piece, or where another guardrail holds", async () => {
    const output = [...windowed(), { evaluator: "secrets", mode: "hold" }];
    const held = await start({ dialect, answer: () => bad, output });
    for (const stream of [false, true]) {
      const asked = await held.ask({ stream });
      expect(textIn(asked)).not.toContain("first sentence");
      expect(asked.headers.get("x-proctor-verdict")).toBe("block");
    }
  });
});

test("a sentence leaves as soon as the next one has begun", async () => {
  const pieces = good.match(/\S+\s*/g) ?? [];
  const held = await start({
    answer: () => ({ ...chatStream(pieces, { cut: 200 }), chunkDelayMs: 20 }),
    output: windowed(),
  });
  const response = await fetch(`${held.gateway.url}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "student", stream: true, messages: [{ role: "user", content: "hi" }] }),
  });
  const arrived: { readonly text: string; readonly at: number }[] = [];
  const decoder = new TextDecoder();
  const body = response.body as AsyncIterable<Uint8Array> | null;
  for await (const chunk of body ?? []) arrived.push({ text: decoder.decode(chunk), at: performance.now() });
  const first = arrived.find(({ text }) => text.includes("nothing."))?.at ?? Number.NaN;
  const last = arrived.at(-1)?.at ?? Number.NaN;
  expect(arrived.length).toBeGreaterThan(3);
  expect(last - first).toBeGreaterThan(100);
});
