import type { Context, SpanContext } from "@opentelemetry/api";
import {
  type BegunExamination,
  type Cache,
  type Evaluation,
  type Evaluator,
  type EvaluatorCard,
  EvaluatorError,
  evaluateOne,
  type Judge,
  type Sample,
  startTimer,
} from "../../evaluators/index.ts";
import { attribute, type AttributeValues, openSpan, type OpenSpan, type Tracing } from "../../tracing/index.ts";
import { type EvaluationRecord, recordOfEvaluation } from "../metrics/evaluation-record.ts";
import { decidingFinding, effectOf, endsExamination, isDiscarded, strongest } from "./decide.ts";
import type { Finding, Progress } from "./decide.ts";
import type { Effect, Guardrail } from "./guardrail.ts";
import { allowanceOf, type JudgeLedger, spentSentence } from "./judge-budget.ts";

/** Why an evaluator cannot look at something. */
export interface Unable {
  /** What is unreadable makes a sample that lacks something; the others are errors. */
  readonly code: "budget" | "too_long" | "unreadable";
  /** A sentence, or of what is unreadable the words for what is lacking. */
  readonly why: string;
}

/** What the guardrails of one stage examine, and where their spans hang. */
export interface Subject {
  readonly tracing: Tracing;
  readonly parent: Context;
  /** The generation under examination, which every EVALUATOR span links to. */
  readonly target: SpanContext | undefined;
  readonly attributes: AttributeValues;
  readonly judges: (alias: string) => Judge | undefined;
  readonly cache: Cache;
  readonly cards: readonly EvaluatorCard[];
  readonly signal: AbortSignal | undefined;
  readonly sampleFor: (guardrail: Guardrail) => Sample;
  /** How else the same may be read, for a guardrail that looks for passages; undefined where there is one way only. */
  readonly otherReading?: ((guardrail: Guardrail) => Sample | undefined) | undefined;
  /** Undefined for a guardrail that can examine this. */
  readonly unexaminable?: ((guardrail: Guardrail) => Unable | undefined) | undefined;
  /** What was begun while the answer arrived. */
  readonly begun?: ReadonlyMap<Guardrail, BegunExamination> | undefined;
  readonly progress: Progress;
  /** What judges have taken for this request so far; every judge adds to it. */
  readonly spent: { ms: number; usd: number };
  readonly ledger: JudgeLedger;
  /** Told of a guardrail whose judge had no time left. */
  readonly onShed?: ((guardrail: Guardrail) => void) | undefined;
  /** Told of every evaluation when it has ended. */
  readonly onEvaluation: (record: EvaluationRecord) => void;
  /** Guardrails that do not concern this request, as `name:reason`. */
  readonly notRun: readonly string[];
}

/** What all guardrails of a stage came to. `decidedBy` is the first that was not content. */
export interface Examination {
  readonly effect: Effect;
  readonly decidedBy: Finding | undefined;
  readonly findings: readonly Finding[];
  /** Milliseconds spent waiting for judges. */
  readonly judgeMs: number;
}

/** What nobody had to examine. */
export const nothingExamined: Examination = { effect: "allow", decidedBy: undefined, findings: [], judgeMs: 0 };

/**
 * Examines what is held back: evaluators that are code first, in order, then the judges side by side. What discards an
 * answer ends it, of a request only a block; a block cancels judges that are under way.
 */
export async function examineHeld(
  stage: Guardrail["stage"],
  guardrails: readonly Guardrail[],
  subject: Subject,
): Promise<Examination> {
  const span = openGuardrailSpan(stage, guardrails.some(({ mode }) => mode === "hold") ? "hold" : "window", subject);
  const local = guardrails.filter(isLocal);
  const judged = guardrails.filter((guardrail) => !isLocal(guardrail));
  const findings: Finding[] = [];
  for (const guardrail of local) {
    const finding = await examineOne(guardrail, subject, span, subject.signal);
    findings.push(finding);
    if (endsExamination(stage, finding.effect)) {
      sayNotRun(span, subject, [...local.slice(findings.length), ...judged], `already_${finding.effect}`);
      return close(span, findings, 0);
    }
  }
  if (judged.length === 0) return close(span, findings, 0);
  const started = performance.now();
  findings.push(...(await examineTogether(judged, subject, span)));
  const judgeMs = performance.now() - started;
  subject.spent.ms += judgeMs;
  return close(span, findings, judgeMs);
}

