import { seededRandom } from "../../evaluators/calibration/statistics.ts";

/** Divides rows into folds at random, the same way for the same seed; every row is in one. */
export function foldsOf(count: number, folds: number, seed: number): number[] {
  const random = seededRandom(seed);
  const order = Array.from({ length: count }, (_, index) => index);
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other] ?? 0, order[at] ?? 0];
  }
  const fold = Array.from({ length: count }, () => 0);
  for (const [place, index] of order.entries()) fold[index] = place % folds;
  return fold;
}
