import type { Decision, Evaluation } from "../evaluators/index.ts";
import type { ChatAnswer } from "./chat-answers.ts";

/** One model on one row. Without an answer there is a `problem`, and the row is asked again next time. */
export interface AnsweredSide {
  readonly model: string;
  readonly answer?: ChatAnswer;
  readonly decision: Decision;
  readonly evaluations: readonly Evaluation[];
  readonly problem?: string;
}

/** A row as both models answered it, a line of `--out`. */
export interface ComparedRow {
  readonly row: number;
  readonly hash: string;
  readonly source?: unknown;
  readonly problem?: string;
  /** Why nobody was asked; the row is not finished. */
  readonly notRun?: string;
  readonly student?: AnsweredSide;
  readonly teacher?: AnsweredSide;
}

/** The aliases under comparison. */
export interface Models {
  readonly student: string;
  readonly teacher: string | undefined;
}
