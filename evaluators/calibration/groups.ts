import { seededRandom } from "./statistics.ts";

/** Anything that must stay together with what has the same group. */
export interface Grouped {
  readonly group: string;
}

/** Rows by group, in the order in which groups first occur. */
export function groupsOf<Row extends Grouped>(rows: readonly Row[]): readonly (readonly Row[])[] {
  return [...Map.groupBy(rows, ({ group }) => group).values()];
}

/**
 * Divides rows into parts, whole groups at a time: groups are shuffled by the seed, then each goes where the fewest rows of its
 * label mix are, so that every part has about as many good and bad rows. Deterministic, whatever the order of the rows.
 */
export function divide<Row extends Grouped & { readonly good: boolean }>(
  rows: readonly Row[],
  parts: number,
  seed: number,
): readonly (readonly Row[])[] {
  const divided = Array.from({ length: parts }, () => ({ rows: [] as Row[], good: 0, bad: 0 }));
  for (const group of shuffled(groupsOf(rows), seed)) {
    const good = group.filter((row) => row.good).length;
    const bad = group.length - good;
    const load = (part: { readonly good: number; readonly bad: number }): number =>
      (good > 0 ? part.good : 0) + (bad > 0 ? part.bad : 0);
    const emptiest = divided.reduce((least, part) => (load(part) < load(least) ? part : least));
    emptiest.rows.push(...group);
    emptiest.good += good;
    emptiest.bad += bad;
  }
  return divided.map((part) => part.rows);
}

/** By name first, so that the order of the file does not matter (Fisher and Yates's shuffle after that). */
function shuffled<Row extends Grouped>(groups: readonly (readonly Row[])[], seed: number): (readonly Row[])[] {
  const random = seededRandom(seed);
  const all = groups.toSorted((a, b) => ((a[0]?.group ?? "") < (b[0]?.group ?? "") ? -1 : 1));
  for (let at = all.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    const [one, two] = [all[at], all[other]];
    if (one && two) {
      all[at] = two;
      all[other] = one;
    }
  }
  return all;
}

/**
 * How many rows that belong together count as one: 1 + (m - 1) ρ with the size m that a row's group has on average and the
 * correlation ρ of labels within groups (Kish 1965; ρ from the analysis of variance, Donner and Koval 1980, at least 0). 1 when
 * every group is one row. Counts divided by it are worth what as many independent rows are.
 */
export function designEffect<Row extends Grouped & { readonly good: boolean }>(
  rows: readonly Row[],
  counted: readonly Row[] = rows,
): number {
  const sizes = groupsOf(counted).map((group) => group.length);
  const meanSize = sizes.reduce((sum, size) => sum + size ** 2, 0) / Math.max(1, counted.length);
  return 1 + Math.max(0, meanSize - 1) * labelCorrelation(groupsOf(rows));
}

function labelCorrelation(groups: readonly (readonly { readonly good: boolean }[])[]): number {
  const counts = groups.map((rows) => ({ rows: rows.length, good: rows.filter(({ good }) => good).length }));
  const total = counts.reduce((sum, { rows }) => sum + rows, 0);
  const share = counts.reduce((sum, { good }) => sum + good, 0) / total;
  if (groups.length < 2 || total === groups.length) return groups.length < 2 && total > 1 ? 1 : 0;
  const between = counts.reduce((sum, { rows, good }) => sum + rows * (good / rows - share) ** 2, 0);
  const within = counts.reduce((sum, { rows, good }) => sum + (good * (rows - good)) / rows, 0);
  const meanBetween = between / (groups.length - 1);
  const meanWithin = within / (total - groups.length);
  const size = (total - counts.reduce((sum, { rows }) => sum + rows ** 2, 0) / total) / (groups.length - 1);
  const correlation = (meanBetween - meanWithin) / (meanBetween + (size - 1) * meanWithin);
  return Number.isNaN(correlation) ? 0 : Math.max(0, Math.min(1, correlation));
}
