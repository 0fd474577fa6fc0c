import type { Evaluation } from "../evaluation.ts";
import { type Confusion, kappaOf, kappaStandardError } from "./agreement.ts";
import type { EvaluatorCard, Rate } from "./card.ts";
import { normalQuantile } from "./distributions.ts";

export interface DriftMonitorOptions {
  /** What is expected of the evaluator. */
  readonly card: EvaluatorCard;
  /** Rows of the run, where that is known. */
  readonly rows?: number | undefined;
  /** Share of gold rows among the rows; 0.01 when absent. */
  readonly share?: number | undefined;
  /** Gold rows in any run, however short; 20 when absent. */
  readonly least?: number | undefined;
  /** Kappa below this is an alarm; the lower end of the card's interval when absent. */
  readonly kappaFloor?: number | undefined;
  /** Gold rows between two false alarms, on average and at least; 1,000 when absent. */
  readonly falseAlarmEvery?: number | undefined;
}

/** Why the evaluator is not what its card says any more. */
export interface DriftAlarm {
  readonly kind: "version" | "judge" | "errors" | "unscored" | "agreement";
  /** For people: what was seen, and what to do. */
  readonly message: string;
  /** The how-manieth gold row raised it. */
  readonly at: number;
}

/** Watches an evaluator over a long run by gold rows that are mixed in. */
export interface DriftMonitor {
  /** Whether a gold row goes before the row of this number, the first being 0. The same for every run. */
  shouldMix(row: number): boolean;
  /** Takes what came of a gold row; `judge` is the identity of the judge that was asked. */
  record(evaluation: Evaluation, label: "pass" | "fail", judge?: string): void;
  /** The first alarm of the run, which stays. */
  alarm(): DriftAlarm | undefined;
}

/** What counts as drift: the odds of an error, or of no verdict, times three. */
const oddsRatio = 3;

/**
 * Mixes gold rows into a run and raises an alarm when the evaluator is not the one of its card: at once for another version or
 * another judge model; for errors and for missing verdicts by a risk-adjusted CUSUM against three times the odds of the card
 * (Steiner et al. 2000), whose limit ln(n) leaves n gold rows or more between false alarms (Lorden 1971); and when kappa,
 * looked at after 20, 40, 80, … gold rows, is below the floor at 99 % confidence.
 */
export function createDriftMonitor(options: DriftMonitorOptions): DriftMonitor {
  const { card, falseAlarmEvery = 1000, kappaFloor = card.measured.kappa.interval[0], least = 20 } = options;
  const { rows, atThreshold } = card;
  const errorRate = {
    pass: errorOf(atThreshold.truePassRate),
    fail: errorOf(atThreshold.trueFailRate),
  };
  const unscoredRate = (rows.given - rows.scored + 1) / (rows.given + 2);
  const errors = createCusum(falseAlarmEvery);
  const unscored = createCusum(falseAlarmEvery);
  const counts = { truePass: 0, falseFail: 0, trueFail: 0, falsePass: 0 };
  let recorded = 0;
  let raised: DriftAlarm | undefined;

  const look = (evaluation: Evaluation, label: "pass" | "fail", judge: string | undefined): Problem | undefined => {
    const identity = identityProblem(card, evaluation, judge);
    if (identity) return identity;
    const hasVerdict = evaluation.outcome === "pass" || evaluation.outcome === "fail";
    if (unscored.add(!hasVerdict, unscoredRate)) return unscoredProblem(card);
    if (!hasVerdict) return undefined;
    const isRight = evaluation.outcome === label;
    counts[cellOf(label, isRight)] += 1;
    if (errors.add(!isRight, errorRate[label])) return errorProblem(counts, card);
    return agreementProblem(counts, kappaFloor, least);
  };
  return {
    shouldMix: mixingOf(options),
    record(evaluation, label, judge) {
      recorded += 1;
      const problem = look(evaluation, label, judge);
      if (problem && !raised) raised = { ...problem, at: recorded };
    },
    alarm: () => raised,
  };
}

