import { describe, expect, test } from "vitest";
import type { Finding } from "../../../evaluators/define-evaluator.ts";
import { EvaluatorError } from "../../../evaluators/errors.ts";
import { bandSchema, repeated, type Repetition } from "../../../evaluators/judge/repeat.ts";
import { majorityOf } from "../../../evaluators/judge/votes.ts";

const spent = { usage: { inputTokens: 10, outputTokens: 1 }, costUsd: 0.5 };

/** Finds these scores one after the other; "abstained" and errors as they are. */
function finding(scores: readonly (number | "abstained" | EvaluatorError)[]) {
  const temperatures: number[] = [];
  const examine = (temperature: number): Promise<Finding> => {
    const score = scores[temperatures.length] ?? 0;
    temperatures.push(temperature);
    if (score instanceof EvaluatorError) return Promise.reject(score);
    return Promise.resolve(
      score === "abstained" ? { abstained: "?", ...spent } : { score, reason: `Scored ${score}.`, ...spent },
    );
  };
  return { examine, temperatures };
}

function run(scores: Parameters<typeof finding>[0], repetition: Partial<Repetition> = {}) {
  const { examine, temperatures } = finding(scores);
  return { result: repeated(examine, { threshold: 0.7, samples: 3, ...repetition }), temperatures };
}

describe("a judge is asked once", () => {
  test.each([
    ["when one answer is enough", [0.7], { samples: 1 }],
    ["when the score is far above the threshold", [0.91], {}],
    ["when the score is far below the threshold", [0.49], {}],
    ["when the score is outside the band", [0.7], { judge_band: [0.1, 0.69] }],
    ["when there is nothing to judge", ["abstained"], {}],
  ] as const)("%s", async (_when, scores, repetition) => {
    const { result, temperatures } = run(scores, repetition);
    const finding = await result;
    expect(temperatures).toEqual([0]);
    expect(finding).toMatchObject(spent);
    expect(finding).not.toHaveProperty("confidence");
  });
});

describe("a score in doubt", () => {
  test.each([
    [0.9, {}],
    [0.5, {}],
    [0.1, { judge_band: [0.1, 0.2] }],
    [0.2, { judge_band: [0.1, 0.2] }],
  ] as const)("%d is asked about again, at a higher temperature, and the calls add up", async (score, repetition) => {
    const { result, temperatures } = run([score, score, score], repetition);
    expect(await result).toEqual({
      score,
      reason: `Scored ${score}. 3 of 3 answers of the judge agree.`,
      confidence: 1,
      usage: { inputTokens: 30, outputTokens: 3 },
      costUsd: 1.5,
    });
    expect(temperatures).toEqual([0, 0.7, 0.7]);
  });

  test.each([
    ["two passes of three", [0.6, 0.7, 1], 1, 2 / 3],
    ["two fails of three", [0.8, 0.1, 0.6], 0.6, 2 / 3],
    ["the middle of the passes", [0.7, 1, 0.8, 0.2, 0.9], 0.9, 0.8],
  ] as const)("is decided by most answers: %s", async (_name, scores, score, confidence) => {
    const { result } = run(scores, { samples: scores.length });
    const finding = await result;
    expect(finding).toMatchObject({ score });
    expect("score" in finding && finding.confidence).toBeCloseTo(confidence, 12);
  });

  test.each([
    ["as many passes as fails", [0.7, 0.6]],
    ["a pass, a fail and an abstention", [0.7, 0.6, "abstained"]],
    ["mostly abstentions", [0.7, "abstained", "abstained"]],
  ] as const)("is none without a majority: %s", async (_name, scores) => {
    const { result } = run(scores, { samples: scores.length });
    expect(await result).toEqual({
      abstained: `${scores.length} answers of the judge do not agree on an outcome.`,
      usage: { inputTokens: 10 * scores.length, outputTokens: scores.length },
      costUsd: scores.length / 2,
    });
  });

  test("is an error when an answer cannot be had, with what the others used", async () => {
    const { result } = run([0.7, new EvaluatorError("unparsable", "?", { retryable: true, costUsd: 0.25 }), 0.8]);
    await expect(result).rejects.toMatchObject({ code: "unparsable", retryable: true, usage: null, costUsd: 1.25 });
    const { result: silent } = run([0.7, new EvaluatorError("timeout", "Late."), 0.8]);
    await expect(silent).rejects.toMatchObject({
      code: "timeout",
      usage: { inputTokens: 20, outputTokens: 2 },
      costUsd: 1,
    });
  });
});

describe("a band", () => {
  test.each([
    [[0.2, 0.8], true],
    [[0.5, 0.5], true],
    [[0.8, 0.2], false],
    [[-0.1, 0.5], false],
    [[0.5, 1.1], false],
  ])("of %j: %s", (band, isOne) => expect(bandSchema.safeParse(band).success).toBe(isOne));

  test("that is turned round is refused with its value", () => {
    expect(bandSchema.safeParse([0.8, 0.2]).error?.issues[0]?.message).toBe(
      "A band is [low, high], and [0.8,0.2] is turned round.",
    );
  });
});

describe("a majority", () => {
  test("is more than half", () => {
    expect(majorityOf(["a"])).toEqual({ winner: "a", votes: 1, agreement: 1 });
    expect(majorityOf(["a", "b", "b"])).toEqual({ winner: "b", votes: 2, agreement: 2 / 3 });
    expect(majorityOf(["a", "b"])).toBeUndefined();
    expect(majorityOf(["a", "b", "c", "a"])).toBeUndefined();
    expect(majorityOf([])).toBeUndefined();
  });
});
