import { expect, test } from "vitest";
import { z } from "zod";
import type { Cache } from "../../../evaluators/cache.ts";
import { createMemoryCache } from "../../../evaluators/cache/memory-cache.ts";
import { verdictKey } from "../../../evaluators/cache/verdict-memory.ts";
import { defineEvaluator, type Finding, type Tools } from "../../../evaluators/define-evaluator.ts";
import { EvaluatorError } from "../../../evaluators/errors.ts";
import { evaluate } from "../../../evaluators/evaluate.ts";
import type { Judge } from "../../../evaluators/judge.ts";
import type { Sample } from "../../../evaluators/sample.ts";

/** A judge that counts how often it is asked, and an evaluator that does with its answer what a test wants. */
function judgeNamed(identity: string | undefined): Judge & { calls: number } {
  const judge = async () => {
    counted.calls += 1;
    return { text: "0.75", model: "m", usage: { inputTokens: 10, outputTokens: 2 }, costUsd: 0.5 };
  };
  const counted = Object.assign(judge, { calls: 0, ...(identity === undefined ? {} : { identity }) });
  return counted;
}

type Examine = (sample: Sample, tools: Tools) => Promise<Finding>;

const asking: Examine = async (_sample, tools) => {
  const { text, usage, costUsd } = await ask(tools);
  return { score: Number(text), reason: "Judged.", usage, costUsd };
};

function ask({ judge, signal, parent }: Tools) {
  return judge({ messages: [], maxTokens: 1, signal, parent, evaluator: "test" });
}

function evaluatorThat(examine: Examine, revision: unknown = 1) {
  return defineEvaluator({
    name: "test",
    description: "A test.",
    covers: "Nothing; everything is not examined.",
    needs: z.custom<Sample>((sample) => typeof sample === "object" && sample !== null && "output" in sample),
    options: z.strictObject({
      engine: z.enum(["judge", "local", "cascade"]).default("judge"),
      threshold: z.number().default(0.5),
      judge: z.string().optional(),
    }),
    revision,
    evaluate: (sample, _options, tools) => examine(sample, tools),
  }).configure();
}

const sample = { output: "x", input: "y" };

test("an equal sample is not judged again: the verdict is the same, marked as cached, and costs nothing", async () => {
  const judge = judgeNamed("m1");
  const cache = createMemoryCache();
  const first = await evaluate(evaluatorThat(asking), sample, { judge, cache });
  const second = await evaluate(evaluatorThat(asking), { input: "y", output: "x" }, { judge, cache });
  expect(judge.calls).toBe(1);
  expect(first).toMatchObject({ outcome: "pass", score: 0.75, usage: { inputTokens: 10 }, costUsd: 0.5 });
  expect(first.path).toEqual([{ stage: "judge", decided: true, ms: expect.any(Number), cached: false }]);
  expect(second).toMatchObject({
    outcome: "pass",
    score: 0.75,
    reason: "Judged.",
    usage: null,
    costUsd: null,
    error: null,
  });
  expect(second.path).toEqual([{ stage: "judge", decided: true, ms: 0, cached: true }]);
});

test.each([
  ["another sample", evaluatorThat(asking), { ...sample, output: "z" }, "m1"],
  ["another version of the evaluator", evaluatorThat(asking, 2), sample, "m1"],
  ["another judge", evaluatorThat(asking), sample, "m2"],
])("%s is judged anew", async (_what, evaluator, other, identity) => {
  const cache = createMemoryCache();
  await evaluate(evaluatorThat(asking), sample, { judge: judgeNamed("m1"), cache });
  const judge = judgeNamed(identity);
  const { path } = await evaluate(evaluator, other, { judge, cache });
  expect({ calls: judge.calls, cached: path.some((step) => step.cached) }).toEqual({ calls: 1, cached: false });
});

test("a judge without an identity is always asked", async () => {
  const judge = judgeNamed(undefined);
  const cache = createMemoryCache();
  for (const _ of [1, 2]) await evaluate(evaluatorThat(asking), sample, { judge, cache });
  expect(judge.calls).toBe(2);
});

