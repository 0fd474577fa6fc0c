import { expect, test } from "vitest";
import { isRowEvaluation } from "../../../evaluators/batch/row-evaluation.ts";

const evaluation = {
  evaluator: "pii",
  version: "v",
  outcome: "pass",
  path: [{ stage: "local", cached: false }],
  costUsd: null,
  usage: null,
};
const line = (more: object) => ({
  row: 1,
  hash: "0000000000000001",
  decision: "kept",
  evaluations: [evaluation],
  ...more,
});

test.each([
  {},
  { evaluations: [] },
  ...["dropped", "unscored", "not_run"].map((decision) => ({ decision })),
  { evaluations: [evaluation, { ...evaluation, costUsd: 0.5, usage: { inputTokens: 1, outputTokens: 1 }, path: [] }] },
])("a line that can be counted is a row: %j", (more) => {
  expect(isRowEvaluation(line(more))).toBe(true);
});

test.each([
  { decision: "passed" },
  { decision: undefined },
  { evaluations: undefined },
  { evaluations: {} },
  ...[
    { evaluator: 1 },
    { version: undefined },
    { outcome: "passed" },
    { outcome: undefined },
    { path: "local" },
    { path: ["local"] },
    { path: [null] },
    { costUsd: "1" },
    { costUsd: undefined },
    { usage: 7 },
  ].map((wrong) => ({ evaluations: [evaluation, { ...evaluation, ...wrong }] })),
  { evaluations: [null] },
  { evaluations: ["pass"] },
])("a line that cannot be counted is none: %j", (more) => {
  expect(isRowEvaluation(line(more))).toBe(false);
});
