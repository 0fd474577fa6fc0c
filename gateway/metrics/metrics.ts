import { Registry } from "prom-client";
import type { ExchangeRecord } from "../exchange/exchange-record.ts";
import type { EvaluationRecord } from "./evaluation-record.ts";
import { createGauges, createInstruments, type Gauges, type Instruments } from "./instruments.ts";
import { processMetrics } from "./process-metrics.ts";

/** What is the case at the moment of a scrape. */
export interface Levels {
  /** Work under way after its reply. */
  readonly background: number;
  readonly providers: readonly { readonly provider: string; readonly active: number; readonly waiting: number }[];
  readonly breakers: readonly { readonly target: string; readonly state: "closed" | "half_open" | "open" }[];
}

/** What one process counted, as data that can be sent to another: for `mergeMetrics`. */
export type MetricsPart = readonly object[];

/**
 * Counts what the gateway does, in Prometheus' terms. Label values come from the configuration only: a model that is not
 * known is `unknown`. Outlives a gateway, so that a reload does not set the counters back.
 */
export interface Metrics {
  exchangeBegan(): void;
  exchangeEnded(record: ExchangeRecord): void;
  evaluationEnded(record: EvaluationRecord): void;
  backgroundLost(count: number): void;
  shadowDropped(alias: string): void;
  /** Reads these from now on at every scrape, in place of those before. */
  watch(levels: () => Levels): void;
  /** The text that `GET /metrics` answers. */
  text(): Promise<string>;
  part(): Promise<MetricsPart>;
}

/** `mostSeries`: combinations of label values that one metric may have; what comes after is counted as `other`. */
export function createMetrics({ mostSeries = 2000 }: { readonly mostSeries?: number } = {}): Metrics {
  const registry = new Registry();
  const instruments = createInstruments(registry, mostSeries);
  const gauges = createGauges(registry);
  let underWay = 0;
  let levels: () => Levels = () => ({ background: 0, providers: [], breakers: [] });
  instruments.backgroundLost({}, 0);
  const all = (): Registry => {
    setLevels(gauges, levels(), underWay);
    return Registry.merge([processMetrics(), registry]);
  };
  processMetrics();
  return {
    exchangeBegan: () => void (underWay += 1),
    exchangeEnded(record) {
      underWay -= 1;
      countExchange(instruments, record);
    },
    evaluationEnded: (record) => countEvaluation(instruments, record),
    backgroundLost: (count) => instruments.backgroundLost({}, count),
    shadowDropped: (alias) => instruments.shadowDropped({ alias }),
    watch: (read) => void (levels = read),
    text: () => all().metrics(),
    part: () => all().getMetricsAsJSON(),
  };
}

function countExchange(instruments: Instruments, record: ExchangeRecord): void {
  const { path, status, error, timeToFirstByteMs, target = "none", verdict = "none" } = record;
  const { alias = error === "model_not_found" ? "unknown" : "none" } = record;
  const answered = { alias, target, verdict };
  instruments.requests({ path, alias, target, verdict, status: `${Math.floor(status / 100)}xx` });
  if (error !== undefined) instruments.errors({ path, alias, code: error });
  if (record.attempts > 0) instruments.attempts({ alias }, record.attempts);
  countUsage(instruments, record, alias, target);
  if (record.cache !== undefined) instruments.answerCache({ alias, result: record.cache });
  instruments.duration(answered, record.durationMs / 1000);
  if (timeToFirstByteMs !== undefined) instruments.timeToFirstToken(answered, timeToFirstByteMs / 1000);
  if (record.overheadMs !== undefined) instruments.overhead({ path }, record.overheadMs / 1000);
}

function countUsage(instruments: Instruments, record: ExchangeRecord, alias: string, target: string): void {
  const { role = "unknown", inputTokens = 0, outputTokens = 0, generationUsd } = record;
  if (inputTokens > 0) instruments.tokens({ alias, target, direction: "input" }, inputTokens);
  if (outputTokens > 0) instruments.tokens({ alias, target, direction: "output" }, outputTokens);
  if (generationUsd !== null && generationUsd > 0) instruments.cost({ role, alias, target }, generationUsd);
}

function countEvaluation(instruments: Instruments, record: EvaluationRecord): void {
  const { evaluator, outcome, mode, costUsd, judge = "unknown", latencyMs } = record;
  instruments.evaluations({ evaluator, outcome, mode });
  instruments.evaluationDuration({ evaluator }, latencyMs / 1000);
  if (costUsd !== null && costUsd > 0) instruments.cost({ role: "judge", alias: judge, target: "none" }, costUsd);
}

const breakerValues = { closed: 0, half_open: 1, open: 2 } as const;

function setLevels(gauges: Gauges, { background, providers, breakers }: Levels, underWay: number): void {
  gauges.inFlight.set(underWay);
  gauges.background.set(background);
  // What a reload took away must not stand there for ever.
  for (const gauge of [gauges.active, gauges.waiting, gauges.breaker]) gauge.reset();
  for (const { provider, active, waiting } of providers) {
    gauges.active.set({ provider }, active);
    gauges.waiting.set({ provider }, waiting);
  }
  for (const { target, state } of breakers) gauges.breaker.set({ target }, breakerValues[state]);
}
