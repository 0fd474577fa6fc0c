import { trace } from "@opentelemetry/api";
import { z } from "zod";
import { attribute, openSpan, type OpenSpan } from "../../tracing/index.ts";
import { EvaluatorError, EvaluatorUsageError } from "../errors.ts";
import type { EvaluationError, Usage } from "../evaluation.ts";
import type { EvaluationTracing } from "../evaluator-span.ts";
import type { Judge } from "../judge.ts";
import { allAnswered } from "./all-answered.ts";
import { judgeOrder, type OrderVerdict, type Preference } from "./pair-order.ts";
import { screenSample } from "./screen.ts";
import { sumOf } from "./spending.ts";
import { within } from "../within.ts";

const criterion = z.strictObject({
  id: z.string().regex(/^[A-Za-z][\w-]{0,63}$/, "An id is a short name of letters, digits, _ and -, such as accuracy."),
  /** Asked about which of two answers is better. */
  question: z.string().trim().min(1),
  weight: z.number().positive().default(1),
});

/** The one criterion of a comparison that names none. */
const better = {
  id: "better",
  question:
    "Which answer carries out the input better: does what was asked, precisely and honestly? Length, tone and order do not matter where the input does not ask for them.",
  weight: 1,
};

/** Two answers to compare: what `judgePair` is given, in code and over HTTP. */
export const pairSchema = z.strictObject({
  a: z.string(),
  b: z.string(),
  /** What both answer. */
  input: z.string(),
  /** Passages that the answers may rely on. */
  context: z.array(z.string()).optional(),
  /** Compared one by one, then weighed; which one carries out the input better, when absent. */
  criteria: z
    .array(criterion)
    .min(1)
    .default([better])
    .refine((criteria) => new Set(criteria.map(({ id }) => id)).size === criteria.length, {
      error: "Two criteria have the same id.",
    }),
});

export type Pair = z.input<typeof pairSchema>;

/** What a comparison came to. `preferred` is null unless both orders agree; then `outcome` is `decided`. */
export interface PairJudgement {
  readonly preferred: Preference | null;
  readonly outcome: "decided" | "abstained" | "error" | "timeout";
  /** For people; repeats nothing of the answers. */
  readonly reason: string;
  /** What the judge preferred with `a` shown first, and with `b` shown first. Empty where it was not asked. */
  readonly orders: readonly OrderVerdict[];
  readonly usage: Usage | null;
  /** USD; null when nothing was bought or the price is not known. */
  readonly costUsd: number | null;
  readonly latencyMs: number;
  readonly error: EvaluationError | null;
}

export interface JudgePairOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for both orders; 60,000 when absent. */
  readonly timeoutMs?: number | undefined;
  readonly tracing?: Pick<EvaluationTracing, "tracer" | "parent" | "attributes" | "maxValueBytes"> | undefined;
}

type Verdict = Pick<PairJudgement, "preferred" | "outcome" | "reason" | "orders" | "usage" | "costUsd" | "error">;

/**
 * Compares two answers to the same input, always in both orders, because judges prefer places. Where the orders disagree it
 * abstains. Resolves whatever the judge does (`error` and `timeout` are results); rejects with `EvaluatorUsageError` only
 * when the pair makes no sense.
 */
export async function judgePair(given: Pair, judge: Judge, options: JudgePairOptions = {}): Promise<PairJudgement> {
  const pair = toPair(given);
  const { tracer = trace.getTracer("proctor"), parent, attributes, maxValueBytes } = options.tracing ?? {};
  const about = { kind: "EVALUATOR", parent, attributes: { ...attributes, [attribute.evalName]: "pair" } } as const;
  const span = openSpan(tracer, "evaluate pair", about, maxValueBytes);
  const started = performance.now();
  const verdict = decideByCode(pair) ?? (await decide(pair, judge, options, span));
  const judgement = { ...verdict, latencyMs: performance.now() - started };
  record(span, pair, judgement);
  span.end();
  return judgement;
}

function toPair(given: Pair): z.output<typeof pairSchema> {
  const parsed = pairSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new EvaluatorUsageError(
    `The pair is not right at "${issue?.path.join(".") ?? ""}": ${issue?.message ?? "unreadable"} It looks like {"a": "…", "b": "…", "input": "…"}.`,
  );
}

/** Equal texts are a tie, and a text without an answer in it is nothing to compare: neither needs a judge. */
function decideByCode({ a, b }: z.output<typeof pairSchema>): Verdict | undefined {
  const nothing = { orders: [], usage: null, costUsd: null, error: null };
  const empty = [screenSample({ output: a }) && "a", screenSample({ output: b }) && "b"].filter(Boolean).join(" and ");
  if (empty !== "")
    return { ...nothing, preferred: null, outcome: "abstained", reason: `There is nothing to compare in ${empty}.` };
  if (a.trim() === b.trim())
    return { ...nothing, preferred: "tie", outcome: "decided", reason: "Both answers are the same text." };
  return undefined;
}

async function decide(
  pair: z.output<typeof pairSchema>,
  judge: Judge,
  { signal, timeoutMs = 60_000 }: JudgePairOptions,
  span: OpenSpan,
): Promise<Verdict> {
  try {
    const orders = await within({ timeoutMs, signal, what: "comparison" }, (limited) =>
      allAnswered(
        (["a", "b"] as const).map((first) => judgeOrder(pair, first, { judge, signal: limited, parent: span.context })),
      ),
    );
    return { ...agreementOf(orders), orders, ...sumOf(orders), error: null };
  } catch (thrown) {
    const { code, message, retryable, usage, costUsd } =
      thrown instanceof EvaluatorError
        ? thrown
        : new EvaluatorError(
            "internal",
            `The comparison broke with ${thrown instanceof Error ? thrown.name : typeof thrown}.`,
          );
    const outcome = code === "timeout" ? "timeout" : "error";
    const error = { code, message, retryable };
    return { preferred: null, outcome, reason: message, orders: [], usage, costUsd, error };
  }
}

function agreementOf(orders: readonly OrderVerdict[]): Pick<PairJudgement, "preferred" | "outcome" | "reason"> {
  const [first, second] = orders.map(({ preferred }) => preferred);
  if (first === undefined || second === undefined || first !== second)
    return {
      preferred: null,
      outcome: "abstained",
      reason: `The orders disagree: ${String(first)} with a shown first, ${String(second)} with b shown first.`,
    };
  const reason =
    first === "tie" ? "Neither answer is better, in both orders." : `Answer ${first} is better, in both orders.`;
  return { preferred: first, outcome: "decided", reason };
}

function record(span: OpenSpan, pair: z.output<typeof pairSchema>, judgement: PairJudgement): void {
  const { outcome, preferred, reason, costUsd, error } = judgement;
  span.set({
    [attribute.evalOutcome]: outcome,
    [attribute.evaluationName]: "pair",
    [attribute.evaluationLabel]: preferred ?? outcome,
    [attribute.evaluationAnnotatorKind]: judgement.orders.length > 0 ? "LLM" : "CODE",
    [attribute.evalCost]: costUsd ?? undefined,
  });
  if (error) span.fail(error.code, error.message);
  span.setBody(attribute.evaluationExplanation, reason);
  span.set({ [attribute.inputMimeType]: "application/json", [attribute.outputMimeType]: "application/json" });
  span.setBody(attribute.inputValue, JSON.stringify(pair));
  span.setBody(attribute.outputValue, JSON.stringify(judgement));
}
