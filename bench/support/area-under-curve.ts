/**
 * Area under the ROC curve: the chance that a good row scores higher than a bad one, ties counting half (Hanley and McNeil
 * 1982, the Mann-Whitney statistic). NaN when one of the groups is empty.
 */
export function areaUnderCurve(good: readonly number[], bad: readonly number[]): number {
  const ranked = [
    ...good.map((score) => ({ score, good: true })),
    ...bad.map((score) => ({ score, good: false })),
  ].sort((a, b) => a.score - b.score);
  let wins = 0;
  let badBelow = 0;
  for (let start = 0; start < ranked.length;) {
    const { score } = ranked[start] ?? { score: 0 };
    const tied = ranked.slice(start).findIndex((row) => row.score !== score);
    const group = tied === -1 ? ranked.slice(start) : ranked.slice(start, start + tied);
    const goodHere = group.filter((row) => row.good).length;
    wins += goodHere * (badBelow + (group.length - goodHere) / 2);
    badBelow += group.length - goodHere;
    start += group.length;
  }
  return wins / (good.length * bad.length);
}
