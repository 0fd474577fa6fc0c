import type { Context } from "@opentelemetry/api";
import type { BegunExamination } from "./begin-examination.ts";
import type { Cache } from "./cache.ts";
import { cacheOf } from "./cache/cache-of.ts";
import { rememberVerdicts, type VerdictMemory } from "./cache/verdict-memory.ts";
import type { EvaluatorCard } from "./calibration/card.ts";
import { withCard } from "./calibration/cards.ts";
import { defaultJudge, type Evaluator, type Finding, judgeAliasOf, type Tools } from "./define-evaluator.ts";
import { EvaluatorError } from "./errors.ts";
import type { Evaluation, Step } from "./evaluation.ts";
import { type EvaluationTracing, openEvaluatorSpan, recordEvaluation } from "./evaluator-span.ts";
import type { Judge } from "./judge.ts";
import { startSuspicion } from "./judge/suspicion.ts";
import { builtInEvaluators, type EvaluatorSet } from "./registry.ts";
import { type Sample, toSample } from "./sample.ts";
import { asAbortion, within } from "./within.ts";

export interface EvaluateOptions {
  /** The evaluators that can be named, configured; the built-in ones with their defaults when absent. */
  readonly evaluators?: EvaluatorSet;
  /** Serves evaluators that ask a judge. */
  readonly judge?: Judge | undefined;
  /** Finds the judge behind the alias that an evaluator names; comes before `judge`. */
  readonly judges?: ((alias: string) => Judge | undefined) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which the outcome is `timeout`; 30,000 when absent. */
  readonly timeoutMs?: number | undefined;
  readonly tracing?: EvaluationTracing | undefined;
  /**
   * Where verdicts are kept that a judge with an `identity` had a part in: an equal sample is not judged again by the same
   * evaluator and judge. When absent, in memory for as long as `judge` lives; `bypass` neither looks nor keeps.
   */
  readonly cache?: Cache | "bypass" | undefined;
  /** The examination of this sample that was begun while its answer arrived: it is brought to its end instead of a new one. */
  readonly begun?: BegunExamination | undefined;
  /** Cards that were made by `calibrate`: an evaluation whose evaluator and judge have one is `calibrated`. */
  readonly cards?: readonly EvaluatorCard[] | undefined;
}

const defaultTimeoutMs = 30_000;

/**
 * Runs one or several evaluators on a sample, by name or as they are (a `customJudge`, say), several in parallel. Resolves
 * with a result for each whatever happens inside an evaluator (`error`, `timeout`, `skipped` and `abstained` are results);
 * rejects with `EvaluatorUsageError` only when a name or the sample itself makes no sense.
 */
export function evaluate(which: string | Evaluator, sample: unknown, options?: EvaluateOptions): Promise<Evaluation>;
export function evaluate(
  which: readonly (string | Evaluator)[],
  sample: unknown,
  options?: EvaluateOptions,
): Promise<Evaluation[]>;
export async function evaluate(
  which: string | Evaluator | readonly (string | Evaluator)[],
  sample: unknown,
  options: EvaluateOptions = {},
): Promise<Evaluation | Evaluation[]> {
  const set = options.evaluators ?? builtInEvaluators();
  const parsed = toSample(sample);
  const found = (one: string | Evaluator): Evaluator => (typeof one === "string" ? set.get(one) : one);
  if (typeof which === "string" || "examine" in which) return evaluateOne(found(which), parsed, options);
  const evaluators = which.map(found);
  return Promise.all(evaluators.map((evaluator) => evaluateOne(evaluator, parsed, options)));
}

/** Runs one configured evaluator on a parsed sample. Never rejects. */
export async function evaluateOne(evaluator: Evaluator, sample: Sample, options: EvaluateOptions): Promise<Evaluation> {
  const started = performance.now();
  const span = openEvaluatorSpan(evaluator, options.tracing);
  const suspicion = startSuspicion(evaluator, sample);
  const judgement = await examineWithin(evaluator, sample, options, span.context);
  const found = await suspicion.mark(toEvaluation(evaluator, judgement, performance.now() - started));
  const evaluation = options.cards ? withCard(found, options.cards, judgeIdentity(evaluator, options)) : found;
  recordEvaluation(span, evaluation, sample);
  span.end();
  return evaluation;
}

type Judgement = { finding: Finding } | { missing: readonly string[] } | { failure: EvaluatorError };

