import { expect, test } from "vitest";
import { decide, type RowEvaluation } from "../../../evaluators/batch/row-evaluation.ts";
import { createTally } from "../../../evaluators/batch/tally.ts";
import { type Evaluation, type Outcome, outcomes } from "../../../evaluators/evaluation.ts";

function evaluation(evaluator: string, outcome: Outcome, more: Partial<Evaluation> = {}): Evaluation {
  const nothing = {
    confidence: null,
    calibrated: false,
    path: [],
    usage: null,
    costUsd: null,
    latencyMs: 1,
    error: null,
  };
  const score = outcome === "pass" ? 1 : outcome === "fail" ? 0 : null;
  return { evaluator, version: "v", engine: "local", outcome, score, threshold: 1, reason: "r", ...nothing, ...more };
}

const always = () => true;

test.each([
  [["pass", "pass"], "kept"],
  [["pass", "fail"], "dropped"],
  [["error", "fail"], "dropped"],
  [["pass", "abstained"], "unscored"],
  [["pass", "error"], "unscored"],
  [["pass", "timeout"], "unscored"],
  [["pass", "skipped"], "unscored"],
  [[], "unscored"],
] as const)("%j is %s", (found, decision) => {
  expect(
    decide(
      found.map((outcome, at) => evaluation(`e${at}`, outcome)),
      always,
    ),
  ).toBe(decision);
});

test("only required evaluators decide", () => {
  const both = [evaluation("a", "pass"), evaluation("b", "fail")];
  expect(decide(both, (name) => name === "a")).toBe("kept");
  expect(decide(both, (name) => name === "b")).toBe("dropped");
  expect(decide(both, () => false)).toBe("unscored");
});

function row(number: number, decision: RowEvaluation["decision"], evaluations: readonly Evaluation[]): RowEvaluation {
  return { row: number, hash: "0", decision, evaluations };
}

test("rows, decisions, outcomes, cost and what came from the cache are counted", () => {
  const tally = createTally();
  const judged = { stage: "judge", decided: true, ms: 1, cached: false } as const;
  const bought = { path: [judged], usage: { inputTokens: 10, outputTokens: 2 }, costUsd: 0.5 };
  tally.add(row(1, "kept", [evaluation("a", "pass"), evaluation("b", "pass", bought)]));
  tally.add(
    row(2, "dropped", [evaluation("a", "fail"), evaluation("b", "pass", { path: [{ ...judged, cached: true }] })]),
  );
  tally.add(row(3, "unscored", []));
  tally.add(row(4, "not_run", []));
  tally.add(row(5, "unscored", [evaluation("a", "error")]));
  expect(tally.rows).toBe(5);
  expect(tally.decisions).toEqual({ kept: 1, dropped: 1, unscored: 2, not_run: 1 });
  expect(tally.unreadable).toBe(1);
  const none = Object.fromEntries(outcomes.map((outcome) => [outcome, 0]));
  expect(tally.evaluators).toEqual([
    {
      evaluator: "a",
      version: "v",
      outcomes: { ...none, pass: 1, fail: 1, error: 1 },
      cached: 0,
      judged: 0,
      costUsd: 0,
      inputTokens: 0,
      outputTokens: 0,
    },
    {
      evaluator: "b",
      version: "v",
      outcomes: { ...none, pass: 2 },
      cached: 1,
      judged: 2,
      costUsd: 0.5,
      inputTokens: 10,
      outputTokens: 2,
    },
  ]);
});
