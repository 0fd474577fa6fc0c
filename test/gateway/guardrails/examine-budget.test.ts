import { describe, expect, test } from "vitest";
import { examineHeld, type Subject, type Unable } from "../../../gateway/guardrails/examine.ts";
import type { Guardrail } from "../../../gateway/guardrails/guardrail.ts";
import { createMemoryLedger } from "../../../gateway/guardrails/judge-budget.ts";
import { byJudge, scriptedEvaluator } from "../../support/scripted-evaluator.ts";
import { answer, judgeSaying } from "./examined.ts";
import { guardrailFor, guardrailWith } from "./guarded.ts";

function judgedWith(budget: object, guardrail: object = {}): Guardrail {
  return guardrailFor(byJudge(), guardrail, { budget });
}

/** What one guardrail found. */
async function foundBy(guardrail: Guardrail, subject: Subject) {
  const [finding] = (await examineHeld("output", [guardrail], subject)).findings;
  if (!finding) throw new TypeError("There is no finding.");
  return finding;
}

const spentOf = (what: string) => `Not examined: the judges' budget of the policy "default" (${what}) is spent.`;

describe("money for judges", () => {
  test("is counted for the request, and nobody is asked once it is spent", async () => {
    const { judges, asked } = judgeSaying(() => "yes");
    const { subject, shed } = answer({ judges });
    const guardrail = judgedWith({ judge_usd: 0.5 });
    for (const usd of [0.25, 0.5]) {
      expect((await foundBy(guardrail, subject)).evaluation.outcome).toBe("pass");
      expect(subject.spent.usd).toBe(usd);
    }
    const { evaluation, effect } = await foundBy(guardrail, subject);
    expect(evaluation).toMatchObject({ outcome: "error", reason: spentOf("0.5 USD for one request"), costUsd: null });
    expect(evaluation.error?.code).toBe("budget");
    expect(effect).toBe("degraded");
    expect([asked.length, subject.spent.usd, shed]).toEqual([2, 0.5, []]);
  });

  test("withholds the answer where it is spent and on_exceed is block", async () => {
    const { subject } = answer({ spent: { ms: 0, usd: 1 } });
    const guardrail = judgedWith({ judge_usd: 1, on_exceed: "block" }, { on_error: "allow" });
    expect((await foundBy(guardrail, subject)).effect).toBe("block");
  });

  test("that a judge took before it broke is counted as well", async () => {
    const { judges } = judgeSaying(() => "yes");
    const costly = scriptedEvaluator("costly", () => ({ abstained: "Nothing.", costUsd: 0.5 }), { engine: "judge" });
    const free = scriptedEvaluator("free", () => ({ abstained: "Nothing." }), { engine: "judge" });
    const { subject } = answer({ judges });
    await examineHeld("output", [guardrailFor(costly), guardrailFor(free)], subject);
    expect(subject.spent.usd).toBe(0.5);
  });
});

describe("time for judges", () => {
  test("that is spent leaves no judge asked, and is told of", async () => {
    const { judges, asked } = judgeSaying(() => "yes");
    const { subject, shed } = answer({ judges, spent: { ms: 1_000, usd: 0 } });
    const guardrail = judgedWith({ judge_ms: "1s" });
    const { evaluation, effect } = await foundBy(guardrail, subject);
    expect(evaluation).toMatchObject({ outcome: "error", reason: spentOf("1000 ms for one request") });
    expect(effect).toBe("degraded");
    expect({ asked, shed }).toEqual({ asked: [], shed: [guardrail] });
  });

  test("that ends while a judge is at it stops the judge, and is told of once", async () => {
    const { judges, asked } = judgeSaying(() => undefined);
    const { subject, shed } = answer({ judges, spent: { ms: 960.4, usd: 0 } });
    const guardrail = judgedWith({ judge_ms: "1s", on_exceed: "block" });
    const { evaluation, effect } = await foundBy(guardrail, subject);
    expect(evaluation.error).toEqual({ code: "budget", message: spentOf("40 ms were left"), retryable: false });
    expect(effect).toBe("block");
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(shed).toEqual([guardrail]);
  });

  test("that is left over is nothing to be told of", async () => {
    const { judges, asked } = judgeSaying(() => "yes");
    const { subject, shed } = answer({ judges });
    expect((await foundBy(judgedWith({ judge_ms: "50ms" }), subject)).evaluation.outcome).toBe("pass");
    await new Promise((done) => setTimeout(done, 100));
    expect([shed, asked[0]?.signal.aborted]).toEqual([[], false]);
  });

  test.each(["20ms", "1m"])("is no matter to a judge whose own time is no longer: %s", async (judge_ms) => {
    const { judges } = judgeSaying(() => undefined);
    const { subject, shed } = answer({ judges });
    const guardrail = judgedWith({ judge_ms }, { timeout: "20ms" });
    expect((await foundBy(guardrail, subject)).evaluation.outcome).toBe("timeout");
    expect(shed).toEqual([]);
  });

  test("can end where nobody wants to be told", async () => {
    const { judges } = judgeSaying(() => undefined);
    const { subject } = answer({ judges, onShed: undefined });
    for (const guardrail of [judgedWith({ judge_ms: "20ms" }), judgedWith({ judge_ms: "1ms" })]) {
      expect((await foundBy(guardrail, subject)).evaluation.error?.code).toBe("budget");
      subject.spent.ms += 1;
    }
  });

  test("ends no sooner for a client that leaves", async () => {
    const client = new AbortController();
    const { judges } = judgeSaying(() => {
      setTimeout(() => client.abort(), 10);
      return undefined;
    });
    const { subject, shed } = answer({ judges, signal: client.signal });
    const { evaluation } = await foundBy(judgedWith({ judge_ms: "5s" }), subject);
    expect([evaluation.error?.code, shed]).toEqual(["cancelled", []]);
  });
});

