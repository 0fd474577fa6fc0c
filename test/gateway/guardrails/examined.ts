import { ROOT_CONTEXT } from "@opentelemetry/api";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { createMemoryCache, type Judge, type JudgeRequest } from "../../../evaluators/index.ts";
import type { Subject } from "../../../gateway/guardrails/examine.ts";
import type { Guardrail } from "../../../gateway/guardrails/guardrail.ts";
import { createMemoryLedger } from "../../../gateway/guardrails/judge-budget.ts";
import type { EvaluationRecord } from "../../../gateway/metrics/evaluation-record.ts";
import { defaultMaxValueBytes, type Tracing } from "../../../tracing/index.ts";
import { atFirst } from "./guarded.ts";

/** What came of an examination besides its result. */
export interface Traces {
  readonly subject: Subject;
  readonly records: readonly EvaluationRecord[];
  readonly shed: readonly Guardrail[];
  readonly spans: () => readonly ReadableSpan[];
}

/** An answer that says "good", and nobody to judge it, with some of it changed. */
export function answer(changes: Partial<Subject> = {}, maxValueBytes = defaultMaxValueBytes): Traces {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const records: EvaluationRecord[] = [];
  const shed: Guardrail[] = [];
  const tracing: Tracing = {
    tracer: provider.getTracer("test"),
    store: undefined,
    otlp: undefined,
    maxValueBytes,
    isRecording: () => true,
    contextFrom: () => ROOT_CONTEXT,
    flush: async () => {},
    shutdown: async () => {},
  };
  const subject: Subject = {
    tracing,
    parent: ROOT_CONTEXT,
    target: undefined,
    attributes: {},
    judges: () => undefined,
    cache: createMemoryCache(),
    cards: [],
    signal: undefined,
    sampleFor: () => ({ output: "good" }),
    progress: atFirst,
    spent: { ms: 0, usd: 0 },
    ledger: createMemoryLedger(),
    onShed: (guardrail) => void shed.push(guardrail),
    onEvaluation: (record) => void records.push(record),
    notRun: [],
    ...changes,
  };
  return { subject, records, shed, spans: () => exporter.getFinishedSpans() };
}

/** A judge that answers each evaluator as the script says, at a quarter of a dollar; undefined never answers. */
export function judgeSaying(script: (evaluator: string) => string | undefined | Promise<string>) {
  const asked: JudgeRequest[] = [];
  const judge: Judge = async (request) => {
    asked.push(request);
    const said = script(request.evaluator);
    const text = said === undefined ? await new Promise<never>(() => {}) : await said;
    return { text, model: "m", usage: { inputTokens: 1, outputTokens: 1 }, costUsd: 0.25 };
  };
  return { judges: () => judge, asked };
}