async function examineWithin(
  evaluator: Evaluator,
  sample: Sample,
  options: EvaluateOptions,
  parent: Context,
): Promise<Judgement> {
  const { signal, timeoutMs = defaultTimeoutMs } = options;
  const missing = missingIn(evaluator, sample);
  if ("failure" in missing || missing.missing.length > 0) return missing;

  try {
    const { finding, memory } = await within({ timeoutMs, signal, what: "evaluation" }, async (limited) => {
      const cache = options.cache === "bypass" ? undefined : (options.cache ?? cacheOf(options.judge));
      const remembered = rememberVerdicts(evaluator.version, sample, cache);
      const tools = toolsFor(evaluator, options, remembered, { signal: limited, parent, cache });
      const examined = options.begun ? options.begun.end() : evaluator.examine(sample, tools);
      return { finding: checked(evaluator, await Promise.race([examined, remembered.known])), memory: remembered };
    });
    memory.keep(finding);
    return { finding };
  } catch (error) {
    return { failure: asEvaluatorError(error) };
  }
}

function missingIn(evaluator: Evaluator, sample: Sample) {
  try {
    return { missing: evaluator.missing(sample) };
  } catch (error) {
    return { failure: asEvaluatorError(error) };
  }
}

/** What the evaluator is handed. Its judge is found when it is asked for, so that code never fails for the lack of one. */
function toolsFor(
  evaluator: Evaluator,
  options: EvaluateOptions,
  memory: VerdictMemory,
  given: Pick<Tools, "signal" | "parent" | "cache">,
): Tools {
  let judge: Judge | undefined;
  return {
    get judge() {
      judge ??= memory.of(judgeFor(evaluator, options));
      return judge;
    },
    ...given,
  };
}

/** A score that is no number between 0 and 1 is a broken evaluator, not a verdict. */
function checked(evaluator: Evaluator, finding: Finding): Finding {
  if ("abstained" in finding || (finding.score >= 0 && finding.score <= 1)) return finding;
  throw new EvaluatorError(
    "internal",
    `Evaluator "${evaluator.name}" scored ${String(finding.score)}, which is not between 0 and 1.`,
  );
}

function judgeFor(evaluator: Evaluator, options: EvaluateOptions): Judge {
  const alias = evaluator.options.judge ?? defaultJudge;
  const found = judgeBehind(alias, options);
  if (found) return found;
  throw new EvaluatorError(
    "judge_failed",
    `Evaluator "${evaluator.name}" asks the judge "${alias}", and there is none. Name a model alias as its "judge", or pass { judge } to evaluate().`,
  );
}

function judgeBehind(alias: string, { judge, judges }: EvaluateOptions): Judge | undefined {
  return judges?.(alias) ?? judge;
}

/** Undefined for an evaluator that asks none, and for a judge that does not say which it is. */
export function judgeIdentity(evaluator: Evaluator, options: EvaluateOptions = {}): string | undefined {
  const alias = judgeAliasOf(evaluator);
  return alias === undefined ? undefined : judgeBehind(alias, options)?.identity;
}

function toEvaluation(evaluator: Evaluator, judgement: Judgement, latencyMs: number): Evaluation {
  const { name, version, options } = evaluator;
  const base = {
    evaluator: name,
    version,
    engine: options.engine,
    threshold: options.threshold,
    score: null,
    confidence: null,
    calibrated: false,
    path: [],
    usage: null,
    costUsd: null,
    latencyMs,
    error: null,
  } as const;
  if ("missing" in judgement) {
    const fields = judgement.missing.join(" and ");
    return { ...base, outcome: "skipped", reason: `Not examined: the sample has no ${fields}.` };
  }
  if ("failure" in judgement) {
    const { code, message, retryable, usage, costUsd } = judgement.failure;
    const outcome = code === "timeout" ? "timeout" : "error";
    return { ...base, outcome, reason: message, usage, costUsd, error: { code, message, retryable } };
  }
  const { finding } = judgement;
  const spent = {
    path: finding.path ?? [onlyStep(evaluator, finding, latencyMs)],
    usage: finding.usage ?? null,
    costUsd: finding.costUsd ?? null,
  };
  if ("abstained" in finding) return { ...base, ...spent, outcome: "abstained", reason: finding.abstained };
  return {
    ...base,
    ...spent,
    outcome: finding.score >= options.threshold ? "pass" : "fail",
    score: finding.score,
    reason: finding.reason,
    confidence: finding.confidence ?? null,
    ...(finding.claims ? { claims: finding.claims } : {}),
    ...(finding.criteria ? { criteria: finding.criteria } : {}),
  };
}

/** The way of an evaluator that has one engine and says nothing of it. */
function onlyStep({ options }: Evaluator, finding: Finding, ms: number): Step {
  const stage = options.engine === "local" ? "local" : "judge";
  return { stage, decided: !("abstained" in finding), ms, cached: false };
}

/** Turns anything thrown into a known error. What an unknown error says may quote the examined text, so it is not repeated. */
function asEvaluatorError(thrown: unknown): EvaluatorError {
  if (thrown instanceof EvaluatorError) return thrown;
  const name = nameOf(thrown);
  if (name === "TimeoutError" || name === "AbortError") return asAbortion(thrown, "evaluation");
  return new EvaluatorError("internal", `The evaluator broke with ${name}.`, { cause: thrown });
}

function nameOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : typeof thrown;
}
