import type { EvaluatorCard, Rate } from "./card.ts";
import {
  type MixedGold,
  type ObservedVerdicts,
  type PassRateEstimate,
  predictionPowered,
  roganGladen,
} from "./pass-rate.ts";

export interface EstimateInput {
  /** Verdicts of the batch, without gold rows. */
  readonly observed: ObservedVerdicts;
  /** Says how often the evaluator is right; not needed with enough gold rows. */
  readonly card?: EvaluatorCard | undefined;
  /** Gold rows that were drawn from the same batch at random and mixed in. */
  readonly goldMixed?: MixedGold | undefined;
}

/**
 * How many rows of a batch are really good, with a 95 % interval: from gold rows mixed in where there are at least 20 (they
 * assume nothing), otherwise from the card's true pass and true fail rates at its threshold. Where neither will do, `rate` is null and `because`
 * says why.
 */
export function estimatePassRate({ observed, card, goldMixed }: EstimateInput): PassRateEstimate {
  const mixed = goldMixed && predictionPowered(observed, goldMixed);
  if (mixed && (mixed.rate !== null || !card)) return mixed;
  if (card) return roganGladen(observed, knownRates(card));
  const { passed, failed } = observed;
  const because = "There is neither a card nor a gold row, so nobody knows how often the verdicts are right.";
  return { rate: null, interval: null, method: "none", observed: passed / (passed + failed), because };
}

/** Rows that belong together are worth fewer: both counts shrink alike. */
function knownRates({ atThreshold: { truePassRate, trueFailRate } }: EvaluatorCard) {
  const [goodPassed, goodRows] = independent(truePassRate);
  const [badFailed, badRows] = independent(trueFailRate);
  return { goodRows, goodPassed, badRows, badFailed };
}

function independent({ successes, total, designEffect }: Rate): readonly [number, number] {
  return [successes / designEffect, total / designEffect];
}
