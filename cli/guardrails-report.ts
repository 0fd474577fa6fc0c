import { attribute, type SpanSource } from "../tracing/index.ts";
import { adviceOn } from "./guardrails-report-advice.ts";
import { askForTraces } from "./guardrails-report-ask.ts";
import {
  evaluationsIn,
  type GuardrailEvaluation,
  type LeftOut,
  wasCancelled,
} from "./guardrails-report-evaluations.ts";
import { effectOn, type PolicyFor } from "./guardrails-report-policy.ts";
import { type ReportRow, rowOf, wouldChange } from "./guardrails-report-rows.ts";
import { readSlices, type Slice } from "./guardrails-report-slices.ts";

/** Which evaluations to report on. An absent member does not restrict. */
export interface ReportQuery {
  readonly since: Date;
  readonly until: Date;
  readonly model?: string | undefined;
  readonly evaluator?: string | undefined;
  readonly signal: AbortSignal;
}

/** Everything that the guardrails evaluated in a time. */
export interface ReadEvaluations {
  /** Newest first. */
  readonly evaluations: readonly GuardrailEvaluation[];
  readonly leftOut: Readonly<Record<LeftOut, number>>;
  /** Where the server had more than it lists: of these `evaluations` holds a part. */
  readonly incomplete: readonly Slice[];
}

/** Reads the EVALUATOR spans of guardrails, the late ones of observers included. Rejects with `SpanQueryError`. */
export async function readEvaluations(source: SpanSource, query: ReportQuery): Promise<ReadEvaluations> {
  const { since, until, model, evaluator, signal } = query;
  const attributes = {
    [attribute.spanKind]: "EVALUATOR",
    ...(model !== undefined && { [attribute.alias]: model }),
    ...(evaluator !== undefined && { [attribute.evalName]: evaluator }),
  };
  const evaluations: GuardrailEvaluation[] = [];
  const leftOut = { requested: 0, shadow: 0, withoutGuardrail: 0, withoutOutcome: 0 };
  const search = { from: since.getTime(), to: until.getTime(), attributes };
  const incomplete = await readSlices(askForTraces(source, signal), search, (traces, slice) => {
    for (const reading of traces.flatMap((trace) => evaluationsIn(trace, slice, attributes))) {
      if (typeof reading === "string") leftOut[reading] += 1;
      else evaluations.push(reading);
    }
  });
  return { evaluations: evaluations.toSorted(newestFirst), leftOut, incomplete };
}

function newestFirst(a: GuardrailEvaluation, b: GuardrailEvaluation): number {
  return b.at.getTime() - a.at.getTime() || (`${a.traceId} ${a.spanId}` < `${b.traceId} ${b.spanId}` ? -1 : 1);
}

/** What one evaluator found at one stage. */
export interface GuardrailSection {
  readonly evaluator: string;
  readonly stage: "input" | "output";
  /** The modes in which it ran. */
  readonly modes: readonly string[];
  /** By model, and by version where the evaluator changed. */
  readonly rows: readonly ReportRow[];
  /** The newest that would have been changed; where there is none, the newest that failed or were not examined. */
  readonly examples: readonly Example[];
  readonly advice: readonly string[];
}

/** One evaluation to look at. */
export interface Example {
  readonly time: string;
  readonly model: string;
  readonly outcome: string;
  /** What would become of the answer when the guardrail is enforced as it is configured now. */
  readonly effect: string;
  /** What the exchange came to. */
  readonly verdict: string | null;
  readonly reason: string | null;
  readonly traceId: string;
}

/** Sums up evaluations, newest first, by guardrail, model and version. */
export function sectionsOf(
  evaluations: readonly GuardrailEvaluation[],
  policyFor: PolicyFor,
): readonly GuardrailSection[] {
  const groups = Map.groupBy(evaluations, ({ stage, evaluator }) => `${stage} ${evaluator}`);
  return [...groups.keys()].toSorted().flatMap((key) => {
    const group = groups.get(key) ?? [];
    return group[0] ? [sectionOf(group[0], group, policyFor)] : [];
  });
}

function sectionOf(
  { evaluator, stage }: GuardrailEvaluation,
  evaluations: readonly GuardrailEvaluation[],
  policyFor: PolicyFor,
): GuardrailSection {
  const rows = [...Map.groupBy(evaluations, ({ model, version }) => JSON.stringify([model, version])).values()]
    .map((group) => rowOf(group, policyFor))
    .toSorted((a, b) => compare(a.model, b.model) || compare(b.lastSeen, a.lastSeen));
  return {
    evaluator,
    stage,
    modes: [...new Set(rows.flatMap(({ modes }) => modes))].toSorted(),
    rows,
    examples: examplesOf(evaluations, policyFor),
    advice: adviceOn({ evaluator, stage, rows }),
  };
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

const mostExamples = 3;

function examplesOf(evaluations: readonly GuardrailEvaluation[], policyFor: PolicyFor): readonly Example[] {
  const changed = evaluations.filter((each) => wouldChange(each, policyFor));
  const others = evaluations.filter((each) => each.outcome !== "pass" && !wasCancelled(each));
  return (changed.length > 0 ? changed : others).slice(0, mostExamples).map((each) => ({
    time: each.at.toISOString(),
    model: each.model,
    outcome: each.outcome,
    effect: effectOn(each, policyFor(each)),
    verdict: each.verdict,
    reason: each.reason,
    traceId: each.traceId,
  }));
}
