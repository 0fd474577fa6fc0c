import { attribute } from "../attributes.ts";
import { askTraces, type SpanSource } from "./ask-traces.ts";
import { collectSpans, type FoundSpan } from "./collect-spans.ts";

/** Which evaluations to find. An absent member does not restrict. */
export type EvaluationQuery = SpanSource & {
  readonly evaluator?: string | undefined;
  readonly outcome?: string | undefined;
  /** The model name that the client asked for. */
  readonly alias?: string | undefined;
  readonly session?: string | undefined;
  /** The evaluation began at this time or later, */
  readonly since: Date;
  /** and before this one. */
  readonly until: Date;
  /** Most rows, the newest; all by default. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** One evaluation, read from its EVALUATOR span. What the span does not say is null. */
export interface EvaluationRow {
  /** When the evaluation began, ISO 8601. */
  readonly time: string;
  /** The model name that the client asked for. */
  readonly model: string | null;
  readonly target: string | null;
  readonly evaluator: string | null;
  readonly outcome: string | null;
  readonly score: number | null;
  /** First line of the explanation. */
  readonly reason: string | null;
  /** The text that was examined. */
  readonly answer: string | null;
  readonly traceId: string;
  readonly spanId: string;
}

/**
 * Finds evaluations, newest first, late ones (mode `observe`) included. Speaks only Jaeger's `/api/v3`, so it works against a
 * Proctor gateway and against Jaeger 2.19 or newer. Rejects with `SpanQueryError`.
 */
export async function findEvaluations(query: EvaluationQuery): Promise<readonly EvaluationRow[]> {
  const { since, until, limit, signal } = query;
  const spans = await collectSpans(askTraces(query, signal), { attributes: attributesFor(query), since, until, limit });
  return spans.map(toRow);
}

/** A text of an attribute; null when the span does not have it. */
export function textOf({ attributes }: FoundSpan, key: string): string | null {
  const value = attributes[key];
  return typeof value === "string" ? value : null;
}

function attributesFor({ evaluator, outcome, alias, session }: EvaluationQuery): Record<string, string> {
  const both = evaluator !== undefined && outcome !== undefined;
  return {
    [attribute.spanKind]: "EVALUATOR",
    ...(both && { [attribute.evalResult]: `${evaluator}:${outcome}` }),
    ...(!both && evaluator !== undefined && { [attribute.evalName]: evaluator }),
    ...(!both && outcome !== undefined && { [attribute.evalOutcome]: outcome }),
    ...(alias !== undefined && { [attribute.alias]: alias }),
    ...(session !== undefined && { [attribute.sessionId]: session }),
  };
}

function toRow(span: FoundSpan): EvaluationRow {
  const score = span.attributes[attribute.evaluationScore];
  return {
    time: span.startedAt.toISOString(),
    model: textOf(span, attribute.alias),
    target: textOf(span, attribute.target),
    evaluator: textOf(span, attribute.evalName),
    outcome: textOf(span, attribute.evalOutcome),
    score: typeof score === "number" ? score : null,
    reason: textOf(span, attribute.evaluationExplanation)?.split("\n", 1)[0] ?? null,
    answer: answerIn(textOf(span, attribute.inputValue)),
    traceId: span.traceId,
    spanId: span.spanId,
  };
}

/** The `output` of a sample in JSON; of a sample that was cut, as much of it as is there. */
function answerIn(sample: string | null): string | null {
  if (sample === null) return null;
  try {
    const { output } = JSON.parse(sample) as { output?: unknown };
    return typeof output === "string" ? output : null;
  } catch {
    const cut = /(?:^\{|,)"output":"((?:[^"\\]|\\u[0-9a-fA-F]{4}|\\[^u])*)/.exec(sample)?.[1];
    return cut === undefined ? null : (JSON.parse(`"${cut}"`) as string);
  }
}
