import { describe, expect, test } from "vitest";
import { answerRelevance } from "../../../evaluators/answer-relevance/answer-relevance.ts";
import { evaluateOne } from "../../../evaluators/evaluate.ts";
import { scriptedJudge } from "../../support/scripted-judge.ts";

const sample = { input: "How long can I return a lamp, and who pays?", output: "30 days, and we pay." };

function judged(verdicts: Readonly<Record<string, string>>, given: object = sample, options: object = {}) {
  const scripted = scriptedJudge((id) => ({ evidence: "seen", verdict: verdicts[id] ?? "yes" }));
  const evaluation = evaluateOne(answerRelevance.configure(options), given, { judge: scripted.judge });
  return { ...scripted, evaluation };
}

describe("answer relevance", () => {
  test.each([
    [{}, "pass", 1],
    [{ to_the_point: "no" }, "pass", 0.75],
    [{ complete: "no", to_the_point: "no" }, "fail", 0.5],
    [{ addresses_input: "no" }, "fail", 0],
    [{ addresses_input: "unsure" }, "fail", 0],
  ])("with the verdicts %j: %s, %d", async (verdicts, outcome, score) => {
    expect(await judged(verdicts).evaluation).toMatchObject({ outcome, score, engine: "judge", threshold: 0.7 });
  });

  test("asks again where the score is in doubt and several answers are wanted", async () => {
    const { evaluation, temperatures } = judged({ to_the_point: "no" }, sample, { samples: 3 });
    expect(await evaluation).toMatchObject({ outcome: "pass", score: 0.75, confidence: 1, costUsd: 0.75 });
    expect(temperatures).toEqual([0, 0.7, 0.7]);
    const clear = judged({ addresses_input: "no" }, sample, { samples: 3 });
    await clear.evaluation;
    expect(clear.temperatures).toEqual([0]);
  });

  test.each([
    [{ output: "x" }, "skipped"],
    [{ input: " ", output: "x" }, "skipped"],
    [{ input: "x" }, "skipped"],
    [{ input: "x", output: "" }, "abstained"],
  ])("asks nobody about %j", async (given, outcome) => {
    const { evaluation, asked } = judged({}, given);
    expect(await evaluation).toMatchObject({ outcome, score: null });
    expect(asked).toEqual([]);
  });

  test("cannot be decided by code, which the start says", () => {
    expect(() => answerRelevance.configure({ engine: "local" })).toThrow(
      /The engine of \\"answer_relevance\\" is \\"judge\\"/,
    );
  });
});
