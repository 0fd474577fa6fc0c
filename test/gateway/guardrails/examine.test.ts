import { describe, expect, test } from "vitest";
import { createMemoryCache, type Evaluator } from "../../../evaluators/index.ts";
import {
  examinationOf,
  examineHeld,
  examineObserved,
  isLocal,
  nothingExamined,
  summarize,
} from "../../../gateway/guardrails/examine.ts";
import type { Finding } from "../../../gateway/guardrails/decide.ts";
import { byJudge, byWord, scriptedEvaluator } from "../../support/scripted-evaluator.ts";
import { cardWith } from "../../evaluators/calibration/card-fixture.ts";
import { answer, judgeSaying } from "./examined.ts";
import { evaluationWith, guardrailFor, guardrailWith } from "./guarded.ts";

const bad = { sampleFor: () => ({ output: "bad" }) };

/** Code that says in `log` when it begins and ends, and passes. */
function logging(name: string, log: string[]): Evaluator {
  return scriptedEvaluator(name, async () => {
    log.push(`${name} begins`);
    await new Promise((done) => setTimeout(done, 5));
    log.push(`${name} ends`);
    return { score: 1, reason: "Good." };
  });
}

function outcomesOf(findings: readonly Finding[]): string[] {
  return findings.map(({ evaluation, effect }) => `${evaluation.evaluator} ${evaluation.outcome} ${effect}`);
}

describe("what is held back", () => {
  test("is examined by code first, one after the other, and then by judges", async () => {
    const log: string[] = [];
    const { judges } = judgeSaying((name) => {
      log.push(`${name} is asked`);
      return "yes";
    });
    const guardrails = [byJudge("j1"), logging("a", log), byJudge("j2"), logging("b", log)].map((evaluator) =>
      guardrailFor(evaluator),
    );
    const { effect, decidedBy, findings } = await examineHeld("output", guardrails, answer({ judges }).subject);
    expect(log).toEqual(["a begins", "a ends", "b begins", "b ends", "j1 is asked", "j2 is asked"]);
    expect(outcomesOf(findings)).toEqual(["a pass allow", "b pass allow", "j1 pass allow", "j2 pass allow"]);
    expect({ effect, decidedBy }).toEqual({ effect: "allow", decidedBy: undefined });
  });

  test.each(["block", "regenerate", "fallback"])(
    "is examined no further once code discards it: %s",
    async (on_fail) => {
      const { judges, asked } = judgeSaying(() => "yes");
      const first = guardrailFor(byWord("first"), { on_fail, fallback: "teacher" });
      const guardrails = [guardrailFor(byJudge()), first, guardrailFor(byWord("second"))];
      const traces = answer({ ...bad, judges });
      const { effect, decidedBy, findings, judgeMs } = await examineHeld("output", guardrails, traces.subject);
      expect(outcomesOf(findings)).toEqual([`first fail ${on_fail}`]);
      expect({ effect, judgeMs, asked }).toEqual({ effect: on_fail, judgeMs: 0, asked: [] });
      expect(decidedBy?.guardrail).toBe(first);
      expect(traces.records.map(({ evaluator }) => evaluator)).toEqual(["first"]);
    },
  );

  test("is examined to the end where it is to be mended or marked", async () => {
    const marking = scriptedEvaluator("marking", () => {
      const claims = [{ text: "bad", start: 0, end: 3, verdict: "violation" as const }];
      return { score: 0, reason: "Bad.", claims };
    });
    const guardrails = [
      guardrailWith({ on_fail: "flag" }),
      guardrailFor(marking, { on_fail: "redact" }),
      guardrailFor(byJudge()),
    ];
    const { judges } = judgeSaying(() => "yes");
    const { effect, decidedBy, findings } = await examineHeld("output", guardrails, answer({ ...bad, judges }).subject);
    expect(outcomesOf(findings)).toEqual(["by_word fail flag", "marking fail redact", "by_judge pass allow"]);
    expect(effect).toBe("redact");
    expect(decidedBy?.evaluation.evaluator).toBe("marking");
  });
});

