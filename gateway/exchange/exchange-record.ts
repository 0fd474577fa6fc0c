import type { ErrorCode } from "../errors.ts";
import type { Evaluation } from "../../evaluators/index.ts";
import type { ModelConfig } from "../config.ts";
import type { Verdict } from "../guardrails/decide.ts";
import type { WireName } from "../providers/provider.ts";

/** What is known of an exchange when it has ended, without any of its text: for metrics and for the log. */
export interface ExchangeRecord {
  /** Empty where a request left no trace of its own. */
  readonly traceId: string;
  readonly wire: WireName;
  readonly path: string;
  /** Undefined for a request that named no known model, or needs none. */
  readonly alias: string | undefined;
  readonly role: ModelConfig["role"] | undefined;
  /** `provider/model` that answered. */
  readonly target: string | undefined;
  readonly caller: string | undefined;
  readonly stream: boolean;
  readonly status: number;
  readonly error: ErrorCode | undefined;
  /** A reply that is a plain error has none. */
  readonly verdict: Verdict | undefined;
  readonly evaluations: readonly Pick<Evaluation, "evaluator" | "outcome">[];
  readonly attempts: number;
  readonly durationMs: number;
  readonly timeToFirstByteMs: number | undefined;
  /** Undefined where nobody told apart what judges took. */
  readonly overheadMs: number | undefined;
  readonly upstreamMs: number;
  readonly judgeMs: number;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  /** USD; null when it is not known. */
  readonly generationUsd: number | null;
  readonly judgeUsd: number | null;
  /** Whether the answer cache had the answer; undefined where it was not asked. */
  readonly cache: "hit" | "miss" | undefined;
}

/** What was said in an exchange, for a log that is to hold it. */
export interface Said {
  readonly input: string;
  /** What the client was sent, as text: of a withheld answer, why it was withheld. */
  readonly output: string;
  /** The sentence of the error with which it ended. */
  readonly error: string | undefined;
}
