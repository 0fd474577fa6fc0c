import type { Context } from "@opentelemetry/api";
import type { Usage } from "./evaluation.ts";

/** One message to a judge. */
export interface JudgeMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** A question to a judge model. */
export interface JudgeRequest {
  readonly messages: readonly JudgeMessage[];
  /** Upper limit of the answer, in tokens. */
  readonly maxTokens: number;
  readonly signal: AbortSignal;
  /** Where the judge call's span hangs: under the evaluator's own. */
  readonly parent: Context;
  /** Name of the evaluator that asks, for the span. */
  readonly evaluator: string;
}

/** What the judge model said, word for word. */
export interface JudgeReply {
  readonly text: string;
  readonly model: string;
  readonly usage: Usage | null;
  /** USD; null when the price is not known. */
  readonly costUsd: number | null;
}

/**
 * Asks a model. Rejects with `EvaluatorError` (`judge_failed`, `timeout`, `cancelled`) when there is no answer; an answer
 * of any text resolves, and the protocol in `judge/` decides what it is worth.
 */
export type Judge = (request: JudgeRequest) => Promise<JudgeReply>;
