/** What one evaluation came to. Only `pass` and `fail` carry a score. */
export type Outcome = "pass" | "fail" | "error" | "timeout" | "skipped" | "abstained";

/** All six, in the order in which tables show them. */
export const outcomes = [
  "pass",
  "fail",
  "error",
  "timeout",
  "skipped",
  "abstained",
] as const satisfies readonly Outcome[];

/** How an evaluator decides: code without a network, a model, or code first and a model where code is unsure. */
export type Engine = "local" | "judge" | "cascade";

/** One passage of the examined text and what was found about it. Offsets are UTF-16 code units, as in JavaScript strings. */
export interface Claim {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The field of the sample that the offsets count in; `output` when absent. */
  readonly field?: "input" | "output" | "reasoning" | "tool_calls";
  /** Which of the tool calls, counted from 0. */
  readonly index?: number;
  readonly verdict: "supported" | "unsupported" | "contradicted" | "unclear" | "violation";
  /** What kind of finding this is, in words that repeat nothing of the text: `number`, `email`, `forbidden_word`. */
  readonly kind?: string;
  /** The passage of the context that decided, word for word; absent when there is none. */
  readonly evidence?: string;
}

/** One criterion of a rubric or one checked constraint. */
export interface Criterion {
  readonly id: string;
  readonly question: string;
  readonly verdict: "yes" | "no" | "not_applicable" | "unsure";
  readonly weight: number;
  /** What the judge leaned on. May quote the examined text, so it goes to spans and never to a client. */
  readonly evidence?: string;
  /** True when the quote in `evidence` was found in the context or the output. */
  readonly quoteVerified?: boolean;
}

/** One stage on the way to the verdict. */
export interface Step {
  readonly stage: Exclude<Engine, "cascade">;
  readonly decided: boolean;
  /** Milliseconds. */
  readonly ms: number;
  readonly cached: boolean;
  readonly score?: number;
}

/** Tokens that judge calls used. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Why an evaluation has no verdict. `message` never contains the examined text. */
export interface EvaluationError {
  readonly code:
    | "timeout"
    | "unparsable"
    | "invalid_input"
    | "judge_failed"
    | "budget"
    | "too_long"
    | "cancelled"
    | "internal";
  readonly message: string;
  readonly retryable: boolean;
}

/**
 * The result of one evaluator on one sample. `score` is null unless `outcome` is `pass` or `fail`, is between 0 and 1,
 * and higher is always better. `reason` is for people and repeats nothing of the examined text, so it can be shown to a
 * client from whom that text is withheld; `claims` and `criteria` hold the passages.
 */
export interface Evaluation {
  readonly evaluator: string;
  /** Changes when the prompt, the patterns, the weights or the options change; 12 hexadecimal digits of a sha256. */
  readonly version: string;
  readonly engine: Engine;
  readonly outcome: Outcome;
  readonly score: number | null;
  readonly threshold: number;
  readonly reason: string;
  readonly claims?: readonly Claim[];
  readonly criteria?: readonly Criterion[];
  /**
   * What in the examined text seems aimed at the judge, by kind, such as `forged_verdict`; absent when nothing does, and where
   * no judge took part. It decides nothing.
   */
  readonly suspected?: readonly string[];
  /** Probability that the verdict is right, from token probabilities or repeated answers of the judge; null when not known. */
  readonly confidence: number | null;
  /** True only with an evaluator card whose version matches. */
  readonly calibrated: boolean;
  readonly path: readonly Step[];
  readonly usage: Usage | null;
  /** USD; null when nothing was bought or the price is not known. */
  readonly costUsd: number | null;
  readonly latencyMs: number;
  readonly error: EvaluationError | null;
}