describe("the day of a policy", () => {
  test.each([{ judge_ms_per_day: "1h" }, { judge_usd_per_day: 10 }])(
    "is kept where it is bounded: %j",
    async (budget) => {
      const { judges } = judgeSaying(() => "yes");
      const ledger = createMemoryLedger();
      const { evaluation } = await foundBy(judgedWith(budget), answer({ judges, ledger }).subject);
      await expect.poll(() => ledger.today("default")).toEqual({ ms: evaluation.latencyMs, usd: 0.25 });
    },
  );

  test("is kept neither for a bound of the request nor for code", async () => {
    const { judges } = judgeSaying(() => "yes");
    const ledger = createMemoryLedger();
    const { subject } = answer({ judges, ledger });
    const code = guardrailWith({}, { budget: { judge_usd_per_day: 1 } });
    await examineHeld("output", [code, judgedWith({ judge_usd: 1, judge_ms: "1m" })], subject);
    expect(await ledger.today("default")).toEqual({ ms: 0, usd: 0 });
  });

  test("costs nothing where no judge could be asked", async () => {
    const ledger = createMemoryLedger();
    const { subject } = answer({ ledger, unexaminable: () => ({ code: "too_long", why: "Too long." }) });
    await foundBy(judgedWith({ judge_usd_per_day: 1 }), subject);
    expect(await ledger.today("default")).toEqual({ ms: 0, usd: 0 });
  });

  test("that is spent leaves code to examine", async () => {
    const ledger = createMemoryLedger();
    await ledger.add("default", { ms: 0, usd: 5 });
    const budget = { judge_usd_per_day: 5 };
    const { subject } = answer({ ledger });
    const { findings } = await examineHeld("output", [guardrailWith({}, { budget }), judgedWith(budget)], subject);
    expect(findings.map(({ evaluation }) => [evaluation.outcome, evaluation.error?.code])).toEqual([
      ["pass", undefined],
      ["error", "budget"],
    ]);
  });
});

describe("what an evaluator cannot look at", () => {
  const unableTo = (unable: Unable) => answer({ unexaminable: () => unable });

  test("for its length is an error in the words that are given, whatever else is missing", async () => {
    const { subject, records, spans } = unableTo({ code: "too_long", why: "Longer than 10 bytes." });
    const { evaluation } = await foundBy(guardrailWith(), { ...subject, sampleFor: () => ({}) });
    expect(evaluation).toMatchObject({ outcome: "error", reason: "Longer than 10 bytes.", evaluator: "by_word" });
    expect(evaluation.error).toEqual({ code: "too_long", message: "Longer than 10 bytes.", retryable: false });
    expect(records).toMatchObject([{ evaluator: "by_word", outcome: "error" }]);
    expect(spans()[0]?.attributes["proctor.eval.outcome"]).toBe("error");
  });

  test("because it cannot be read is skipped, and said to be missing", async () => {
    const { subject } = unableTo({ code: "unreadable", why: "text in an image" });
    const { evaluation, effect } = await foundBy(guardrailWith({ on_skip: "block" }), subject);
    expect(evaluation).toMatchObject({
      outcome: "skipped",
      reason: "Not examined: the sample has no text in an image.",
      error: null,
    });
    expect(effect).toBe("block");
  });

  test("is asked of each guardrail", async () => {
    const [able, unable] = [guardrailWith(), guardrailWith({ on_error: "allow" }, { hold: { on_exceed: "degrade" } })];
    const { subject } = answer({
      unexaminable: (guardrail) => (guardrail === unable ? { code: "too_long", why: "Too long." } : undefined),
    });
    const { findings } = await examineHeld("output", [unable, able], subject);
    expect(findings.map(({ effect }) => effect)).toEqual(["degraded", "allow"]);
  });
});
