import { expect, test } from "vitest";
import { createRowExamples } from "../../cli/row-examples.ts";
import type { Evaluation, RowEvaluation } from "../../evaluators/index.ts";

function evaluation(evaluator: string, outcome: Evaluation["outcome"], reason: string): Evaluation {
  const score = outcome === "pass" ? 1 : outcome === "fail" ? 0.25 : null;
  const nothing = { confidence: null, calibrated: false, path: [], usage: null, costUsd: null, error: null };
  return { evaluator, version: "v", engine: "local", outcome, score, threshold: 1, reason, latencyMs: 1, ...nothing };
}

function row(number: number, decision: RowEvaluation["decision"], evaluations: readonly Evaluation[]): RowEvaluation {
  return { row: number, hash: "0", decision, evaluations };
}

const failed = evaluation("a", "fail", "One number differs.");

test("says of the first three dropped and unscored rows which evaluator, how and why", () => {
  const examples = createRowExamples(undefined);
  examples.add(row(1, "kept", [evaluation("a", "pass", "Fine.")]));
  examples.add(row(2, "unscored", [evaluation("a", "pass", "Fine."), evaluation("b", "skipped", "No context.")]));
  for (const number of [3, 4, 5, 6]) examples.add(row(number, "dropped", [failed, evaluation("b", "error", "Down.")]));
  examples.add({ ...row(7, "unscored", []), problem: "Line 7 is not JSON." });
  examples.add({ ...row(8, "not_run", []), problem: "The budget is spent." });
  expect(examples.lines(200)).toEqual([
    "dropped, first:",
    "  line 3: a 0.250: One number differs.",
    "  line 4: a 0.250: One number differs.",
    "  line 5: a 0.250: One number differs.",
    "unscored, first:",
    "  line 2: b skipped: No context.",
    "  line 7: Line 7 is not JSON.",
  ]);
});

test("only evaluators that decide are named", () => {
  const examples = createRowExamples(["b"]);
  examples.add(row(1, "dropped", [failed, evaluation("b", "fail", "Rude."), evaluation("c", "fail", "Long.")]));
  examples.add(row(2, "unscored", [failed, evaluation("b", "timeout", "Slow.")]));
  expect(examples.lines(200)).toEqual([
    "dropped, first:",
    "  line 1: b 0.250: Rude.",
    "unscored, first:",
    "  line 2: b timeout: Slow.",
  ]);
});

test("several reasons stand beside each other, on one line that fits and cannot steer the terminal", () => {
  const examples = createRowExamples(undefined);
  examples.add(row(1, "dropped", [failed, evaluation("b", "fail", "x\ny\u001b[31m")]));
  const whole = "  line 1: a 0.250: One number differs.; b 0.250: x y\ufffd[31m";
  expect(examples.lines(whole.length)[1]).toBe(whole);
  expect(examples.lines(whole.length - 1)[1]).toBe(`${whole.slice(0, -2)}…`);
});

test("where every row is kept there is nothing to say", () => {
  const examples = createRowExamples(undefined);
  examples.add(row(1, "kept", []));
  expect(examples.lines(80)).toEqual([]);
});
