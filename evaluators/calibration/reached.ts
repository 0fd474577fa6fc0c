import type { EvaluatorCard } from "./card.ts";
import { exactLowerBound, exactUpperBound } from "./exact.ts";
import type { Judged } from "./fit.ts";
import { rateOf } from "./measure.ts";
import { newcombeDifference } from "./statistics.ts";
import type { Target } from "./target.ts";

type Reached = Pick<EvaluatorCard, "reached" | "because">;

/** Whether the rows that were left out show a precision or a share of false passes, by the exact bound of Clopper and Pearson. */
export function reachedOnOthers(
  judged: readonly Judged[],
  { kind, value }: Extract<Target, { value: number }>,
): Reached {
  const rate =
    kind === "precision"
      ? rateOf(
          judged.filter((row) => row.passed),
          (row) => row.good,
        )
      : rateOf(
          judged.filter((row) => !row.good),
          (row) => row.passed,
        );
  const [successes, total] = [rate.successes / rate.designEffect, rate.total / rate.designEffect];
  const [low, high] = [exactLowerBound(successes, total), exactUpperBound(successes, total)];
  const shown = kind === "precision" ? low >= value : high <= value;
  const refuted = kind === "precision" ? high < value : low > value;
  const reached = shown ? "yes" : refuted ? "no" : "unsure";
  const because = `On rows that were left out, ${rate.successes} of ${rate.total} make the ${kind} ${between(low, high)} with 95 % confidence on either side.`;
  return { reached, because };
}

/** Whether verdicts on rows that were left out tell good rows from bad ones at all. */
export function betterThanChance(judged: readonly Judged[]): Reached {
  const share = (good: boolean) =>
    rateOf(
      judged.filter((row) => row.good === good),
      (row) => row.passed,
    );
  const [low, high] = newcombeDifference(share(true), share(false));
  const reached = low > 0 ? "yes" : high < 0 ? "no" : "unsure";
  const because = `On rows that were left out, the share of good rows that pass less the share of bad ones is ${between(low, high)} (95 % interval); 0 is chance.`;
  return { reached, because };
}

function between(low: number, high: number): string {
  return `${low.toFixed(3)} to ${high.toFixed(3)}`;
}
