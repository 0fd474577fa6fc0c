import { Gauge, type Registry } from "prom-client";
import { createCounter, createHistogram, type Instrument } from "./meters.ts";

/** Seconds; a model's answer takes from a tenth of a second to minutes. */
const answerBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300];

/** Seconds; what the gateway itself takes. */
const overheadBuckets = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

/** Seconds; code takes a millisecond, a judge some seconds. */
const evaluationBuckets = [0.001, 0.005, 0.02, 0.1, 0.5, 1, 2, 4, 8, 15, 30, 60];

const answered = ["alias", "target", "verdict"] as const;

interface Definition {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  /** Makes it a histogram; a counter without. */
  readonly buckets?: readonly number[];
}

const definitions = {
  requests: {
    name: "proctor_requests_total",
    help: "Requests that have ended.",
    labels: ["path", ...answered, "status"],
  },
  errors: {
    name: "proctor_errors_total",
    help: "Requests that ended with an error, by its code.",
    labels: ["path", "alias", "code"],
  },
  attempts: { name: "proctor_attempts_total", help: "Generations that were begun.", labels: ["alias"] },
  tokens: {
    name: "proctor_tokens_total",
    help: "Tokens of generations, as their providers count them.",
    labels: ["alias", "target", "direction"],
  },
  cost: {
    name: "proctor_cost_usd_total",
    help: "USD, where the price and the usage are known.",
    labels: ["role", "alias", "target"],
  },
  duration: {
    name: "proctor_request_duration_seconds",
    help: "From the first byte of a request to the end of its reply.",
    labels: answered,
    buckets: answerBuckets,
  },
  timeToFirstToken: {
    name: "proctor_time_to_first_token_seconds",
    help: "From the call of a provider to the first byte of its stream.",
    labels: answered,
    buckets: answerBuckets,
  },
  overhead: {
    name: "proctor_overhead_seconds",
    help: "Our own part of a request: the whole less what providers and judges took.",
    labels: ["path"],
    buckets: overheadBuckets,
  },
  evaluations: {
    name: "proctor_evaluations_total",
    help: "Evaluations that have ended, those that only watch included.",
    labels: ["evaluator", "outcome", "mode"],
  },
  evaluationDuration: {
    name: "proctor_evaluation_duration_seconds",
    help: "What an evaluation took, its judge included.",
    labels: ["evaluator"],
    buckets: evaluationBuckets,
  },
  answerCache: {
    name: "proctor_answer_cache_total",
    help: "Requests that looked into the answer cache.",
    labels: ["alias", "result"],
  },
  backgroundLost: {
    name: "proctor_background_work_lost_total",
    help: "Work after a reply that shutdown did not wait for.",
    labels: [],
  },
  shadowDropped: {
    name: "proctor_shadow_dropped_total",
    help: "Copies for a shadow that were left out because there was no room for them.",
    labels: ["alias"],
  },
} as const satisfies Record<string, Definition>;

/** Everything that is counted as it happens. */
export type Instruments = {
  readonly [Key in keyof typeof definitions]: Instrument<(typeof definitions)[Key]["labels"][number]>;
};

/** Registers the instruments. No metric has more than `mostSeries` combinations of label values. */
export function createInstruments(registry: Registry, mostSeries: number): Instruments {
  const made = Object.entries<Definition>(definitions).map(([key, { buckets, ...definition }]) => {
    const options = { ...definition, registry, mostSeries };
    return [key, buckets ? createHistogram(options, buckets) : createCounter(options)];
  });
  return Object.fromEntries(made) as Instruments;
}

/** What is read at the moment of a scrape. */
export type Gauges = ReturnType<typeof createGauges>;

/** Registers the gauges. Over several workers they are summed, except the breakers, whose worst counts. */
export function createGauges(registry: Registry) {
  const gauge = (name: string, help: string, labelNames: string[] = [], aggregator: "sum" | "max" = "sum") =>
    new Gauge({ name, help, labelNames, aggregator, registers: [registry] });
  return {
    inFlight: gauge("proctor_requests_in_flight", "Requests under way."),
    background: gauge("proctor_background_work", "Evaluations and other work under way after their replies."),
    active: gauge("proctor_provider_calls", "Calls that hold a place at a provider.", ["provider"]),
    waiting: gauge("proctor_provider_queue_depth", "Calls that wait for a place at a provider.", ["provider"]),
    breaker: gauge("proctor_breaker_state", "0 closed, 1 half open, 2 open.", ["target"], "max"),
  };
}
