import { expect, test } from "vitest";
import { formatTarget, parseTarget } from "../../../evaluators/calibration/target.ts";

test.each([
  ["precision=0.95", { kind: "precision", value: 0.95 }],
  ["fpr=0.01", { kind: "fpr", value: 0.01 }],
  ["youden", { kind: "youden" }],
  ["f1", { kind: "f1" }],
])("%s is a target and is written as it was read", (text, target) => {
  expect(parseTarget(text)).toEqual(target);
  expect(formatTarget(parseTarget(text))).toBe(text);
});

test.each([
  "",
  "precision",
  "precision=",
  "precision= ",
  "precision=0",
  "precision=1",
  "precision=1.5",
  "precision=-0.5",
  "precision=high",
  "precision=0.9=0.8",
  "fpr",
  "youden=0.5",
  "f1=0.5",
  "recall=0.5",
  "Precision=0.5",
])("%j is none, and the way out is named", (text) => {
  expect(() => parseTarget(text)).toThrow(
    `"${text}" is no target. Use precision=0.95, fpr=0.01 (a share between 0 and 1), youden or f1.`,
  );
});
