import type { EvaluationError, Usage } from "./evaluation.ts";

export interface EvaluatorErrorOptions extends ErrorOptions {
  readonly retryable?: boolean;
  readonly usage?: Usage | null;
  readonly costUsd?: number | null;
}

/** Thrown inside an evaluator that cannot come to a verdict; `evaluate` turns it into the outcome `error` or `timeout`. */
export class EvaluatorError extends Error {
  override readonly name = "EvaluatorError";
  readonly code: EvaluationError["code"];
  readonly retryable: boolean;
  /** What judge calls used before the evaluator gave up. */
  readonly usage: Usage | null;
  readonly costUsd: number | null;

  constructor(code: EvaluationError["code"], message: string, options: EvaluatorErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.usage = options.usage ?? null;
    this.costUsd = options.costUsd ?? null;
  }
}

/** Thrown at start-up or at the call for a name or an option that does not exist; the message says what does. */
export class EvaluatorUsageError extends Error {
  override readonly name = "EvaluatorUsageError";
}
