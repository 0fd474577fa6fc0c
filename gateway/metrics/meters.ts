import type { Counter, Registry } from "prom-client";

// prom-client checks and hashes the labels of every sample, which would cost more than all else that is counted of a
// request. So samples are added up here, and handed over as its own kind of values at a scrape.

/** Label values of one sample. */
export type Labels = Readonly<Record<string, string>>;

/** Counts or measures something, by label values; a counter grows by 1 when no value is given. */
export type Instrument<Label extends string = string> = (
  labels: Readonly<Record<Label, string>>,
  value?: number,
) => void;

export interface MeterOptions {
  readonly name: string;
  readonly help: string;
  readonly registry: Registry;
  /** Combinations of label values; what comes after is counted as `other`, so that whatever callers send, a scrape stays small. */
  readonly mostSeries: number;
}

export function createCounter({ mostSeries, ...options }: MeterOptions): Instrument {
  const series = createSeries(mostSeries, () => ({ value: 0 }));
  register(options, "counter", () => series.all().map(({ labels, sums }) => ({ labels, value: sums.value })));
  return (labels, value = 1) => {
    series.of(labels).value += value;
  };
}

/** Counts values by the bucket they fall into, and adds them up. `buckets` are upper bounds, ascending. */
export function createHistogram({ mostSeries, ...options }: MeterOptions, buckets: readonly number[]): Instrument {
  const series = createSeries(mostSeries, () => ({ sum: 0, counts: [...buckets, Infinity].map(() => 0) }));
  register(options, "histogram", () =>
    series.all().flatMap(({ labels, sums }) => histogramValues(options.name, labels, buckets, sums)),
  );
  return (labels, value = 0) => {
    const sums = series.of(labels);
    let bucket = 0;
    while (value > (buckets[bucket] ?? Infinity)) bucket += 1;
    sums.counts[bucket] = (sums.counts[bucket] ?? 0) + 1;
    sums.sum += value;
  };
}

interface HistogramSums {
  sum: number;
  readonly counts: number[];
}

/** Each bucket holds those below it as well. */
function histogramValues(name: string, labels: Labels, buckets: readonly number[], { sum, counts }: HistogramSums) {
  let below = 0;
  const filled = [...buckets, "+Inf"].map((le, position) => {
    below += counts[position] ?? 0;
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: below };
  });
  return [
    ...filled,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: below },
  ];
}

function register(
  { name, help, registry }: Omit<MeterOptions, "mostSeries">,
  type: "counter" | "histogram",
  values: () => readonly object[],
): void {
  const metric = { name, help, type, aggregator: "sum" };
  // All that a registry asks of a metric, as prom-client's own aggregated ones have it.
  registry.registerMetric({ ...metric, get: async () => ({ ...metric, values: values() }) } as unknown as Counter);
}

/** Sums by label values, one level for each label: looking up strings that are there already makes no new one. */
interface Level<Sums> {
  readonly below: Map<string, Level<Sums>>;
  series: Series<Sums> | undefined;
}

interface Series<Sums> {
  readonly labels: Labels;
  readonly sums: Sums;
}

/** The sums of every combination of label values. */
function createSeries<Sums>(mostSeries: number, create: () => Sums) {
  const top: Level<Sums> = { below: new Map(), series: undefined };
  const all: Series<Sums>[] = [];
  const add = (labels: Labels): Sums => {
    let level = top;
    for (const name in labels) {
      const next = level.below.get(labels[name] ?? "") ?? { below: new Map(), series: undefined };
      level.below.set(labels[name] ?? "", next);
      level = next;
    }
    if (!level.series) all.push((level.series = { labels, sums: create() }));
    return level.series.sums;
  };
  return {
    all: (): readonly Series<Sums>[] => all,
    of(labels: Labels): Sums {
      let level: Level<Sums> | undefined = top;
      for (const name in labels) level = level?.below.get(labels[name] ?? "");
      if (level?.series) return level.series.sums;
      if (all.length < mostSeries) return add(labels);
      return add(Object.fromEntries(Object.keys(labels).map((name) => [name, "other"])));
    },
  };
}