describe("judges", () => {
  test("are asked side by side", async () => {
    const all = Promise.withResolvers<string>();
    const { judges, asked } = judgeSaying(() => {
      if (asked.length === 3) all.resolve("yes");
      return all.promise;
    });
    const guardrails = ["a", "b", "c"].map((name) => guardrailFor(byJudge(name)));
    const { findings } = await examineHeld("output", guardrails, answer({ judges }).subject);
    expect(outcomesOf(findings)).toEqual(["a pass allow", "b pass allow", "c pass allow"]);
  });

  test("under way are stopped by one that blocks, which is the one that decided", async () => {
    const { judges, asked } = judgeSaying((name) => (name === "blocks" ? "no" : undefined));
    const guardrails = [guardrailFor(byJudge("slow")), guardrailFor(byJudge("blocks"))];
    const { effect, decidedBy, findings } = await examineHeld("output", guardrails, answer({ judges }).subject);
    expect(outcomesOf(findings)).toEqual(["slow error block", "blocks fail block"]);
    expect(findings[0]?.evaluation.error?.code).toBe("cancelled");
    expect(effect).toBe("block");
    expect(decidedBy?.evaluation.evaluator).toBe("blocks");
    expect(asked.find(({ evaluator }) => evaluator === "slow")?.signal.aborted).toBe(true);
  });

  test("are not stopped by one that wants another answer", async () => {
    const later = Promise.withResolvers<string>();
    const { judges } = judgeSaying((name) => {
      if (name === "slow") return later.promise;
      setTimeout(() => later.resolve("yes"), 20);
      return "no";
    });
    const guardrails = [guardrailFor(byJudge("slow")), guardrailFor(byJudge("again"), { on_fail: "regenerate" })];
    const { effect, findings } = await examineHeld("output", guardrails, answer({ judges }).subject);
    expect(outcomesOf(findings)).toEqual(["slow pass allow", "again fail regenerate"]);
    expect(effect).toBe("regenerate");
  });

  test("are waited for, and how long is said and added up once", async () => {
    const { judges } = judgeSaying(async () => {
      await new Promise((done) => setTimeout(done, 60));
      return "yes";
    });
    const { subject } = answer({ judges, spent: { ms: 5, usd: 1 } });
    const before = performance.now();
    const guardrails = [guardrailFor(byJudge("a")), guardrailFor(byJudge("b"))];
    const { judgeMs } = await examineHeld("output", guardrails, subject);
    expect(judgeMs).toBeGreaterThan(1);
    expect(judgeMs).toBeLessThanOrEqual(performance.now() - before);
    expect(subject.spent).toEqual({ ms: 5 + judgeMs, usd: 1.5 });
  });

  test("are no part of what code costs", async () => {
    const { subject } = answer();
    expect((await examineHeld("output", [guardrailWith()], subject)).judgeMs).toBe(0);
    expect(subject.spent).toEqual({ ms: 0, usd: 0 });
  });
});

describe("who leaves", () => {
  test("stops judges and code", async () => {
    const client = new AbortController();
    const { judges, asked } = judgeSaying(() => {
      client.abort();
      return undefined;
    });
    const { subject } = answer({ judges, signal: client.signal });
    const judged = await examineHeld("output", [guardrailFor(byJudge())], subject);
    expect(judged.findings[0]?.evaluation.error?.code).toBe("cancelled");
    expect(asked).toHaveLength(1);
    const local = await examineHeld("output", [guardrailWith()], subject);
    expect(local.findings[0]?.evaluation.error?.code).toBe("cancelled");
    const observed = await examineObserved("output", [guardrailWith({ mode: "observe" })], subject);
    expect(observed.findings[0]?.evaluation.error?.code).toBe("cancelled");
  });
});

describe("what has left already", () => {
  test("is examined by all at once, and nothing comes of it", async () => {
    const log: string[] = [];
    const observe = { mode: "observe" };
    const guardrails = [logging("a", log), logging("b", log), byWord(), byJudge()].map((evaluator) =>
      guardrailFor(evaluator, observe),
    );
    const { judges } = judgeSaying(() => "no");
    const { subject, records } = answer({ ...bad, judges });
    const { findings, ...rest } = await examineObserved("output", guardrails, subject);
    expect(log.slice(0, 2)).toEqual(["a begins", "b begins"]);
    expect(outcomesOf(findings)).toEqual(["a pass allow", "b pass allow", "by_word fail allow", "by_judge fail allow"]);
    expect(rest).toEqual({ effect: "allow", decidedBy: undefined, judgeMs: 0 });
    expect(records).toHaveLength(4);
  });
});

