import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { VendorReply } from "../../support/fake-vendor.ts";
import { closing } from "../../support/closing.ts";
import { type Dialect, dialects, secret, streamOf, textIn, verdictOf } from "./guarded.ts";
import { attemptsIn, type Judged, type JudgedOptions, newTrace, spansOf, startJudged } from "./judged.ts";

const keepAlive = ": proctor is examining this answer\n\n";
const bad = `The number is ${secret}, as you know.`;
const good = "There is no number to tell.";
const ends: Readonly<Record<Dialect, RegExp>> = {
  chat: /data: \[DONE\]\n\n$/,
  messages: /event: message_stop\ndata: \{"type":"message_stop"\}\n\n$/,
  responses: /event: response\.(?:completed|incomplete)\ndata: \{.*\}\n\n$/,
};

/** Each answer takes longer than the gateway keeps quiet. */
async function start(
  options: Omit<JudgedOptions, "answer"> & { readonly answers: readonly string[] },
): Promise<Judged> {
  const { answers, dialect = "chat" } = options;
  return closing(
    await startJudged({
      guardrail: { mode: "observe" },
      ...options,
      answer: (_request, count) => slow(dialect, answers[count - 1] ?? answers.at(-1) ?? ""),
      more: { listen: { quiet_ms: 30 } },
    }),
  );
}

function slow(dialect: Dialect, text: string): VendorReply {
  const reply = streamOf(dialect, text.match(/.{1,5}/gs) ?? []);
  const [whole = ""] = reply.chunks;
  const bytes = Buffer.from(whole);
  const [third, rest] = [Math.floor(bytes.length / 3), Math.floor((bytes.length * 2) / 3)];
  const chunks = [bytes.subarray(0, third), bytes.subarray(third, rest), bytes.subarray(rest)];
  return { ...reply, chunks, chunkDelayMs: 50 };
}

async function askSlowly(guarded: Judged) {
  const { trace, headers } = newTrace();
  const asked = await guarded.ask({ stream: true }, headers);
  expect(asked.status).toBe(200);
  expect(asked.body.startsWith(keepAlive)).toBe(true);
  for (const early of ["x-proctor-verdict", "x-proctor-attempts", "x-proctor-evaluations", "x-proctor-cost-usd"])
    expect(asked.headers.has(early)).toBe(false);
  return { asked, ...(await spansOf(guarded, trace)) };
}

describe.each(dialects)("a held stream that goes on for longer than the quiet time (%s)", (dialect) => {
  const regenerate = [{ evaluator: "pii", mode: "hold", on_fail: "regenerate" }];

  test("is kept alive and released as it came", async () => {
    const guarded = await start({ dialect, answers: [good], output: regenerate });
    const { asked } = await askSlowly(guarded);
    expect(textIn(asked)).toBe(good);
    expect(verdictOf(asked)).toBe("allow");
    expect(asked.body).toMatch(ends[dialect]);
  });

  test("is released after its second attempt", async () => {
    const guarded = await start({ dialect, answers: [bad, good], output: regenerate });
    const { asked, root, spans } = await askSlowly(guarded);
    expect(textIn(asked)).toBe(good);
    expect(asked.body).not.toContain(secret);
    expect(asked.body).toMatch(/^: proctor \{"verdict":"allow",.*"attempts":2,.*"evaluator":"pii","outcome":"pass"/m);
    expect(asked.body).toMatch(ends[dialect]);
    expect(root["proctor.attempts"]).toBe(2);
    expect(attemptsIn(spans)).toEqual(["rejected", "accepted"]);
  });

  test.each([[bad], [bad, bad]])(
    "is refused as its dialect refuses, after as many attempts as it had",
    async (...answers) => {
      const on_fail = answers.length === 1 ? "block" : "regenerate";
      const guarded = await start({ dialect, answers, output: [{ evaluator: "pii", mode: "hold", on_fail }] });
      const { asked, root } = await askSlowly(guarded);
      expect(asked.body).not.toContain(secret);
      expect(asked.body).not.toContain("number is");
      expect(textIn(asked)).toContain('withheld because it did not pass "pii"');
      expect(verdictOf(asked)).toBe("block");
      expect(asked.body).toMatch(ends[dialect]);
      expect(root).toMatchObject({ "proctor.verdict": "block", "proctor.attempts": answers.length });
    },
  );

  test("ends with an error event where on_block is error", async () => {
    const output = [{ evaluator: "pii", mode: "hold" }];
    const guarded = await start({ dialect, answers: [bad], output, group: { on_block: "error" } });
    const { asked } = await askSlowly(guarded);
    expect(asked.body).not.toContain(secret);
    expect(asked.body).toContain("guardrail_blocked");
    expect(asked.body).not.toMatch(ends[dialect]);
  });

  test("ends with an error event where its model dies", async () => {
    const dying = slow(dialect, good);
    const guarded = closing(
      await startJudged({
        dialect,
        answer: () => ({ ...dying, chunks: dying.chunks.slice(0, 2), ending: "reset" }),
        more: { listen: { quiet_ms: 30 } },
      }),
    );
    const { asked, root } = await askSlowly(guarded);
    expect(root["error.type"]).toBe("stream_broken");
    expect(root).not.toHaveProperty("proctor.verdict");
    expect(textIn(asked)).toBe("");
    expect(asked.body).not.toMatch(ends[dialect]);
    expect(guarded.judge.requests).toEqual([]);
  });

  test("whose client leaves while it is kept alive ends at once and without a verdict", async () => {
    const guarded = await start({ dialect, answers: [good], output: regenerate });
    const { trace, headers } = newTrace();
    const leaving = new AbortController();
    const reply = await guarded.post({ stream: true }, { headers, signal: leaving.signal });
    expect(reply.headers.has("x-proctor-verdict")).toBe(false);
    await sleep(20);
    leaving.abort();
    const { root, spans } = await spansOf(guarded, trace);
    expect(root["error.type"]).toBe("client_closed");
    expect(root).not.toHaveProperty("proctor.verdict");
    expect(attemptsIn(spans)).toEqual(["failed"]);
    expect(guarded.gateway.errors).toEqual([]);
  });
});
