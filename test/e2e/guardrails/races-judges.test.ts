import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { closing } from "../../support/closing.ts";
import { startRedis } from "../../support/redis.ts";
import { dialects, textIn, verdictOf } from "./guarded.ts";
import { attemptsIn, type Judged, type JudgedOptions, newTrace, spansOf, startJudged } from "./judged.ts";

async function start(options: Partial<JudgedOptions>): Promise<Judged> {
  return closing(await startJudged({ answer: (_request, count) => `Answer number ${count}.`, ...options }));
}

const evaluated = (spans: Awaited<ReturnType<typeof spansOf>>["spans"], mode = "hold") =>
  spans
    .filter(({ name, attributes }) => name === "evaluate policy" && attributes["proctor.eval.mode"] === mode)
    .map(({ attributes }) => attributes["proctor.eval.outcome"]);

describe.each(dialects)("a judge that answers after the deadline (%s)", (dialect) => {
  describe.each([false, true])("of a stream: %s", (stream) => {
    /** What the judge says too late would have had the opposite effect. */
    test.each([
      { on_timeout: "allow", late: "no", verdict: "degraded", said: "Answer number 1." },
      { on_timeout: "block", late: "yes", verdict: "block", said: '"policy" could not examine it (timeout)' },
    ] as const)("changes nothing where on_timeout is $on_timeout", async ({ on_timeout, late, verdict, said }) => {
      const judged = await start({
        dialect,
        judging: () => ({ verdict: late, delayMs: 250 }),
        guardrail: { on_timeout, timeout: "100ms" },
      });
      const { trace, headers } = newTrace();
      const asked = await judged.ask({ stream }, headers);
      expect(verdictOf(asked)).toBe(verdict);
      expect(textIn(asked)).toContain(said);
      await sleep(250);
      const { root, spans } = await spansOf(judged, trace);
      expect(root).toMatchObject({ "proctor.verdict": verdict, "proctor.verdict.by": "policy" });
      expect(root["proctor.eval.error.policy"]).toBe(true);
      expect(evaluated(spans)).toEqual(["timeout"]);
      expect(attemptsIn(spans)).toEqual([verdict === "block" ? "rejected" : "accepted"]);
      expect(judged.gateway.errors).toEqual([]);
    });
  });
});

describe("a budget that the judge of the first attempt spends", () => {
  const withBudget = (on_exceed: string): Partial<JudgedOptions> => ({
    judging: () => "no",
    guardrail: { on_fail: "regenerate", attempts: 3 },
    group: { name: "support", budget: { judge_usd: 0.01, on_exceed } },
  });

  test.each([
    { on_exceed: "allow", verdict: "degraded", observed: [] },
    // It is money that is spent, so nobody watches either.
    { on_exceed: "observe", verdict: "degraded", observed: [] },
    { on_exceed: "block", verdict: "block", observed: [] },
  ])("leaves the second answer unexamined, which on_exceed $on_exceed decides about", async (given) => {
    const judged = await start(withBudget(given.on_exceed));
    const { trace, headers } = newTrace();
    const asked = await judged.ask({}, headers);
    expect(judged.judge.requests).toHaveLength(1);
    expect(judged.student.requests).toHaveLength(2);
    expect(verdictOf(asked)).toBe(given.verdict);
    const sentence = 'the judges\' budget of the policy "support" (0.01 USD for one request) is spent';
    expect(textIn(asked)).toContain(given.verdict === "block" ? sentence : "Answer number 2.");
    const { root, spans } = await spansOf(judged, trace);
    expect(evaluated(spans)).toEqual(["fail", "error"]);
    expect(evaluated(spans, "observe")).toEqual(given.observed);
    expect(root["proctor.cost.judge_usd"]).toBeCloseTo(0.012, 9);
    expect(attemptsIn(spans)).toEqual(["rejected", given.verdict === "block" ? "rejected" : "accepted"]);
  });

  test("in time has the second answer watched where on_exceed is observe", async () => {
    const judged = await start({
      judging: (count) => ({ verdict: count === 1 ? "no" : "yes", delayMs: 600 }),
      guardrail: { on_fail: "regenerate" },
      group: { budget: { judge_ms: "1s", on_exceed: "observe" } },
    });
    const { trace, headers } = newTrace();
    const asked = await judged.ask({}, headers);
    expect(verdictOf(asked)).toBe("degraded");
    expect(textIn(asked)).toBe("Answer number 2.");
    await expect.poll(async () => evaluated((await spansOf(judged, trace)).spans, "observe")).toEqual(["pass"]);
    expect(evaluated((await spansOf(judged, trace)).spans)).toEqual(["fail", "error"]);
  });
});

describe("a budget per day", () => {
  const daily: Partial<JudgedOptions> = {
    group: { name: "support", budget: { judge_usd_per_day: 0.02, on_exceed: "block" } },
  };

  test("counts the judges of requests that were under way at once", async () => {
    const judged = await start({ ...daily, judging: () => ({ delayMs: 60 }) });
    const both = await Promise.all([judged.ask(), judged.ask({ messages: [{ role: "user", content: "And?" }] })]);
    // Neither was spent when they began.
    expect(both.map(verdictOf)).toEqual(["allow", "allow"]);
    const third = await judged.ask({ messages: [{ role: "user", content: "And now?" }] });
    expect(verdictOf(third)).toBe("block");
    expect(textIn(third)).toContain('"support" (0.02 USD for one day) is spent');
    expect(judged.judge.requests).toHaveLength(2);
  });

  test("is one budget for gateways that share a Redis", async () => {
    const redis = closing(await startRedis());
    const shared = { ...daily, more: { redis: redis.url } };
    const [one, other] = [await start(shared), await start(shared)];
    const ask = (judged: Judged, content: string) => judged.ask({ messages: [{ role: "user", content }] });
    expect(verdictOf(await ask(one, "One?"))).toBe("allow");
    expect(verdictOf(await ask(other, "Two?"))).toBe("allow");
    expect(verdictOf(await ask(one, "Three?"))).toBe("block");
    expect(verdictOf(await ask(other, "Four?"))).toBe("block");
    expect([one.judge.requests.length, other.judge.requests.length]).toEqual([1, 1]);
  });
});
