import { errorTypeOf, type Result } from "./run-fault.ts";

/** Counts by what is counted. */
type Counts = Readonly<Record<string, number>>;

/** Requests that were made, by path and alias. */
export function requestsIn(results: readonly Result[]): Counts {
  return sums(results.map(({ path, alias }) => [`${path} ${alias}`, 1]));
}

/** Those that ended with an error, by path, alias and what the root span says. */
export function errorsIn(results: readonly Result[]): Counts {
  const failed = results.filter(({ outcome }) => outcome.type !== "served");
  return sums(failed.map((result) => [`${result.path} ${result.alias} ${errorTypeOf(result)}`, 1]));
}

/** What `/metrics` says of requests. */
export function countedRequests(metrics: string): Counts {
  return sums(
    samplesOf(metrics, "proctor_requests_total").map(([labels, value]) => [
      `${labels["path"]} ${labels["alias"]}`,
      value,
    ]),
  );
}

/** What `/metrics` says of errors. */
export function countedErrors(metrics: string): Counts {
  const samples = samplesOf(metrics, "proctor_errors_total");
  return sums(samples.map(([{ path, alias, code }, value]) => [`${path} ${alias} ${code}`, value]));
}

function samplesOf(metrics: string, name: string): (readonly [Readonly<Record<string, string>>, number])[] {
  const lines = metrics.split("\n").filter((line) => line.startsWith(`${name}{`));
  return lines.map((line) => {
    const labels = [...line.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = "", value = ""]) => [label, value] as const);
    return [Object.fromEntries(labels), Number(line.slice(line.lastIndexOf(" ") + 1))] as const;
  });
}

function sums(entries: readonly (readonly [string, number])[]): Counts {
  const counts: Record<string, number> = {};
  for (const [key, count] of entries) counts[key] = (counts[key] ?? 0) + count;
  return counts;
}
