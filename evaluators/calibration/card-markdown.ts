import type { EvaluatorCard, Rate } from "./card.ts";
import { formatTarget } from "./target.ts";

/** A line of a card's table: what, how much, what that means. */
export type CardLine = readonly [name: string, value: string, meaning: string];

/** The numbers of a card, for a table on a terminal or in Markdown. */
export function cardLines(card: EvaluatorCard): readonly CardLine[] {
  const { measured, atThreshold, rows, band } = card;
  const { error, timeout, skipped, abstained } = rows.unscored;
  return [
    ["target", formatTarget(card.target), reachedWords[card.reached]],
    ["threshold", String(card.threshold), "passes at this score or above; fitted to all scored rows"],
    [
      "rows",
      `${rows.scored} of ${rows.given}`,
      `scored; without a verdict: ${error} error, ${timeout} timeout, ${skipped} skipped, ${abstained} abstained`,
    ],
    ["prevalence", percent(card.prevalence), `${rows.good} labelled pass, ${rows.bad} fail, in ${rows.groups} groups`],
    [
      "true pass rate",
      share(measured.truePassRate),
      "of the good rows pass; each was left out when its threshold was chosen",
    ],
    ["true fail rate", share(measured.trueFailRate), "of the bad rows fail; likewise"],
    ["precision", share(measured.precision), "of the passed rows are good; likewise"],
    [
      "… at the threshold",
      share(atThreshold.truePassRate),
      "of the good rows pass at this very threshold, which was chosen on them",
    ],
    ["", share(atThreshold.trueFailRate), "of the bad rows fail; likewise"],
    ["", share(atThreshold.precision), "of the passed rows are good; likewise"],
    ["balanced accuracy", percent(measured.balancedAccuracy), "mean of true pass and true fail rate; 50 % is chance"],
    ["kappa", ranged(measured.kappa, 3), "agreement with the labels beyond chance (bootstrap interval)"],
    ["AUC", ranged(measured.areaUnderCurve, 3), "a good row scores higher than a bad one (bootstrap interval)"],
    ["calibration error", measured.calibrationError.toFixed(3), "mean gap between given probability and truth"],
    ...(band ? bandLines(band) : []),
  ];
}

const reachedWords = {
  yes: "reached, at 95 % confidence",
  no: "no threshold reaches it",
  unsure: "not shown: too few rows to say",
} as const;

function bandLines({ low, high, decided, right }: NonNullable<EvaluatorCard["band"]>): readonly CardLine[] {
  return [
    ["band", `${short(low)} to ${short(high)}`, "a cascade asks the judge about local scores in here"],
    ["decided by code", share(decided), "of the scored rows have a local score outside the band"],
    ["right by code", share(right), "of those are decided as they are labelled"],
  ];
}

/** A card as a page of Markdown. `plot` is the address of the reliability plot, as it is written into the page. */
export function cardMarkdown(card: EvaluatorCard, plot?: string): string {
  const { measured } = card;
  return [
    `# Evaluator card: ${card.evaluator}`,
    "",
    `Version \`${card.version}\`, engine \`${card.engine}\`${card.judge === null ? "" : `, judge \`${card.judge}\``}, made ${card.madeAt}.`,
    `Labelled rows: sha256 \`${card.data.sha256}\`.`,
    "",
    `Threshold${card.band ? ", band" : ""} and probabilities are fitted to all scored rows; what is measured is measured on rows that were left out`,
    `(${measured.folds} parts, groups kept whole, seed ${measured.seed}) except where it says otherwise. Intervals are 95 %.`,
    "",
    card.because,
    "",
    "| measure | value | what it says |",
    "| --- | --- | --- |",
    ...cardLines(card).map(([name, value, meaning]) => `| ${name} | ${value} | ${meaning} |`),
    "",
    ...(plot === undefined ? [] : [`![Reliability of ${card.evaluator}](${plot})`, ""]),
  ].join("\n");
}

function share({ successes, total, value, interval: [low, high], designEffect }: Rate): string {
  if (value === null) return "none";
  const worth = designEffect > 1.05 ? `, ${designEffect.toFixed(2)} rows count as one` : "";
  return `${percent(value)} (${percent(low)} to ${percent(high)}; ${successes}/${total}${worth})`;
}

function ranged({ value, interval: [low, high] }: EvaluatorCard["measured"]["kappa"], digits: number): string {
  return `${value.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}

/** The card's file has all the digits. */
function short(score: number): string {
  return String(Number(score.toFixed(4)));
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}