type Problem = Omit<DriftAlarm, "at">;

/** Of a run whose length nobody knows, the first gold rows come ten times as often. */
const denser = 10;

function mixingOf({ rows, share = 0.01, least = 20 }: DriftMonitorOptions): (row: number) => boolean {
  const every = Math.max(1, Math.floor(1 / share));
  if (rows !== undefined) {
    const step = Math.max(1, Math.min(every, Math.floor(rows / least)));
    return (row) => row % step === 0;
  }
  const early = Math.max(1, Math.floor(every / denser));
  return (row) => (row < early * least ? row % early === 0 : row % every === 0);
}

/** With one row of each kind more, so that a card without an error does not make the first error impossible. */
function errorOf({ successes, total }: Rate): number {
  return (total - successes + 1) / (total + 2);
}

function cellOf(label: "pass" | "fail", isRight: boolean): keyof Confusion {
  if (label === "pass") return isRight ? "truePass" : "falseFail";
  return isRight ? "trueFail" : "falsePass";
}

/** A sum of log-likelihood ratios that never falls below 0. `add` is true from the limit on. */
function createCusum(falseAlarmEvery: number) {
  const limit = Math.log(falseAlarmEvery);
  let sum = 0;
  return {
    add(happened: boolean, expected: number): boolean {
      const weight = (happened ? Math.log(oddsRatio) : 0) - Math.log(1 - expected + oddsRatio * expected);
      sum = Math.max(0, sum + weight);
      return sum >= limit;
    },
  };
}

function identityProblem(card: EvaluatorCard, { version }: Evaluation, judge: string | undefined): Problem | undefined {
  const again = `Calibrate "${card.evaluator}" again before you trust its verdicts.`;
  if (version !== card.version) {
    return {
      kind: "version",
      message: `The evaluator is version ${version}, its card is of ${card.version}. ${again}`,
    };
  }
  if (judge === undefined || card.judge === null || judge === card.judge) return undefined;
  return { kind: "judge", message: `The judge is "${judge}", its card is of "${card.judge}". ${again}` };
}

function unscoredProblem({ evaluator, rows: { given, scored } }: EvaluatorCard): Problem {
  return {
    kind: "unscored",
    message: `"${evaluator}" comes to no verdict on gold rows more often than when its card was made (${given - scored} of ${given}). Look at the errors of this run.`,
  };
}

function errorProblem({ falseFail, falsePass, truePass, trueFail }: Confusion, { evaluator }: EvaluatorCard): Problem {
  const total = falseFail + falsePass + truePass + trueFail;
  return {
    kind: "errors",
    message: `"${evaluator}" errs on gold rows more often than its card says: ${falseFail} of ${falseFail + truePass} good ones failed, ${falsePass} of ${falsePass + trueFail} bad ones passed (${total} gold rows with a verdict). Calibrate it again.`,
  };
}

/** Kappa is looked at seldom, because every look is another chance of a false alarm. */
function agreementProblem(counts: Confusion, floor: number, least: number): Problem | undefined {
  const { truePass, falseFail, trueFail, falsePass } = counts;
  const total = truePass + falseFail + trueFail + falsePass;
  if (total < least || !Number.isInteger(Math.log2(total / least))) return undefined;
  const kappa = kappaOf(counts);
  const error = kappaStandardError([
    [truePass, falsePass],
    [falseFail, trueFail],
  ]);
  // Gold rows of one kind only say nothing about agreement: both are NaN and the comparison is false.
  if (!(kappa + normalQuantile(0.99) * error < floor)) return undefined;
  return {
    kind: "agreement",
    message: `Agreement with the labels of ${total} gold rows is kappa ${kappa.toFixed(2)}, below ${floor.toFixed(2)}. Calibrate again, or look at what changed in the rows.`,
  };
}