test("bypass neither looks nor keeps", async () => {
  const judge = judgeNamed("m1");
  const seen: unknown[] = [];
  const noting = evaluatorThat((each, tools) => {
    seen.push(tools.cache);
    return asking(each, tools);
  });
  for (const _ of [1, 2]) await evaluate(noting, sample, { judge, cache: "bypass" });
  expect({ calls: judge.calls, seen }).toEqual({ calls: 2, seen: [undefined, undefined] });
});

test("without a cache of their own verdicts are kept for as long as the judge lives", async () => {
  const [judge, twin] = [judgeNamed("m1"), judgeNamed("m1")];
  for (const _ of [1, 2]) await evaluate(evaluatorThat(asking), sample, { judge });
  await evaluate(evaluatorThat(asking), sample, { judge: twin });
  expect([judge.calls, twin.calls]).toEqual([1, 1]);
});

test("an evaluator is handed the cache for what else is worth keeping", async () => {
  const cache = createMemoryCache();
  let seen: Cache | undefined;
  const noting = evaluatorThat((each, tools) => {
    seen = tools.cache;
    return asking(each, tools);
  });
  await evaluate(noting, sample, { judge: judgeNamed("m1"), cache });
  expect(seen).toBe(cache);
});

test.each([
  ["an error", () => Promise.reject(new EvaluatorError("judge_failed", "Broken."))],
  ["a timeout", () => new Promise<Finding>(() => {})],
  ["an impossible score", () => Promise.resolve<Finding>({ score: 2, reason: "?" })],
])("%s is never kept", async (_what, end) => {
  const judge = judgeNamed("m1");
  const kept: string[] = [];
  const cache: Cache = {
    get: () => Promise.resolve(undefined),
    set: async (key) => void kept.push(key),
  };
  const breaking = evaluatorThat(async (_sample, tools) => {
    await ask(tools);
    return end();
  });
  const { outcome, score } = await evaluate(breaking, sample, { judge, cache, timeoutMs: 50 });
  expect({ kept, score, calls: judge.calls }).toEqual({ kept: [], score: null, calls: 1 });
  expect(["error", "timeout"]).toContain(outcome);
});

test("what was skipped is never kept", async () => {
  const kept: string[] = [];
  const cache: Cache = { get: () => Promise.resolve(undefined), set: async (key) => void kept.push(key) };
  const { outcome } = await evaluate(evaluatorThat(asking), { input: "y" }, { judge: judgeNamed("m1"), cache });
  expect({ outcome, kept }).toEqual({ outcome: "skipped", kept: [] });
});

test("a judge's abstention is kept", async () => {
  const judge = judgeNamed("m1");
  const cache = createMemoryCache();
  const abstaining = evaluatorThat(async (_sample, tools) => {
    await ask(tools);
    return { abstained: "Nothing applies." };
  });
  await evaluate(abstaining, sample, { judge, cache });
  const again = await evaluate(abstaining, sample, { judge, cache });
  expect(judge.calls).toBe(1);
  expect(again).toMatchObject({ outcome: "abstained", reason: "Nothing applies.", score: null });
  expect(again.path).toEqual([{ stage: "judge", decided: false, ms: 0, cached: true }]);
});

test("what code decided by itself is neither looked up nor kept", async () => {
  const touched: string[] = [];
  const cache: Cache = {
    get: async (key) => void touched.push(key),
    set: async (key) => void touched.push(key),
  };
  const deciding = evaluatorThat((_sample, tools) => {
    // Being handed a judge is not asking one.
    void tools.judge;
    return Promise.resolve({ score: 1, reason: "Code." });
  });
  await evaluate(deciding, sample, { judge: judgeNamed("m1"), cache });
  expect(touched).toEqual([]);
});

test("a verdict without a judge's part in it is not kept, though one was asked", async () => {
  const judge = judgeNamed("m1");
  const cache = createMemoryCache();
  const local = evaluatorThat(async (_sample, tools) => {
    await ask(tools);
    return { score: 1, reason: "Code.", path: [{ stage: "local", decided: true, ms: 1, cached: false }] };
  });
  for (const _ of [1, 2]) await evaluate(local, sample, { judge, cache });
  expect(judge.calls).toBe(2);
});

