import type { Evaluator } from "../define-evaluator.ts";
import { EvaluatorUsageError } from "../errors.ts";
import { evaluateOne, type EvaluateOptions } from "../evaluate.ts";
import type { Evaluation } from "../evaluation.ts";
import type { EvaluationTracing } from "../evaluator-span.ts";
import type { Sample } from "../sample.ts";
import type { Meter } from "./budget.ts";
import type { InputRow } from "./read-rows.ts";
import { sampleIn } from "./row-sample.ts";
import { decide, type RowEvaluation } from "./row-evaluation.ts";

/** Where the spans of one row go. */
export interface RowPlace {
  readonly tracing: EvaluationTracing;
  readonly traceId: string;
  /** Called when the row is done. */
  close(): void;
}

/** What all rows of a batch share. */
export interface BatchJob {
  readonly evaluators: readonly Evaluator[];
  readonly meter: Meter;
  readonly options: Omit<EvaluateOptions, "tracing"> & {
    readonly required?: readonly string[] | undefined;
    readonly place?: ((row: InputRow) => RowPlace) | undefined;
  };
}

/** Examines one row. Rejects only when `place` throws something else than `EvaluatorUsageError`. */
export async function evaluateRow(row: InputRow, job: BatchJob): Promise<RowEvaluation> {
  const { meter, evaluators, options } = job;
  const identity = { row: row.row, hash: row.hash, ...("source" in row ? { source: row.source } : {}) };
  const without = (decision: "unscored" | "not_run", problem: string): RowEvaluation => ({
    ...identity,
    decision,
    problem,
    evaluations: [],
  });
  if (row.problem !== undefined) return without("unscored", row.problem);
  if (meter.refusal !== undefined) return without("not_run", meter.refusal);
  let place: RowPlace | undefined;
  try {
    const sample = sampleIn(row.source);
    place = options.place?.(row);
    const { tracing, traceId } = place ?? {};
    const evaluations = await Promise.all(evaluators.map((each) => evaluateMetered(each, sample, job, tracing)));
    if (evaluations.some(({ error }) => error?.code === "budget")) {
      return without("not_run", meter.refusal ?? "The budget is spent.");
    }
    const { required } = options;
    const decision = decide(evaluations, (name) => required?.includes(name) ?? true);
    return { ...identity, decision, evaluations, ...(traceId === undefined ? {} : { traceId }) };
  } catch (error) {
    if (error instanceof EvaluatorUsageError) return without("unscored", error.message);
    throw error;
  } finally {
    place?.close();
  }
}

/** Runs one evaluator, its judge calls counted. */
export async function evaluateMetered(
  evaluator: Evaluator,
  sample: Sample,
  { meter, options }: BatchJob,
  tracing: EvaluationTracing | undefined,
): Promise<Evaluation> {
  let calls = 0;
  const count = (): void => void (calls += 1);
  const { judge, judges } = options;
  const evaluation = await evaluateOne(evaluator, sample, {
    ...options,
    tracing,
    judge: judge && meter.counted(judge, count),
    judges: judges && ((alias) => counted(judges(alias))),
  });
  function counted(found: ReturnType<NonNullable<typeof judges>>) {
    return found && meter.counted(found, count);
  }
  // An evaluator that brings its own judge is counted by what it says that it used.
  if (calls === 0 && evaluation.usage !== null) meter.add(evaluation.usage, evaluation.costUsd);
  return evaluation;
}
