import type { Evaluation } from "../../evaluators/index.ts";
import type { FailAction } from "./config.ts";
import type { Effect, Guardrail } from "./guardrail.ts";

/** How far an exchange has come, which decides what can still be done about what fails. */
export interface Progress {
  /** Answers that were generated so far. */
  readonly attempts: number;
  /** Since the request came in. */
  readonly elapsedMs: number;
  /** What generations have cost so far, as far as it is known. */
  readonly usd: number;
  /** True when what is examined has been redacted already: what still fails cannot be mended so. */
  readonly isRedacted: boolean;
  /** What was tried and brought nothing, or cannot be done. */
  readonly exhausted: readonly FailAction[];
  /** Aliases that a guardrail has sent the request to in place of the one that was asked for. */
  readonly fellBackTo: readonly string[];
}

/** One guardrail's result and what it means for what was examined. */
export interface Finding {
  readonly guardrail: Guardrail;
  readonly evaluation: Evaluation;
  readonly effect: Effect;
}

/** What the client is told of an exchange as a whole. */
export type Verdict = "allow" | "redact" | "block" | "degraded";

/** What an evaluation means for an answer, as far as the exchange has come. */
export function effectOf(guardrail: Guardrail, evaluation: Evaluation, progress: Progress): Effect {
  const { outcome, error } = evaluation;
  if (outcome === "pass" || guardrail.mode === "observe") return "allow";
  if (outcome === "fail")
    return guardrail.onFail.find((action) => isPossible(action, guardrail, evaluation, progress)) ?? "block";
  if (error?.code === "budget") return guardrail.budget.on_exceed === "block" ? "block" : "degraded";
  if (error?.code === "too_long") return guardrail.hold.on_exceed === "block" ? "block" : "degraded";
  return guardrail.onUnexamined[outcome];
}

function isPossible(action: FailAction, guardrail: Guardrail, evaluation: Evaluation, progress: Progress): boolean {
  if (progress.exhausted.includes(action)) return false;
  if (action === "redact") return !progress.isRedacted && canBeRedacted(evaluation);
  if (action === "fallback")
    return guardrail.fallback !== undefined && !progress.fellBackTo.includes(guardrail.fallback);
  return action !== "regenerate" || mayAnswerAgain(guardrail, progress);
}

/** True where the evaluator says which stretches of the text are at fault. */
export function canBeRedacted({ claims = [] }: Pick<Evaluation, "claims">): boolean {
  return claims.some(({ verdict }) => verdict === "violation");
}

function mayAnswerAgain({ regenerate }: Guardrail, { attempts, elapsedMs, usd, fellBackTo }: Progress): boolean {
  const { attempts: most, withinMs, maxUsd = Number.POSITIVE_INFINITY } = regenerate;
  return attempts < most && elapsedMs < withinMs && usd < maxUsd && fellBackTo.length === 0;
}

/** The weightier comes first: what withholds most decides. */
const byWeight: readonly Effect[] = ["block", "fallback", "regenerate", "redact", "degraded", "flag", "allow"];

/** What several findings come to. */
export function strongest(findings: readonly Finding[]): Effect {
  return byWeight.find((effect) => findings.some((finding) => finding.effect === effect)) ?? "allow";
}

/** True for an answer that will not be sent as it is nor mended, so that nothing else need be asked about it. */
export function isDiscarded(effect: Effect): boolean {
  return effect === "block" || effect === "fallback" || effect === "regenerate";
}

/**
 * True where nothing else need be asked: what is discarded will not leave. A request that another alias is to answer is the same
 * request, about which the other guardrails have not been heard.
 */
export function endsExamination(stage: Guardrail["stage"], effect: Effect): boolean {
  return stage === "input" ? effect === "block" : isDiscarded(effect);
}

/** True for an evaluator that was stopped because another had decided, or the client had left. */
export function wasCancelled({ evaluation }: Finding): boolean {
  return evaluation.error?.code === "cancelled";
}

/** The finding that an effect comes from: one that was cancelled decides only where there is no other. */
export function decidingFinding(findings: readonly Finding[], effect: Effect): Finding | undefined {
  const deciding = findings.filter((finding) => finding.effect === effect);
  return effect === "allow" ? undefined : (deciding.find((finding) => !wasCancelled(finding)) ?? deciding[0]);
}

/** What findings make of an exchange in which they were acted upon. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  const effects = new Set(findings.map(({ effect }) => effect));
  if (effects.has("block")) return "block";
  if (effects.has("degraded")) return "degraded";
  return effects.has("redact") ? "redact" : "allow";
}

const verdicts: readonly Verdict[] = ["block", "degraded", "redact", "allow"];

/** The verdict of several stages: the one that says most against the answer. */
export function worst(given: readonly Verdict[]): Verdict {
  return verdicts.find((verdict) => given.includes(verdict)) ?? "allow";
}

/** The same evaluations where the exchange has come further. */
export function reconsidered(findings: readonly Finding[], progress: Progress): Finding[] {
  return findings.map(({ guardrail, evaluation }) => ({
    guardrail,
    evaluation,
    effect: effectOf(guardrail, evaluation, progress),
  }));
}
