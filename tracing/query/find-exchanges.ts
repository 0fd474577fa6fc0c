import { attribute } from "../attributes.ts";
import { askTraces, type SpanSource } from "./ask-traces.ts";
import { collectSpans } from "./collect-spans.ts";
import { textOf } from "./find-evaluations.ts";

/** Which exchanges to find. An absent member does not restrict. */
export type ExchangeQuery = SpanSource & {
  /** `allow`, `redact`, `block` or `degraded`. */
  readonly verdict: string;
  readonly alias?: string | undefined;
  readonly session?: string | undefined;
  readonly since: Date;
  readonly until: Date;
  /** Most rows, the newest; all by default. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** One exchange, read from its root span. What the span does not say is null. */
export interface ExchangeRow {
  /** When the exchange began, ISO 8601. */
  readonly time: string;
  readonly model: string | null;
  readonly verdict: string | null;
  /** The evaluator that decided. */
  readonly by: string | null;
  readonly traceId: string;
  readonly spanId: string;
}

/** Finds exchanges by their verdict, newest first. Works where `findEvaluations` does and rejects as it does. */
export async function findExchanges(query: ExchangeQuery): Promise<readonly ExchangeRow[]> {
  const { verdict, alias, session, since, until, limit, signal } = query;
  const attributes = {
    [attribute.verdict]: verdict,
    ...(alias !== undefined && { [attribute.alias]: alias }),
    ...(session !== undefined && { [attribute.sessionId]: session }),
  };
  const spans = await collectSpans(askTraces(query, signal), { attributes, since, until, limit });
  return spans.map((span) => ({
    time: span.startedAt.toISOString(),
    model: textOf(span, attribute.alias),
    verdict: textOf(span, attribute.verdict),
    by: textOf(span, attribute.verdictBy),
    traceId: span.traceId,
    spanId: span.spanId,
  }));
}
