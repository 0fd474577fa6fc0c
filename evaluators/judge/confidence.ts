/** A criterion with the probability that its verdict is "yes". */
export interface LikelyCriterion {
  readonly weight: number;
  readonly must: boolean;
  readonly yes: number;
}

/** Weighted shares are added up on a grid, so that odd weights stay as cheap as even ones. */
const steps = 2_000;

/**
 * Probability that the weighted share of "yes" reaches the threshold with every `must` met, the criteria taken as
 * independent of each other: a sum over a Poisson binomial distribution with weights, step by step.
 */
export function passProbability(criteria: readonly LikelyCriterion[], threshold: number): number {
  const total = criteria.reduce((sum, { weight }) => sum + weight, 0);
  let sums = new Float64Array(steps + 1);
  sums[0] = 1;
  let reached = 0;
  for (const { weight, must, yes } of criteria) {
    reached += weight;
    sums = withCriterion(sums, Math.round((steps * weight) / total), must ? { yes, no: 0 } : { yes, no: 1 - yes });
  }
  if (reached === 0) return 0;
  // Rounded weights miss the threshold by at most half a step each.
  const least = Math.max(0, Math.ceil(steps * threshold - criteria.length / 2));
  return Math.min(
    1,
    sums.slice(Math.min(least, steps)).reduce((sum, probability) => sum + probability, 0),
  );
}

function withCriterion(
  sums: Float64Array<ArrayBuffer>,
  step: number,
  { yes, no }: { readonly yes: number; readonly no: number },
): Float64Array<ArrayBuffer> {
  const next = new Float64Array(sums.length);
  for (const [at, probability] of sums.entries()) {
    if (probability === 0) continue;
    next[at] = (next[at] ?? 0) + probability * no;
    const above = Math.min(at + step, sums.length - 1);
    next[above] = (next[above] ?? 0) + probability * yes;
  }
  return next;
}