/** Examines what has left already, or what came in: nothing waits and nothing is withheld. */
export async function examineObserved(
  stage: Guardrail["stage"],
  guardrails: readonly Guardrail[],
  subject: Subject,
): Promise<Examination> {
  const span = openGuardrailSpan(stage, "observe", subject);
  const findings = await Promise.all(
    guardrails.map((guardrail) => examineOne(guardrail, subject, span, subject.signal)),
  );
  return close(span, findings, 0);
}

function sayNotRun(span: OpenSpan, { notRun }: Subject, others: readonly Guardrail[], reason: string): void {
  const cancelled = others.map(({ evaluator }) => `${evaluator.name}:${reason}`);
  span.set({ [attribute.guardrailNotRun]: [...notRun, ...cancelled] });
}

async function examineTogether(guardrails: readonly Guardrail[], subject: Subject, span: OpenSpan): Promise<Finding[]> {
  const decided = new AbortController();
  const signal = subject.signal ? AbortSignal.any([subject.signal, decided.signal]) : decided.signal;
  return Promise.all(
    guardrails.map(async (guardrail) => {
      const finding = await examineOne(guardrail, subject, span, signal);
      if (finding.effect === "block") decided.abort();
      return finding;
    }),
  );
}

async function examineOne(
  guardrail: Guardrail,
  subject: Subject,
  span: OpenSpan,
  signal: AbortSignal | undefined,
): Promise<Finding> {
  const evaluation = await evaluated(guardrail, subject, span, signal);
  subject.onEvaluation(recordOfEvaluation(guardrail.evaluator, evaluation, guardrail.mode));
  return { guardrail, evaluation, effect: effectOf(guardrail, evaluation, subject.progress) };
}

async function evaluated(
  guardrail: Guardrail,
  subject: Subject,
  span: OpenSpan,
  signal: AbortSignal | undefined,
): Promise<Evaluation> {
  const why = subject.unexaminable?.(guardrail);
  if (why) return evaluateBy(unable(guardrail.evaluator, why), guardrail, subject, { span, signal });
  if (isLocal(guardrail)) return inEveryReading(guardrail, subject, { span, signal });
  const evaluation = await judgedWithin(guardrail, subject, span, signal);
  const cost = { ms: evaluation.latencyMs, usd: evaluation.costUsd ?? 0 };
  subject.spent.usd += cost.usd;
  if (hasDay(guardrail)) void subject.ledger.add(guardrail.policy, cost);
  return evaluation;
}

/** What passes as it is read may fail as it can be read otherwise. */
async function inEveryReading(
  guardrail: Guardrail,
  subject: Subject,
  place: { readonly span: OpenSpan; readonly signal: AbortSignal | undefined },
): Promise<Evaluation> {
  const { evaluator } = guardrail;
  const evaluation = await evaluateBy(evaluator, guardrail, subject, place);
  const other = evaluation.outcome === "fail" ? undefined : subject.otherReading?.(guardrail);
  if (!other) return evaluation;
  const reread = { ...subject, sampleFor: () => other, begun: undefined };
  const second = await evaluateBy(evaluator, guardrail, reread, place);
  return second.outcome === "pass" || second.outcome === "abstained" ? evaluation : second;
}

/** Asks a judge for as long as its budget allows. */
async function judgedWithin(
  guardrail: Guardrail,
  subject: Subject,
  span: OpenSpan,
  signal: AbortSignal | undefined,
): Promise<Evaluation> {
  const allowance = await allowanceOf(guardrail, subject.spent, subject.ledger);
  if ("spent" in allowance) {
    if (!allowance.isMoney) subject.onShed?.(guardrail);
    const why = { code: "budget", why: allowance.spent } as const;
    return evaluateBy(unable(guardrail.evaluator, why), guardrail, subject, { span, signal });
  }
  if (allowance.ms >= guardrail.timeoutMs) return evaluateBy(guardrail.evaluator, guardrail, subject, { span, signal });
  const over = new AbortController();
  const sentence = spentSentence(`${Math.round(allowance.ms)} ms were left`, guardrail.policy);
  const timer = startTimer(() => {
    subject.onShed?.(guardrail);
    over.abort(new EvaluatorError("budget", sentence));
  }, allowance.ms);
  try {
    const either = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
    return await evaluateBy(guardrail.evaluator, guardrail, subject, { span, signal: either });
  } finally {
    clearTimeout(timer);
  }
}

