import { expect, test } from "vitest";
import type { Cache } from "../../evaluators/cache.ts";
import { evaluate } from "../../evaluators/evaluate.ts";
import type { Judge } from "../../evaluators/judge.ts";
import { byJudge, byWord } from "../support/scripted-evaluator.ts";

const sample = { output: "x" };

test("a cache that fails is one that has nothing", async () => {
  let calls = 0;
  const ask: Judge = async () => {
    calls += 1;
    return { text: "yes", model: "m", usage: null, costUsd: null };
  };
  const judge = Object.assign(ask, { identity: "m1" });
  const cache: Cache = { get: () => Promise.reject(new Error("gone")), set: () => Promise.reject(new Error("gone")) };
  for (const _ of [1, 2]) {
    const { outcome, path } = await evaluate(byJudge(), sample, { judge, cache });
    expect({ outcome, cached: path.map(({ cached }) => cached) }).toEqual({ outcome: "pass", cached: [false] });
  }
  expect(calls).toBe(2);
});

test("an evaluator that cannot say what it needs is an error, not a rejection, and quotes nothing", async () => {
  const broken = {
    ...byWord(),
    missing: () => {
      throw new Error("secret text");
    },
  };
  expect(await evaluate(broken, sample)).toMatchObject({
    outcome: "error",
    score: null,
    reason: "The evaluator broke with Error.",
    error: { code: "internal", message: "The evaluator broke with Error." },
  });
});
