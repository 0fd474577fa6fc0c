import { type Interval, type Outcome, wilsonInterval } from "../evaluators/index.ts";
import { type GuardrailEvaluation, wasCancelled } from "./guardrails-report-evaluations.ts";
import { type Change, changeOf, changes, effectOn, type Policy, type PolicyFor } from "./guardrails-report-policy.ts";

/** What one version of an evaluator found in the answers of one model, at one stage. */
export interface ReportRow {
  readonly model: string;
  readonly version: string;
  readonly modes: readonly string[];
  /** When the first and the last of its evaluations began, ISO 8601. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly policy: Policy;
  /** Evaluations that ended by themselves; the six outcomes add up to it. */
  readonly evaluated: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Evaluations that were stopped; they are counted nowhere else but in what judges cost. */
  readonly cancelled: number;
  readonly cached: number;
  /** Answers (requests, at the stage `input`) that were evaluated: fewer than `evaluated` where one was evaluated in parts. */
  readonly subjects: number;
  readonly wouldChange: {
    readonly count: number;
    /** Of `subjects`; null of none. */
    readonly rate: number | null;
    /** 95 %, Wilson's. */
    readonly interval: Interval;
    readonly by: Readonly<Partial<Record<Change, number>>>;
  };
  /** Answers that failed and would leave as they are, because `on_fail` is `flag`. */
  readonly flagged: number;
  /** Answers that were not examined, or only in part, and would leave: their verdict would be `degraded`. */
  readonly unexamined: number;
  /** Nearest rank; null of none. */
  readonly latencyMs: { readonly p50: number; readonly p95: number } | null;
  readonly judgeUsd: {
    readonly total: number;
    readonly perThousand: number | null;
    /** Evaluations that asked a judge and do not say what it cost, so that `total` is too small. */
    readonly unknown: number;
  };
}

/** Makes the row of evaluations that share their model, version, evaluator and stage. There must be one at least. */
export function rowOf(evaluations: readonly GuardrailEvaluation[], policyFor: PolicyFor): ReportRow {
  const [first] = evaluations;
  if (!first) throw new RangeError("A row is made of one evaluation at least.");
  const ended = evaluations.filter((each) => !wasCancelled(each));
  const effects = effectsOn(ended, policyFor);
  const count = (effect: Effect) => [...effects.values()].filter((each) => each === effect).length;
  const changed = changes.map((change) => [change, count(change)] as const).filter(([, number]) => number > 0);
  const changedCount = changed.reduce((sum, [, number]) => sum + number, 0);
  return {
    model: first.model,
    version: first.version,
    modes: [...new Set(evaluations.map(({ mode }) => mode))].toSorted(),
    ...timesOf(evaluations),
    policy: policyFor(first),
    evaluated: ended.length,
    outcomes: countOutcomes(ended),
    cancelled: evaluations.length - ended.length,
    cached: ended.filter(({ isCached }) => isCached).length,
    subjects: effects.size,
    wouldChange: {
      count: changedCount,
      rate: effects.size === 0 ? null : changedCount / effects.size,
      interval: wilsonInterval(changedCount, effects.size),
      by: Object.fromEntries(changed),
    },
    flagged: count("flag"),
    unexamined: count("degraded"),
    latencyMs: latencyOf(ended),
    judgeUsd: costOf(evaluations, ended.length),
  };
}

type Effect = Policy["effects"][Outcome];

/** The strongest first. */
const strength = [...changes, "degraded", "flag", "allow"] as const satisfies readonly Effect[];

/** What becomes of each answer: the strongest of what its evaluations come to. */
function effectsOn(evaluations: readonly GuardrailEvaluation[], policyFor: PolicyFor): ReadonlyMap<string, Effect> {
  const effects = new Map<string, Effect>();
  for (const evaluation of evaluations) {
    const effect = effectOn(evaluation, policyFor(evaluation));
    const known = effects.get(evaluation.subject);
    if (known === undefined || strength.indexOf(effect) < strength.indexOf(known))
      effects.set(evaluation.subject, effect);
  }
  return effects;
}

/** Whether the evaluation by itself would keep its answer from leaving as it is. */
export function wouldChange(evaluation: GuardrailEvaluation, policyFor: PolicyFor): boolean {
  return !wasCancelled(evaluation) && changeOf(effectOn(evaluation, policyFor(evaluation))) !== undefined;
}

function timesOf(evaluations: readonly GuardrailEvaluation[]): Pick<ReportRow, "firstSeen" | "lastSeen"> {
  const times = evaluations.map(({ at }) => at.toISOString()).toSorted();
  return { firstSeen: times[0] ?? "", lastSeen: times.at(-1) ?? "" };
}

function countOutcomes(evaluations: readonly GuardrailEvaluation[]): Record<Outcome, number> {
  const counts = { pass: 0, fail: 0, error: 0, timeout: 0, skipped: 0, abstained: 0 };
  for (const { outcome } of evaluations) counts[outcome] += 1;
  return counts;
}

function latencyOf(evaluations: readonly GuardrailEvaluation[]): ReportRow["latencyMs"] {
  const sorted = Float64Array.from(evaluations, ({ latencyMs }) => latencyMs).sort();
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1];
  const [p50, p95] = [at(0.5), at(0.95)];
  return p50 === undefined || p95 === undefined ? null : { p50, p95 };
}

function costOf(evaluations: readonly GuardrailEvaluation[], evaluated: number): ReportRow["judgeUsd"] {
  const total = evaluations.reduce((sum, { judgeUsd }) => sum + (judgeUsd ?? 0), 0);
  return {
    total,
    perThousand: evaluated === 0 ? null : (1000 * total) / evaluated,
    unknown: evaluations.filter(({ judgeUsd }) => judgeUsd === null).length,
  };
}
