import { ROOT_CONTEXT } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { createMeter } from "../../../evaluators/batch/budget.ts";
import type { Judge, JudgeReply } from "../../../evaluators/judge.ts";

const request = {
  messages: [],
  maxTokens: 1,
  signal: new AbortController().signal,
  parent: ROOT_CONTEXT,
  evaluator: "x",
};

function judgeAt(costUsd: number | null, tokens: number | null): Judge {
  const usage = tokens === null ? null : { inputTokens: tokens - 1, outputTokens: 1 };
  return () => Promise.resolve<JudgeReply>({ text: "", model: "m", usage, costUsd });
}

test("calls, dollars and tokens add up, of the calls that say what they cost", async () => {
  const meter = createMeter();
  await meter.counted(judgeAt(0.25, 10))(request);
  await meter.counted(judgeAt(null, null))(request);
  meter.add({ inputTokens: 5, outputTokens: 2 }, 0.5);
  expect(meter.spent).toMatchObject({ calls: 3, usd: 0.75, callsWithoutPrice: 1, inputTokens: 14, outputTokens: 3 });
  expect(meter.refusal).toBeUndefined();
});

test.each([
  [{ usd: 1 }, judgeAt(0.5, 10), 2, "The budget of 1 USD is spent."],
  [{ usd: 1.01 }, judgeAt(0.5, 10), 3, "The budget of 1.01 USD is spent."],
  [{ tokens: 30 }, judgeAt(null, 10), 3, "The budget of 30 tokens is spent."],
  [{ tokens: 31 }, judgeAt(null, 10), 4, "The budget of 31 tokens is spent."],
])("%j lasts for a number of calls and not for one more", async (budget, judge, lasts, sentence) => {
  const meter = createMeter(budget);
  for (let call = 0; call < lasts; call += 1) {
    expect(meter.refusal).toBeUndefined();
    await meter.counted(judge)(request);
  }
  expect(meter.refusal).toBe(sentence);
  await expect(meter.counted(judge)(request)).rejects.toMatchObject({ code: "budget", message: sentence });
  expect(meter.spent.calls).toBe(lasts);
});

test("a budget cannot be held when nobody says what a call costs", async () => {
  const dollars = createMeter({ usd: 5 });
  await dollars.counted(judgeAt(null, 10))(request);
  expect(dollars.refusal).toBe("The judge does not say what its calls cost, so a budget in USD cannot be held.");
  const tokens = createMeter({ tokens: 5000 });
  await tokens.counted(judgeAt(1, null))(request);
  expect(tokens.refusal).toBe("The judge does not say how many tokens it used, so a budget in tokens cannot be held.");
});

test("calls under way are counted as an average one, and a refusal stays", async () => {
  const meter = createMeter({ usd: 3 });
  let answer = (_reply: JudgeReply): void => {};
  const slow: Judge = () => new Promise((done) => (answer = done));
  await meter.counted(judgeAt(1, 1))(request);
  const first = meter.counted(slow)(request);
  expect(meter.refusal).toBeUndefined();
  const finish = answer;
  const second = meter.counted(slow)(request);
  expect(meter.refusal).toBe("The budget of 3 USD is spent.");
  finish({ text: "", model: "", usage: null, costUsd: 0 });
  answer({ text: "", model: "", usage: null, costUsd: 0 });
  await Promise.all([first, second]);
  expect(meter.spent.usd).toBe(1);
  expect(meter.refusal).toBe("The budget of 3 USD is spent.");
});

test("a judge keeps its identity, tells of each call, and a call that fails is under way no more", async () => {
  const meter = createMeter({ usd: 2 });
  const named: Judge = Object.assign(judgeAt(1, 1), { identity: "m1" });
  expect(meter.counted(named).identity).toBe("m1");
  expect("identity" in meter.counted(judgeAt(1, 1))).toBe(false);
  let told = 0;
  const failing = meter.counted(
    () => Promise.reject(new Error("down")),
    () => (told += 1),
  );
  await expect(failing(request)).rejects.toThrow("down");
  await meter.counted(named)(request);
  expect({ told, refusal: meter.refusal, calls: meter.spent.calls }).toEqual({ told: 1, refusal: undefined, calls: 1 });
});