function hasDay({ budget }: Guardrail): boolean {
  return budget.judge_ms_per_day !== undefined || budget.judge_usd_per_day !== undefined;
}

/** The evaluator in a world where it cannot look: its evaluation says why, on its span as well. */
function unable(evaluator: Evaluator, { code, why }: Unable): Evaluator {
  if (code === "unreadable") return { ...evaluator, missing: () => [why] };
  return { ...evaluator, missing: () => [], examine: () => Promise.reject(new EvaluatorError(code, why)) };
}

function evaluateBy(
  evaluator: Evaluator,
  guardrail: Guardrail,
  { tracing, target, attributes, judges, cache, cards, sampleFor, begun }: Subject,
  { span, signal }: { readonly span: OpenSpan; readonly signal: AbortSignal | undefined },
): Promise<Evaluation> {
  return evaluateOne(evaluator, sampleFor(guardrail), {
    judges,
    cache,
    cards,
    signal,
    timeoutMs: guardrail.timeoutMs,
    begun: evaluator === guardrail.evaluator ? begun?.get(guardrail) : undefined,
    tracing: {
      tracer: tracing.tracer,
      parent: span.context,
      target,
      mode: guardrail.mode,
      attributes,
      maxValueBytes: tracing.maxValueBytes,
    },
  });
}

/** True for an evaluator that asks no judge. */
export function isLocal({ evaluator }: Pick<Guardrail, "evaluator">): boolean {
  return evaluator.options.engine === "local";
}

function openGuardrailSpan(stage: Guardrail["stage"], mode: Guardrail["mode"], subject: Subject): OpenSpan {
  const { tracing, parent, attributes, notRun } = subject;
  return openSpan(
    tracing.tracer,
    `guardrail ${stage}`,
    {
      kind: "GUARDRAIL",
      parent,
      attributes: {
        ...attributes,
        [attribute.guardrailStage]: stage,
        [attribute.guardrailMode]: mode,
        [attribute.guardrailNotRun]: notRun.length === 0 ? undefined : [...notRun],
      },
    },
    tracing.maxValueBytes,
  );
}

/** What a GUARDRAIL span calls an effect. */
const actionNames: Readonly<Record<Effect, string>> = {
  allow: "pass",
  degraded: "pass",
  flag: "flag",
  redact: "redact",
  regenerate: "regenerate",
  fallback: "fallback",
  block: "block",
};

/** Says on the span what the guardrails found and what follows, two different things: a verdict of `deny` may be let through. */
function close(span: OpenSpan, findings: readonly Finding[], judgeMs: number): Examination {
  const effect = strongest(findings);
  const decidedBy = decidingFinding(findings, effect);
  const failed = findings.some(({ evaluation }) => evaluation.outcome === "fail");
  const isUnexamined = findings.some(({ evaluation: { outcome } }) => outcome !== "pass" && outcome !== "fail");
  const isLogged = failed && (effect === "allow" || effect === "degraded");
  span.set({
    [attribute.guardrailVerdict]: failed || isDiscarded(effect) ? "deny" : isUnexamined ? "warn" : "allow",
    [attribute.guardrailAction]: isLogged ? "log" : actionNames[effect],
    [attribute.guardrailDecidedBy]: decidedBy?.evaluation.evaluator,
    [attribute.outputMimeType]: "application/json",
  });
  span.setBody(
    attribute.outputValue,
    JSON.stringify(findings.map(({ evaluation, effect: each }) => ({ ...summarize(evaluation), effect: each }))),
  );
  span.end();
  return { effect, decidedBy, findings, judgeMs };
}

/** What findings come to that were not made in one go. */
export function examinationOf(findings: readonly Finding[]): Examination {
  const effect = strongest(findings);
  return { effect, decidedBy: decidingFinding(findings, effect), findings, judgeMs: 0 };
}

/** The part of an evaluation that a client may see: it repeats nothing of the examined text. */
export function summarize({ evaluator, outcome, score, threshold, reason }: Evaluation) {
  return { evaluator, outcome, score, threshold, reason };
}
