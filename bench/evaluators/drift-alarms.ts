import { confusionOf, kappaOf, kappaStandardError } from "../../evaluators/calibration/agreement.ts";
import type { EvaluatorCard, Rate } from "../../evaluators/calibration/card.ts";
import { createDriftMonitor } from "../../evaluators/calibration/drift-monitor.ts";
import { quantile, seededRandom, wilsonInterval } from "../../evaluators/calibration/statistics.ts";
import type { Evaluation, Outcome } from "../../evaluators/evaluation.ts";
import type { Figure } from "./figure.ts";

/** An evaluator when its card was made, and now: how often it is right, and how often it comes to no verdict. */
interface World {
  readonly right: number;
  readonly rightNow: number;
  readonly silent: number;
  readonly silentNow: number;
  /** Gold rows that the card was made from, half of them good. */
  readonly labelled: number;
}

const simulations = 2000;
/** Gold rows of a run: those of 100,000 rows, one in a hundred. */
const longRun = 1000;

/** How often the drift monitor is wrong about an evaluator that has not changed, and how soon it finds one that has. */
export function driftFigures(): readonly Figure[] {
  const same = [0.8, 0.9, 0.95].flatMap((right) =>
    [200, 1000].map((labelled) => ({ right, rightNow: right, silent: 0.01, silentNow: 0.01, labelled })),
  );
  const base = { rightNow: 0.9, right: 0.9, silent: 0.01, silentNow: 0.01, labelled: 400 };
  const changed = [
    { ...base, right: 0.95, rightNow: 0.85 },
    { ...base, rightNow: 0.8 },
    { ...base, rightNow: 0.7 },
    { ...base, right: 0.8, rightNow: 0.5 },
    { ...base, silentNow: 0.05 },
    { ...base, silentNow: 0.3 },
  ];
  return [...same.map(falseAlarms), ...changed.map(rowsToAlarm)];
}

const how = `${simulations} simulations; the card's rates come from so many labelled rows, half of them good, and so do the gold rows; 1 % without a verdict where nothing else is said; all alarms on, at their defaults. Nothing fitted.`;

function falseAlarms(world: World, at: number): Figure {
  const alarms = simulate(world, longRun, at).filter((row) => row !== undefined).length;
  const [low, high] = wilsonInterval(alarms, simulations);
  return {
    measure: "drift monitor",
    set: `right on ${100 * world.right} %, card of ${world.labelled} rows, unchanged`,
    rows: simulations,
    metric: `runs with a false alarm in ${longRun} gold rows, %`,
    value: (100 * alarms) / simulations,
    interval: [100 * low, 100 * high],
    lowerIsBetter: true,
    how,
  };
}

function rowsToAlarm(world: World, at: number): Figure {
  const { right, rightNow, silent, silentNow } = world;
  const rows = Float64Array.from(simulate(world, 5 * longRun, at).map((row) => row ?? Infinity)).sort();
  const change =
    silent === silentNow
      ? `right on ${100 * right} %, now ${100 * rightNow} %`
      : `without a verdict on ${100 * silent} %, now ${100 * silentNow} %`;
  return {
    measure: "drift monitor",
    set: change,
    rows: simulations,
    metric: "gold rows to the alarm, median",
    value: quantile(rows, 0.5),
    lowerIsBetter: true,
    beside: `in nine of ten runs at most ${Math.round(quantile(rows, 0.9))}`,
    how,
  };
}

/** The gold row that raised the alarm in each simulated run, if one did. */
function simulate(world: World, rows: number, seed: number): readonly (number | undefined)[] {
  return Array.from({ length: simulations }, (_, round) => {
    const random = seededRandom(seed * simulations + round);
    const monitor = createDriftMonitor({ card: cardOf(world, random) });
    for (let at = 0; at < rows && !monitor.alarm(); at += 1) {
      const label = random() < 0.5 ? "pass" : "fail";
      const isRight = random() < world.rightNow;
      const verdict = isRight === (label === "pass") ? "pass" : "fail";
      monitor.record(evaluationWith(random() < world.silentNow ? "error" : verdict), label);
    }
    return monitor.alarm()?.at;
  });
}

const version = "0123456789ab";

function evaluationWith(outcome: Outcome): Evaluation {
  return {
    evaluator: "simulated",
    version,
    engine: "local",
    outcome,
    score: null,
    threshold: 0.5,
    reason: "",
    confidence: null,
    calibrated: false,
    path: [],
    usage: null,
    costUsd: null,
    latencyMs: 0,
    error: null,
  };
}

function cardOf({ right, silent, labelled }: World, random: () => number): EvaluatorCard {
  const rows = Array.from({ length: labelled }, (_, at) => {
    const good = at % 2 === 0;
    return { good, passed: random() < right === good };
  });
  const confusion = confusionOf(rows);
  const { truePass, falseFail, trueFail, falsePass } = confusion;
  const kappa = kappaOf(confusion);
  const margin =
    1.96 *
    kappaStandardError([
      [truePass, falsePass],
      [falseFail, trueFail],
    ]);
  const rates = {
    truePassRate: rateOf(truePass, truePass + falseFail),
    trueFailRate: rateOf(trueFail, trueFail + falsePass),
    precision: rateOf(truePass, truePass + falsePass),
  };
  const errors = rows.filter(() => random() < silent).length;
  return {
    format: 1,
    evaluator: "simulated",
    version,
    engine: "local",
    judge: null,
    target: { kind: "youden" },
    reached: "yes",
    because: "Simulated.",
    threshold: 0.5,
    band: null,
    rows: {
      given: labelled + errors,
      scored: labelled,
      groups: labelled,
      good: truePass + falseFail,
      bad: trueFail + falsePass,
      unscored: { error: errors, timeout: 0, skipped: 0, abstained: 0 },
    },
    prevalence: (truePass + falseFail) / labelled,
    measured: {
      folds: 5,
      seed: 1,
      ...rates,
      balancedAccuracy: right,
      kappa: { value: kappa, interval: [kappa - margin, kappa + margin] },
      areaUnderCurve: { value: right, interval: [right, right] },
      calibrationError: 0,
      bins: [],
    },
    atThreshold: rates,
    calibrator: { kind: "platt", slope: 1, intercept: 0 },
    data: { sha256: "0".repeat(64) },
    madeAt: new Date(0).toISOString(),
  };
}

function rateOf(successes: number, total: number): Rate {
  return { successes, total, value: successes / total, interval: wilsonInterval(successes, total), designEffect: 1 };
}
