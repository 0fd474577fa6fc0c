/**
 * Pairs as many of the `left` with one of the `right` each as can be paired at all (augmenting paths after Kuhn, 1955): a
 * choice that seemed right first is taken back when it stands in the way. The result has the index in `right` for each of
 * `left`, or undefined where none was free.
 */
export function pair<L, R>(
  left: readonly L[],
  right: readonly R[],
  fits: (left: L, right: R) => boolean,
): readonly (number | undefined)[] {
  const candidates = left.map((one) => right.flatMap((other, at) => (fits(one, other) ? [at] : [])));
  const takenBy = new Map<number, number>();
  for (const index of left.keys()) augment(index, candidates, takenBy);
  const pairs: (number | undefined)[] = left.map(() => undefined);
  for (const [at, index] of takenBy) pairs[index] = at;
  return pairs;
}

/** Looks breadth first for the shortest chain of exchanges that ends at one who is free, and carries it out. */
function augment(from: number, candidates: readonly (readonly number[])[], takenBy: Map<number, number>): void {
  const reachedFrom = new Map<number, number>();
  const waiting = [from];
  for (const index of waiting) {
    for (const at of candidates[index] ?? []) {
      if (reachedFrom.has(at)) continue;
      reachedFrom.set(at, index);
      const holder = takenBy.get(at);
      if (holder === undefined) return exchange(at, { reachedFrom, takenBy, from });
      waiting.push(holder);
    }
  }
}

interface Chain {
  readonly reachedFrom: ReadonlyMap<number, number>;
  readonly takenBy: Map<number, number>;
  readonly from: number;
}

function exchange(last: number, { reachedFrom, takenBy, from }: Chain): void {
  const held = new Map([...takenBy].map(([at, index]) => [index, at]));
  let at: number | undefined = last;
  while (at !== undefined) {
    const index = reachedFrom.get(at);
    if (index === undefined) return;
    takenBy.set(at, index);
    at = index === from ? undefined : held.get(index);
  }
}