describe("an evaluation", () => {
  test("is told of with its mode and its judge", async () => {
    const { judges } = judgeSaying(() => "yes");
    const { subject, records } = answer({ judges });
    const guardrails = [guardrailWith({ mode: "window" }), guardrailFor(byJudge())];
    const { findings } = await examineHeld("output", guardrails, subject);
    const latencies = findings.map(({ evaluation }) => evaluation.latencyMs);
    expect(records).toEqual([
      {
        evaluator: "by_word",
        outcome: "pass",
        costUsd: null,
        latencyMs: latencies[0],
        mode: "window",
        judge: undefined,
      },
      { evaluator: "by_judge", outcome: "pass", costUsd: 0.25, latencyMs: latencies[1], mode: "hold", judge: "judge" },
    ]);
  });

  test("looks at the sample of its own guardrail, as far as the exchange has come", async () => {
    const guardrails = [guardrailFor(byWord("a")), guardrailFor(byWord("b"), { on_fail: "regenerate", then: "flag" })];
    const { subject } = answer({
      sampleFor: ({ evaluator }) => ({ output: evaluator.name === "a" ? "good" : "bad" }),
      progress: { attempts: 2, elapsedMs: 0, usd: 0, isRedacted: false, exhausted: [], fellBackTo: [] },
    });
    const { findings } = await examineHeld("output", guardrails, subject);
    expect(outcomesOf(findings)).toEqual(["a pass allow", "b fail flag"]);
  });

  test("has the time that its guardrail gives it", async () => {
    const { judges } = judgeSaying(() => undefined);
    const guardrail = guardrailFor(byJudge(), { timeout: "20ms", on_timeout: "allow" });
    const { findings } = await examineHeld("output", [guardrail], answer({ judges }).subject);
    expect(outcomesOf(findings)).toEqual(["by_judge timeout degraded"]);
    expect(findings[0]?.evaluation.reason).toBe("No verdict within 20 ms.");
  });

  test("that was begun while the answer arrived is brought to its end", async () => {
    const guardrail = guardrailWith();
    const begun = { push: () => {}, end: async () => ({ score: 0, reason: "Seen while it arrived." }) };
    const { subject } = answer({ begun: new Map([[guardrail, begun]]) });
    const { findings } = await examineHeld("output", [guardrail, guardrailFor(byWord("other"))], subject);
    expect(findings[0]?.evaluation).toMatchObject({ outcome: "fail", reason: "Seen while it arrived." });
    const unexaminable = () => ({ code: "too_long" as const, why: "Too long." });
    const unable = await examineHeld("output", [guardrail], { ...subject, unexaminable });
    expect(unable.findings[0]?.evaluation.outcome).toBe("error");
  });

  test("of a judge is kept for the next equal answer", async () => {
    const { judges, asked } = judgeSaying(() => "yes");
    const known = Object.assign(judges(), { identity: "m1" });
    const { subject } = answer({ judges: () => known, cache: createMemoryCache() });
    for (const cached of [false, true]) {
      const { findings } = await examineHeld("output", [guardrailFor(byJudge())], subject);
      expect(findings[0]?.evaluation.path).toMatchObject([{ cached }]);
    }
    expect(asked).toHaveLength(1);
  });

  test("is calibrated where its evaluator has a card", async () => {
    const guardrail = guardrailWith();
    const card = cardWith({ evaluator: "by_word", version: guardrail.evaluator.version, band: null });
    const { findings } = await examineHeld("output", [guardrail], answer({ cards: [card] }).subject);
    expect(findings[0]?.evaluation.calibrated).toBe(true);
  });
});

test("an examination of nothing allows, and findings made one by one come to the same as in one go", async () => {
  expect(nothingExamined).toEqual({ effect: "allow", decidedBy: undefined, findings: [], judgeMs: 0 });
  const { findings, ...rest } = await examineHeld("output", [guardrailWith()], answer(bad).subject);
  expect(examinationOf(findings)).toEqual({ findings, ...rest });
  expect(examinationOf([])).toEqual(nothingExamined);
});

test("a client sees of an evaluation what repeats nothing of the text", () => {
  const evaluation = evaluationWith({ claims: [{ text: "secret", start: 0, end: 6, verdict: "violation" }] });
  const { evaluator, outcome, score, threshold, reason } = evaluation;
  expect(summarize(evaluation)).toEqual({ evaluator, outcome, score, threshold, reason });
});

test("an evaluator is code or may ask a judge", () => {
  const engines = ["local", "judge", "cascade"] as const;
  const evaluators = engines.map((engine) => scriptedEvaluator("e", () => ({ abstained: "" }), { engine }));
  expect(evaluators.map((evaluator) => isLocal({ evaluator }))).toEqual([true, false, false]);
});
