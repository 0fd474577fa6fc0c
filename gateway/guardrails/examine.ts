import type { Context, SpanContext } from "@opentelemetry/api";
import {
  type Cache,
  type Evaluation,
  type EvaluatorCard,
  evaluateOne,
  type Judge,
  type Sample,
} from "../../evaluators/index.ts";
import { attribute, type AttributeValues, openSpan, type OpenSpan, type Tracing } from "../../tracing/index.ts";
import { type EvaluationRecord, recordOfEvaluation } from "../metrics/evaluation-record.ts";
import type { Effect, Guardrail } from "./guardrail.ts";

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
  /** Told of every evaluation when it has ended. */
  readonly onEvaluation: (record: EvaluationRecord) => void;
  /** Guardrails that do not concern this request, as `name:reason`. */
  readonly notRun: readonly string[];
}

/** One guardrail's result and what it means for the answer. */
export interface Finding {
  readonly guardrail: Guardrail;
  readonly evaluation: Evaluation;
  readonly effect: Effect;
}

/** What all guardrails of a stage came to. `decidedBy` is the first that was not content. */
export interface Examination {
  readonly effect: Effect;
  readonly decidedBy: Finding | undefined;
  readonly findings: readonly Finding[];
  /** Milliseconds spent waiting for judges. */
  readonly judgeMs: number;
}

/**
 * Examines an answer that is held back: evaluators that are code first, in order, then the judges side by side. The first
 * block ends it and cancels what is under way.
 */
export async function examineHeld(guardrails: readonly Guardrail[], subject: Subject): Promise<Examination> {
  const span = openGuardrailSpan("output", "hold", subject);
  const local = guardrails.filter(isLocal);
  const judged = guardrails.filter((guardrail) => !isLocal(guardrail));
  const findings: Finding[] = [];
  for (const guardrail of local) {
    const finding = await examineOne(guardrail, subject, span, subject.signal);
    findings.push(finding);
    if (finding.effect === "block") {
      const cancelled = [...local.slice(findings.length), ...judged];
      span.set({
        [attribute.guardrailNotRun]: [
          ...subject.notRun,
          ...cancelled.map(({ evaluator }) => `${evaluator.name}:already_blocked`),
        ],
      });
      break;
    }
  }
  if (judged.length === 0 || findings.some(({ effect }) => effect === "block")) return close(span, findings, 0);
  const started = performance.now();
  findings.push(...(await examineTogether(judged, subject, span)));
  return close(span, findings, performance.now() - started);
}

/** Examines what has left already, or what came in: nothing waits and nothing is withheld. */
export async function examineObserved(
  stage: "input" | "output",
  guardrails: readonly Guardrail[],
  subject: Subject,
): Promise<Examination> {
  const span = openGuardrailSpan(stage, "observe", subject);
  const findings = await Promise.all(
    guardrails.map((guardrail) => examineOne(guardrail, subject, span, subject.signal)),
  );
  return close(span, findings, 0);
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
  { tracing, target, attributes, judges, cache, cards, sampleFor, onEvaluation }: Subject,
  span: OpenSpan,
  signal: AbortSignal | undefined,
): Promise<Finding> {
  const evaluation = await evaluateOne(guardrail.evaluator, sampleFor(guardrail), {
    judges,
    cache,
    cards,
    signal,
    timeoutMs: guardrail.timeoutMs,
    tracing: {
      tracer: tracing.tracer,
      parent: span.context,
      target,
      mode: guardrail.mode,
      attributes,
      maxValueBytes: tracing.maxValueBytes,
    },
  });
  onEvaluation(recordOfEvaluation(guardrail.evaluator, evaluation, guardrail.mode));
  return { guardrail, evaluation, effect: guardrail.effects[evaluation.outcome] };
}

function isLocal({ evaluator }: Guardrail): boolean {
  return evaluator.options.engine === "local";
}

function openGuardrailSpan(stage: "input" | "output", mode: Guardrail["mode"], subject: Subject): OpenSpan {
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

/** Says on the span what the guardrails found and what follows, two different things: a verdict of `deny` may be let through. */
function close(span: OpenSpan, findings: readonly Finding[], judgeMs: number): Examination {
  const denied = findings.filter(({ effect }) => effect === "block");
  const deniedBy = denied.find((finding) => !wasCancelled(finding)) ?? denied[0];
  const decidedBy = deniedBy ?? findings.find(({ effect }) => effect === "degraded");
  const effect = decidedBy?.effect ?? "allow";
  const failed = findings.some(({ evaluation }) => evaluation.outcome === "fail");
  span.set({
    [attribute.guardrailVerdict]: deniedBy || failed ? "deny" : effect === "degraded" ? "warn" : "allow",
    [attribute.guardrailAction]: effect === "block" ? "block" : failed ? "log" : "pass",
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

/** True for an evaluator that was stopped because another had decided, or the client had left. */
export function wasCancelled({ evaluation }: Finding): boolean {
  return evaluation.error?.code === "cancelled";
}

/** The part of an evaluation that a client may see: it repeats nothing of the examined text. */
export function summarize({ evaluator, outcome, score, threshold, reason }: Evaluation) {
  return { evaluator, outcome, score, threshold, reason };
}