test("an evaluator that brings a judge of its own never meets the verdict of another one", async () => {
  const cache = createMemoryCache();
  await evaluate(evaluatorThat(asking), sample, { judge: judgeNamed("m1"), cache });
  const own = evaluatorThat(() => Promise.resolve({ score: 0, reason: "My own judge." }));
  expect(await evaluate(own, sample, { judge: judgeNamed("m1"), cache })).toMatchObject({
    outcome: "fail",
    reason: "My own judge.",
  });
});

test("claims and criteria come back whole", async () => {
  const judge = judgeNamed("m1");
  const cache = createMemoryCache();
  const claims = [{ text: "x", start: 0, end: 1, verdict: "unsupported", kind: "number", evidence: "é" }] as const;
  const criteria = [
    { id: "a", question: "Is it?", verdict: "no", weight: 2, evidence: "e", quoteVerified: false },
  ] as const;
  const rich = evaluatorThat(async (_sample, tools) => {
    await ask(tools);
    return { score: 0.25, reason: "Judged.", claims, criteria, confidence: 0.5 };
  });
  await evaluate(rich, sample, { judge, cache });
  expect(await evaluate(rich, sample, { judge, cache })).toMatchObject({
    score: 0.25,
    confidence: 0.5,
    claims,
    criteria,
  });
  expect(judge.calls).toBe(1);
});

test.each([
  "",
  "nonsense",
  "null",
  "[]",
  '{"score":7,"reason":"r"}',
  '{"score":null,"reason":"r"}',
  '{"reason":"r"}',
  '{"score":1}',
  '{"score":1,"reason":"r","path":[{"stage":"oracle","decided":true}]}',
  '{"score":1,"reason":"r","claims":[{"text":1}]}',
  '{"score":1,"reason":"r","criteria":[{"id":"a"}]}',
  '{"abstained":true}',
])("a kept text that is no verdict (%s) is as good as none", async (text) => {
  const judge = judgeNamed("m1");
  const cache: Cache = { get: () => Promise.resolve(text), set: () => Promise.resolve() };
  const { score, path } = await evaluate(evaluatorThat(asking), sample, { judge, cache });
  expect({ calls: judge.calls, score, cached: path.some((step) => step.cached) }).toEqual({
    calls: 1,
    score: 0.75,
    cached: false,
  });
});

test("several questions of one evaluation are looked up once", async () => {
  const judge = judgeNamed("m1");
  const memory = createMemoryCache();
  let looks = 0;
  const cache: Cache = {
    get(key) {
      looks += 1;
      return memory.get(key);
    },
    set: (key, value) => memory.set(key, value),
  };
  const twice = evaluatorThat(async (each, tools) => {
    await Promise.all([ask(tools), ask(tools)]);
    return asking(each, tools);
  });
  await evaluate(twice, sample, { judge, cache });
  expect({ looks, calls: judge.calls }).toEqual({ looks: 1, calls: 3 });
  const hit = await evaluate(twice, sample, { judge, cache });
  expect({ looks, calls: judge.calls, cached: hit.path[0]?.cached }).toEqual({ looks: 2, calls: 3, cached: true });
});

test("an evaluator that swallows errors cannot turn a hit into something else", async () => {
  const judge = judgeNamed("m1");
  const cache = createMemoryCache();
  await evaluate(evaluatorThat(asking), sample, { judge, cache });
  const swallowing = evaluatorThat((each, tools) =>
    asking(each, tools).catch(() => ({ score: 0, reason: "Swallowed." })),
  );
  expect(await evaluate(swallowing, sample, { judge, cache })).toMatchObject({ score: 0.75, reason: "Judged." });
});

test("the key changes with version, judge and sample and with nothing else", () => {
  const key = verdictKey("v", "j", { output: "x", input: "y" });
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(verdictKey("v", "j", { input: "y", output: "x" })).toBe(key);
  const others = [
    verdictKey("w", "j", { output: "x", input: "y" }),
    verdictKey("v", "k", { output: "x", input: "y" }),
    verdictKey("v", "j", { output: "x" }),
    verdictKey("v", "j", { output: "y", input: "x" }),
  ];
  expect(new Set([key, ...others]).size).toBe(5);
});
