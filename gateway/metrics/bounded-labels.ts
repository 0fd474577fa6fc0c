/** Label values of one sample. */
export type Labels = Readonly<Record<string, string>>;

/**
 * Keeps a metric to `mostSeries` combinations of label values: past that every new combination is counted under `other`, so
 * that whatever callers send, a scrape stays small.
 */
export function boundedLabels(mostSeries: number): (labels: Labels) => Labels {
  const known = new Set<string>();
  return (labels) => {
    const key = Object.values(labels).join("\u0000");
    if (known.has(key)) return labels;
    if (known.size >= mostSeries) return Object.fromEntries(Object.keys(labels).map((name) => [name, "other"]));
    known.add(key);
    return labels;
  };
}
