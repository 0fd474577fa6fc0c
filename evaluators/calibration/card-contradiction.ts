import type { EvaluatorCard, Rate } from "./card-figures.ts";
import type { Calibrator } from "./probability.ts";
import type { Interval } from "./statistics.ts";

/** What a card says of itself that cannot be true together: the place, and the sentence. */
export interface Contradiction {
  readonly path: string;
  readonly message: string;
}

/**
 * The first figure that contradicts another one: a card that somebody changed by hand or cut. A card that was changed with care
 * is not found out.
 */
export function contradictionIn(card: EvaluatorCard): Contradiction | undefined {
  return [
    ...ofCounts(card),
    ...ofEngine(card),
    ...ofRates("measured", card.measured, card.rows),
    ...ofRates("atThreshold", card.atThreshold, card.rows),
    ...ofInterval("measured.kappa", card.measured.kappa.interval, -1),
    ...ofInterval("measured.areaUnderCurve", card.measured.areaUnderCurve.interval, 0),
    ...ofBins(card),
    ...ofBand(card),
    ...ofCalibrator(card.calibrator),
  ].at(0);
}

/** What arithmetic and decimals may lose. */
const tolerance = 1e-9;

function close(one: number, other: number): boolean {
  return Math.abs(one - other) < tolerance;
}

function when(fails: boolean, path: string, message: string): readonly Contradiction[] {
  return fails ? [{ path, message }] : [];
}

function ofCounts({ rows, prevalence }: EvaluatorCard): readonly Contradiction[] {
  const { error, timeout, skipped, abstained } = rows.unscored;
  return [
    ...when(rows.good + rows.bad !== rows.scored, "rows.scored", "It is not the good rows and the bad ones"),
    ...when(
      rows.scored + error + timeout + skipped + abstained !== rows.given,
      "rows.given",
      "It is not the scored rows and the others",
    ),
    ...when(rows.groups > rows.scored, "rows.groups", "There are more groups than scored rows"),
    ...when(!close(prevalence * rows.scored, rows.good), "prevalence", "It is not the share of good rows"),
  ];
}

function ofEngine({ engine, judge, band }: EvaluatorCard): readonly Contradiction[] {
  return [
    ...when(engine === "local" && judge !== null, "judge", "A local engine asks no judge"),
    ...when(engine === "judge" && band !== null, "band", "An engine without code has no band"),
    ...when(engine === "cascade" && band === null, "band", "A cascade has a band"),
  ];
}

type Rates = EvaluatorCard["atThreshold"];

function ofRates(
  place: string,
  { truePassRate, trueFailRate, precision }: Rates,
  { good, bad }: EvaluatorCard["rows"],
): readonly Contradiction[] {
  const passed = truePassRate.successes + trueFailRate.total - trueFailRate.successes;
  return [
    ...ofRate(`${place}.truePassRate`, truePassRate),
    ...ofRate(`${place}.trueFailRate`, trueFailRate),
    ...ofRate(`${place}.precision`, precision),
    ...when(truePassRate.total !== good, `${place}.truePassRate`, "Its total is not the number of good rows"),
    ...when(trueFailRate.total !== bad, `${place}.trueFailRate`, "Its total is not the number of bad rows"),
    ...when(precision.total !== passed, `${place}.precision`, "Its total is not the number of passed rows"),
  ];
}

function ofRate(place: string, { successes, total, value, interval }: Rate): readonly Contradiction[] {
  const isShare = value === null ? total === 0 : total > 0 && close(value * total, successes);
  return [
    ...when(successes > total || !isShare, `${place}.value`, "It is not successes by total"),
    ...ofInterval(place, interval, 0),
    ...when(
      value !== null && (value < interval[0] - tolerance || value > interval[1] + tolerance),
      `${place}.interval`,
      "It does not hold the value",
    ),
  ];
}

function ofInterval(place: string, [low, high]: Interval, least: number): readonly Contradiction[] {
  return [
    ...when(low > high, `${place}.interval`, "Its ends are in the wrong order"),
    ...when(low < least - tolerance || high > 1 + tolerance, `${place}.interval`, `It leaves ${least} to 1`),
  ];
}

function ofBins({ measured: { bins }, rows }: EvaluatorCard): readonly Contradiction[] {
  const size = bins.reduce((sum, bin) => sum + bin.rows, 0);
  const good = bins.reduce((sum, bin) => sum + bin.goodRows, 0);
  return when(size !== rows.scored || good !== rows.good, "measured.bins", "They do not hold the scored rows");
}

function ofBand({ band, threshold }: EvaluatorCard): readonly Contradiction[] {
  if (band === null) return [];
  return [
    ...when(band.low > threshold || band.high < threshold, "band", "The threshold does not lie in it"),
    ...ofRate("band.decided", band.decided),
    ...ofRate("band.right", band.right),
    ...when(band.right.total !== band.decided.successes, "band.right", "Its total is not the number of decided rows"),
  ];
}

function ofCalibrator(calibrator: Calibrator): readonly Contradiction[] {
  if (calibrator.kind === "platt") return [];
  const { scores, probabilities } = calibrator;
  const falls = (values: readonly number[]): boolean => values.some((value, at) => value < (values[at - 1] ?? value));
  return [
    ...when(scores.length !== probabilities.length, "calibrator", "It has not one probability for each score"),
    ...when(falls(scores), "calibrator.scores", "They fall"),
    ...when(falls(probabilities), "calibrator.probabilities", "They fall"),
  ];
}
