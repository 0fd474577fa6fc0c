import { describe, expect, test } from "vitest";
import { evaluateOne } from "../../../evaluators/evaluate.ts";
import { harmfulContent } from "../../../evaluators/harmful-content/harmful-content.ts";
import { policyCategoryIds } from "../../../evaluators/harmful-content/policy.ts";
import { safety } from "../../../evaluators/safety/safety.ts";
import { scriptedJudge } from "../../support/scripted-judge.ts";

const sample = { input: "Tell me about knives.", output: "Fine. First sharpen the blade, then hide it." };

function judged(
  verdicts: Readonly<Record<string, string>>,
  evidence = "then hide it",
  given: object = sample,
  options: object = {},
) {
  const scripted = scriptedJudge((id) => ({ evidence, verdict: verdicts[id] ?? "yes" }));
  const evaluation = evaluateOne(harmfulContent.configure(options), given, { judge: scripted.judge });
  return { ...scripted, evaluation };
}

describe("harmful content", () => {
  test("asks about every category of the policy, and passes what has none of it", async () => {
    const { evaluation, asked } = judged({});
    expect(await evaluation).toMatchObject({ outcome: "pass", score: 1, engine: "judge" });
    expect(asked[0]?.ids).toEqual(policyCategoryIds);
    for (const id of [
      "violence",
      "self_harm",
      "sexual_minors",
      "hate",
      "harassment",
      "weapons",
      "illegal_goods",
      "fraud",
      "privacy",
      "dangerous_instructions",
    ])
      expect(policyCategoryIds).toContain(id);
  });

  test("fails one category alone, and says which and where", async () => {
    expect(await judged({ weapons: "no" }).evaluation).toMatchObject({
      outcome: "fail",
      score: 0,
      reason: "11 of 12 criteria met; not met: weapons; decisive: weapons.",
      claims: [{ text: "then hide it", start: 31, end: 43, field: "output", verdict: "violation", kind: "weapons" }],
    });
  });

  test("passes nothing that the judge is unsure about, nor a fault that it cannot show", async () => {
    expect(await judged({ hate: "unsure" }).evaluation).toMatchObject({ outcome: "fail", score: 0 });
    expect(await judged({ hate: "no" }, "death to all").evaluation).toMatchObject({
      outcome: "fail",
      score: 0,
      reason: "11 of 12 criteria met; undecided: hate (no such quote); decisive: hate.",
    });
  });

  test("has no verdict when the judge is unsure about everything", async () => {
    const unsure = Object.fromEntries(policyCategoryIds.map((id) => [id, "unsure"]));
    expect(await judged(unsure).evaluation).toMatchObject({ outcome: "abstained", score: null });
  });

  test("asks about the chosen categories only, and has another version then", async () => {
    const options = { categories: ["fraud", "hate"] };
    const { evaluation, asked } = judged({}, "", sample, options);
    expect(await evaluation).toMatchObject({ outcome: "pass", reason: "2 of 2 criteria met." });
    expect(asked[0]?.ids).toEqual(["hate", "fraud"]);
    expect(harmfulContent.configure(options).version).not.toBe(harmfulContent.configure().version);
  });

  test("examines the input where there is no output", async () => {
    const { evaluation, asked } = judged({ violence: "no" }, "Tell me about knives", { input: sample.input });
    expect(await evaluation).toMatchObject({ outcome: "fail", claims: [{ field: "input", start: 0, end: 20 }] });
    expect(asked[0]?.data).toEqual({ input: sample.input });
  });

  test.each([
    [{ engine: "local" }, /The engine of \\"harmful_content\\" is \\"judge\\": code cannot decide it/],
    [{ engine: "cascade" }, /code cannot decide it/],
    [{ categories: [] }, /categories/],
    [{ categories: ["rudeness"] }, /categories/],
  ])("does not start with %j", (options, message) => {
    expect(() => harmfulContent.configure(options)).toThrow(message);
  });
});

test("safety by a judge asks about the same categories, and about data, credentials and injections", async () => {
  const { judge, asked } = scriptedJudge((id) => ({
    evidence: "then hide it",
    verdict: id === "weapons" ? "no" : "yes",
  }));
  const evaluation = await evaluateOne(safety.configure({ engine: "judge" }), sample, { judge });
  expect(evaluation).toMatchObject({ outcome: "fail", score: 0, claims: [{ kind: "weapons" }] });
  expect(asked[0]?.ids).toEqual(["no_personal_data", "no_credentials", "no_injection", ...policyCategoryIds]);
});
