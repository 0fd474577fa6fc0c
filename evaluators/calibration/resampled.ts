import { type Confusion, confusionOf, kappaOf } from "./agreement.ts";
import { type Grouped, groupsOf } from "./groups.ts";
import { bootstrapByCounts, type BootstrapOptions, type Interval } from "./statistics.ts";

interface Labelled extends Grouped {
  readonly good: boolean;
}

/** Bootstrap interval of kappa between verdicts and labels; groups are drawn whole. */
export function kappaInterval(
  rows: readonly (Labelled & { readonly passed: boolean })[],
  options?: BootstrapOptions,
): Interval {
  const counts = groupsOf(rows).map(confusionOf);
  return bootstrapByCounts(counts.length, (times) => kappaOf(sumOf(counts, times)), options);
}

function sumOf(counts: readonly Confusion[], times: Uint32Array): Confusion {
  const sum = { truePass: 0, falseFail: 0, trueFail: 0, falsePass: 0 };
  for (const [at, count] of counts.entries()) {
    const drawn = times[at] ?? 0;
    sum.truePass += drawn * count.truePass;
    sum.falseFail += drawn * count.falseFail;
    sum.trueFail += drawn * count.trueFail;
    sum.falsePass += drawn * count.falsePass;
  }
  return sum;
}

/** Bootstrap interval of the area under the ROC curve; groups are drawn whole. */
export function areaInterval(
  rows: readonly (Labelled & { readonly score: number })[],
  options?: BootstrapOptions,
): Interval {
  const groups = groupsOf(rows);
  const ranked = groups
    .flatMap((group, at) => group.map(({ score, good }) => ({ score, good, group: at })))
    .toSorted((a, b) => a.score - b.score);
  return bootstrapByCounts(groups.length, (times) => areaOf(ranked, times), options);
}

/** The Mann-Whitney statistic of rows in the order of their scores, each counted as often as its group was drawn. */
function areaOf(
  ranked: readonly { readonly score: number; readonly good: boolean; readonly group: number }[],
  times: Uint32Array,
): number {
  let [wins, good, badBelow, badTied, tie] = [0, 0, 0, 0, Number.NaN];
  let goodTied = 0;
  const settle = (): void => {
    wins += goodTied * (badBelow + badTied / 2);
    good += goodTied;
    badBelow += badTied;
    [goodTied, badTied] = [0, 0];
  };
  for (const row of ranked) {
    if (row.score !== tie) settle();
    tie = row.score;
    if (row.good) goodTied += times[row.group] ?? 0;
    else badTied += times[row.group] ?? 0;
  }
  settle();
  return wins / (good * badBelow);
}
