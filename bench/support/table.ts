import { median, type Measurement } from "./measurement.ts";

/** One measurement, and what it is of. */
export interface Round {
  readonly round: number;
  readonly scenario: string;
  readonly contestant: string;
  readonly measurement: Measurement;
}

/** The medians over all rounds of one contestant in one scenario. */
export interface Result extends Omit<Measurement, "generator"> {
  readonly scenario: string;
  readonly contestant: string;
}

/** Medians over the rounds; requests and errors are sums. In the order in which they were first measured. */
export function resultsOf(rounds: readonly Round[]): readonly Result[] {
  const groups = Map.groupBy(rounds, ({ scenario, contestant }) => `${scenario}\n${contestant}`);
  return [...groups].map(([key, group]) => {
    const [scenario = "", contestant = ""] = key.split("\n");
    const measurements = group.map(({ measurement }) => measurement);
    const middle = (read: (one: Measurement) => number): number => median(measurements.map(read));
    const first = (read: (one: Measurement) => number | null): number | null =>
      measurements.some((one) => read(one) === null) ? null : middle((one) => read(one) ?? Number.NaN);
    return {
      scenario,
      contestant,
      requests: measurements.reduce((sum, { requests }) => sum + requests, 0),
      errors: measurements.reduce((sum, { errors }) => sum + errors, 0),
      requestsPerSecond: middle(({ requestsPerSecond }) => requestsPerSecond),
      p50: middle(({ p50 }) => p50),
      p99: middle(({ p99 }) => p99),
      firstTokenP50: first(({ firstTokenP50 }) => firstTokenP50),
      firstTokenP99: first(({ firstTokenP99 }) => firstTokenP99),
    };
  });
}

const header = [
  "",
  "req/s",
  "of direct",
  "of bare",
  "p50 ms",
  "p99 ms",
  "added p50",
  "first p50",
  "first p99",
  "errors",
];

/** A table for each scenario. The first contestant is the yardstick "direct", the second "bare". */
export function tableOf(results: readonly Result[]): string {
  const scenarios = [...Map.groupBy(results, ({ scenario }) => scenario)];
  return scenarios
    .map(([scenario, group]) => `${scenario}\n${lay([header, ...group.map((one) => row(one, group))])}`)
    .join("\n\n");
}

function row(result: Result, [direct, bare]: readonly Result[]): readonly string[] {
  const share = (other: Result | undefined): string =>
    other === undefined ? "-" : `${((100 * result.requestsPerSecond) / other.requestsPerSecond).toFixed(1)} %`;
  return [
    result.contestant,
    result.requestsPerSecond.toFixed(0),
    share(direct),
    share(bare),
    result.p50.toFixed(3),
    result.p99.toFixed(3),
    (result.p50 - (direct?.p50 ?? Number.NaN)).toFixed(3),
    result.firstTokenP50?.toFixed(3) ?? "-",
    result.firstTokenP99?.toFixed(3) ?? "-",
    String(result.errors),
  ];
}

function lay(rows: readonly (readonly string[])[]): string {
  const widths = header.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows
    .map((cells) =>
      cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
    )
    .join("\n");
}
