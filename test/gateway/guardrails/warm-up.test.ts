import { ROOT_CONTEXT } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { EvaluatorError, type Sample, type Tools } from "../../../evaluators/index.ts";
import { warmUp } from "../../../gateway/guardrails/warm-up.ts";
import { scriptedEvaluator } from "../../support/scripted-evaluator.ts";
import { guardrailFor } from "./guarded.ts";

function recording(name: string, engine: "local" | "judge" | "cascade" = "local") {
  const runs: { readonly sample: Sample; readonly tools: Tools }[] = [];
  const evaluator = scriptedEvaluator(
    name,
    (sample, tools) => {
      runs.push({ sample, tools });
      return { abstained: "Nothing." };
    },
    { engine },
  );
  return { evaluator, runs };
}

test("every evaluator that is code is run once before the first request, on something of every kind", async () => {
  const { evaluator, runs } = recording("code");
  await warmUp([guardrailFor(evaluator), guardrailFor(evaluator, { mode: "observe" })]);
  expect(runs.map(({ sample }) => sample)).toEqual([
    {
      input: expect.stringMatching(/\d.*\?$/),
      output: expect.stringMatching(/^[A-Z].*\d.*\.$/),
      context: [expect.stringMatching(/^[A-Z].*\d.*\.$/)],
    },
  ]);
  expect(runs[0]?.tools.signal.aborted).toBe(false);
  expect(runs[0]?.tools.parent).toBe(ROOT_CONTEXT);
});

test("what may ask a judge is not run, and there is no judge to ask", async () => {
  const [judge, cascade, code] = [recording("judge", "judge"), recording("cascade", "cascade"), recording("code")];
  await warmUp([judge, cascade, code].map(({ evaluator }) => guardrailFor(evaluator)));
  expect([judge.runs, cascade.runs].flat()).toEqual([]);
  const error = new EvaluatorError("judge_failed", "Nobody is asked before the first request.");
  expect(() => code.runs[0]?.tools.judge).toThrow(error);
});

test("an evaluator that breaks keeps nobody else from being run", async () => {
  const broken = scriptedEvaluator("broken", () => {
    throw new Error("No.");
  });
  const next = recording("next");
  await warmUp([guardrailFor(broken), guardrailFor(next.evaluator)]);
  expect(next.runs).toHaveLength(1);
});
