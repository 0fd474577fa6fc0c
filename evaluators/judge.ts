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
  /** What the answer must look like, for providers that can be held to it. The answer is checked all the same. */
  readonly schema?: AnswerSchema;
  /** 0 when absent; more only where several independent answers are wanted. */
  readonly temperature?: number;
  /** Asks for the probabilities of the answer's tokens. A provider that does not know them leaves them out. */
  readonly logprobs?: boolean;
}

/** A JSON Schema with the name under which a provider knows it. */
export interface AnswerSchema {
  readonly name: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** A token of the answer, natural logarithm of its probability, and the likeliest ones in its place. */
export interface TokenProbability {
  readonly token: string;
  readonly logprob: number;
  readonly top: readonly { readonly token: string; readonly logprob: number }[];
}

/** What the judge model said, word for word. */
export interface JudgeReply {
  readonly text: string;
  readonly model: string;
  readonly usage: Usage | null;
  /** USD; null when the price is not known. */
  readonly costUsd: number | null;
  /** The tokens of `text` in order; absent when they were not asked for or are not known. */
  readonly logprobs?: readonly TokenProbability[];
}

/**
 * Asks a model. Rejects with `EvaluatorError` (`judge_failed`, `timeout`, `cancelled`) when there is no answer; an answer
 * of any text resolves, and the protocol in `judge/` decides what it is worth.
 */
export interface Judge {
  (request: JudgeRequest): Promise<JudgeReply>;
  /** Names the model and everything about it that changes answers; verdicts are kept only of a judge that has one. */
  readonly identity?: string;
}
