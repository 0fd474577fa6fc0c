import { AggregatorRegistry } from "prom-client";
import type { MetricsPart } from "./metrics.ts";

/** What several workers counted, as one text: counters and histograms are summed, levels as each of them says. */
export function mergeMetrics(parts: readonly MetricsPart[]): Promise<string> {
  return aggregated(parts).metrics();
}

/** The same as data, which can be merged again. */
export function joinMetrics(parts: readonly MetricsPart[]): Promise<MetricsPart> {
  return aggregated(parts).getMetricsAsJSON();
}

function aggregated(parts: readonly MetricsPart[]) {
  return AggregatorRegistry.aggregate(parts.map((part) => [...part]));
}
