import type { CommonOptions, Evaluator } from "../define-evaluator.ts";
import { EvaluatorUsageError } from "../errors.ts";
import type { Evaluation } from "../evaluation.ts";
import { probabilityOf } from "./probability.ts";
import type { EvaluatorCard } from "./card.ts";
import type { Band } from "./band.ts";

/** What calibration settles. */
export interface FittedOptions {
  readonly threshold?: number;
  readonly band?: Band;
}

/** Makes the evaluator that is calibrated with other options and everything else as it is. */
export type Configure = (fitted: FittedOptions) => Evaluator;

/** Whose card is wanted: the version, which stands for the evaluator under any name, and the judge where one is asked. */
export interface Subject {
  readonly version: string;
  /** The judge's identity; undefined when it has none or none is asked. */
  readonly judge?: string | undefined;
}

/**
 * The card that speaks for an evaluator: made for the same version and, where a judge was asked, for the same judge. A judge
 * that does not say which it is has no card. Of several the one made last.
 */
export function findCard(cards: readonly EvaluatorCard[], subject: Subject): EvaluatorCard | undefined {
  return cards
    .filter((card) => matches(card, subject))
    .toSorted((a, b) => b.madeAt.localeCompare(a.madeAt))
    .at(0);
}

function matches(card: EvaluatorCard, { version, judge }: Subject): boolean {
  return card.version === version && (card.engine === "local" || (card.judge !== null && card.judge === judge));
}

/**
 * The evaluation as a card makes it: `calibrated`, and with a verdict also `confidence`, the probability that the verdict is
 * right. Without a matching card it is returned as it was.
 */
export function withCard(evaluation: Evaluation, cards: readonly EvaluatorCard[], judge?: string): Evaluation {
  const card = findCard(cards, { version: evaluation.version, judge });
  if (!card) return evaluation;
  if (evaluation.score === null) return { ...evaluation, calibrated: true };
  const good = probabilityOf(card.calibrator, evaluation.score);
  return { ...evaluation, calibrated: true, confidence: evaluation.outcome === "pass" ? good : 1 - good };
}

/** The options that a card settles, for an evaluator that has them. */
export function fittedBy(card: EvaluatorCard, options: CommonOptions): FittedOptions {
  const { threshold, band } = card;
  return { threshold, ...(band && "band" in options ? { band: [band.low, band.high] } : {}) };
}

/**
 * The evaluator with the threshold and the band of its card. Throws `EvaluatorUsageError` when the card was made for another
 * evaluator or another version.
 */
export function applyCard(evaluator: Evaluator, card: EvaluatorCard, configure: Configure): Evaluator {
  const applied = configure(fittedBy(card, evaluator.options));
  if (applied.version === card.version) return applied;
  throw new EvaluatorUsageError(
    `The card of "${card.evaluator}" speaks for version ${card.version}; "${evaluator.name}" with the card's threshold is version ${applied.version}: its prompt, patterns, weights or options are others. Calibrate it: proctor calibrate ${evaluator.name}.`,
  );
}
