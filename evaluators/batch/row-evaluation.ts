import { type Evaluation, outcomes } from "../evaluation.ts";
import type { JournalLine } from "./journal-lines.ts";

/**
 * What becomes of a row. `kept`: every required evaluator passed. `dropped`: one of them failed. `unscored`: neither, because
 * one could not decide or the row could not be read. `not_run`: nobody looked, the budget was spent.
 */
export type Decision = "kept" | "dropped" | "unscored" | "not_run";

/** All four, in the order in which tables show them. */
export const decisions = ["kept", "dropped", "unscored", "not_run"] as const satisfies readonly Decision[];

/** One row of a batch, examined. */
export interface RowEvaluation {
  /** Its line in a JSONL text, from 1, or its place among objects. */
  readonly row: number;
  /** 16 hexadecimal digits of a sha256 of what the row holds. */
  readonly hash: string;
  readonly decision: Decision;
  /** The row as it was given, every column; undefined where it could not be read. */
  readonly source?: unknown;
  /** Why there are no evaluations, as a sentence. */
  readonly problem?: string;
  /** In the order in which the evaluators were named; empty where `problem` says why. */
  readonly evaluations: readonly Evaluation[];
  /** The trace that holds the row's EVALUATOR spans; absent when nothing was traced. */
  readonly traceId?: string;
}

/** What the evaluations of a row say together. */
export function decide(evaluations: readonly Evaluation[], isRequired: (name: string) => boolean): Decision {
  const required = evaluations.filter(({ evaluator }) => isRequired(evaluator));
  if (required.some(({ outcome }) => outcome === "fail")) return "dropped";
  return required.length > 0 && required.every(({ outcome }) => outcome === "pass") ? "kept" : "unscored";
}

/** Whether a line that was read from a file is a row of a batch, as far as counting it goes. */
export function isRowEvaluation(line: JournalLine): line is RowEvaluation {
  const { decision, evaluations } = line as Partial<RowEvaluation>;
  if (!decisions.some((known) => known === decision) || !Array.isArray(evaluations)) return false;
  return evaluations.every((each) => isEvaluation(each));
}

function isEvaluation(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { evaluator, version, outcome, path, costUsd, usage } = value as Partial<Record<keyof Evaluation, unknown>>;
  if (typeof evaluator !== "string" || typeof version !== "string" || !isPath(path)) return false;
  if (!outcomes.some((known) => known === outcome)) return false;
  return (costUsd === null || typeof costUsd === "number") && typeof usage === "object";
}

function isPath(path: unknown): boolean {
  return Array.isArray(path) && path.every((step) => typeof step === "object" && step !== null);
}
