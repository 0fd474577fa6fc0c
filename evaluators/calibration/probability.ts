/** A score and whether its row was labelled good. */
export interface ScoredLabel {
  readonly score: number;
  readonly good: boolean;
}

/** Turns a score into the probability that the row is good. Plain data, so that it can stand in a card. */
export type Calibrator =
  | { readonly kind: "platt"; readonly slope: number; readonly intercept: number }
  | {
      readonly kind: "isotonic";
      /** Ascending, with the probability at each; linear in between, level outside. */
      readonly scores: readonly number[];
      readonly probabilities: readonly number[];
    };

/** Isotonic regression needs about a thousand rows to be better than a curve of two numbers (Niculescu-Mizil and Caruana 2005). */
const rowsForIsotonic = 1000;

/** Fits by the number of rows: `platt` below a thousand, `isotonic` from there. */
export function fitCalibrator(rows: readonly ScoredLabel[]): Calibrator {
  return rows.length < rowsForIsotonic ? fitPlatt(rows) : fitIsotonic(rows);
}

/** Between 0 and 1. */
export function probabilityOf(calibrator: Calibrator, score: number): number {
  if (calibrator.kind === "platt") return logistic(calibrator.slope * score + calibrator.intercept);
  const { scores, probabilities } = calibrator;
  const above = scores.findIndex((each) => each >= score);
  if (above === -1) return probabilities.at(-1) ?? 0.5;
  const [right = 0, left = right] = [scores[above], scores[above - 1]];
  const [high = 0.5, low = high] = [probabilities[above], probabilities[above - 1]];
  return right === left ? high : low + ((high - low) * (score - left)) / (right - left);
}

/**
 * Platt's logistic curve with his smoothed targets (Platt 1999), by Newton's method with a halved step where it overshoots (Lin,
 * Lin and Weng 2007). Never rises with a falling score: where the data say so the curve is level.
 */
export function fitPlatt(rows: readonly ScoredLabel[]): Calibrator {
  const goodRows = rows.filter(({ good }) => good).length;
  const high = (goodRows + 1) / (goodRows + 2);
  const low = 1 / (rows.length - goodRows + 2);
  const targets = rows.map(({ score, good }) => ({ score, target: good ? high : low }));
  const fitted = newton(targets);
  if (fitted.slope >= 0) return { kind: "platt", ...fitted };
  const mean = targets.reduce((sum, { target }) => sum + target, 0) / targets.length;
  return { kind: "platt", slope: 0, intercept: Math.log(mean / (1 - mean)) };
}

interface Line {
  readonly slope: number;
  readonly intercept: number;
}

type Targets = readonly { readonly score: number; readonly target: number }[];

function newton(targets: Targets): Line {
  let line: Line = { slope: 0, intercept: 0 };
  let loss = lossOf(line, targets);
  for (let round = 0; round < 100; round += 1) {
    const step = newtonStep(line, targets);
    const next = [1, 0.5, 0.25, 0.125, 0.0625, 2 ** -8, 2 ** -16]
      .map((share) => ({
        slope: line.slope - share * step.slope,
        intercept: line.intercept - share * step.intercept,
      }))
      .find((candidate) => lossOf(candidate, targets) < loss - 1e-12);
    if (next === undefined) return line;
    line = next;
    loss = lossOf(line, targets);
  }
  return line;
}

function newtonStep({ slope, intercept }: Line, targets: Targets): Line {
  // The ridge keeps the matrix regular when all scores are the same.
  let [ss, si, ii, gs, gi] = [1e-9, 0, 1e-9, 0, 0];
  for (const { score, target } of targets) {
    const probability = logistic(slope * score + intercept);
    const weight = probability * (1 - probability);
    ss += weight * score ** 2;
    si += weight * score;
    ii += weight;
    gs += (probability - target) * score;
    gi += probability - target;
  }
  const determinant = ss * ii - si ** 2;
  return { slope: (ii * gs - si * gi) / determinant, intercept: (ss * gi - si * gs) / determinant };
}

function lossOf({ slope, intercept }: Line, targets: Targets): number {
  return targets.reduce((sum, { score, target }) => {
    const logit = slope * score + intercept;
    // The logarithm of 1 + e^x without overflow.
    return sum + Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - target * logit;
  }, 0);
}

function logistic(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/**
 * The rising step function nearest to the labels, by pooling neighbours that are out of order (Ayer et al. 1955). Kept away from
 * 0 and 1 by as much as so many rows cannot tell, because no finite sample makes anything certain.
 */
export function fitIsotonic(rows: readonly ScoredLabel[]): Calibrator {
  const pools: { from: number; to: number; rows: number; good: number }[] = [];
  for (const [score, tied] of Map.groupBy(
    rows.toSorted((a, b) => a.score - b.score),
    (row) => row.score,
  )) {
    let pool = { from: score, to: score, rows: tied.length, good: tied.filter(({ good }) => good).length };
    for (let last = pools.at(-1); last && last.good / last.rows >= pool.good / pool.rows; last = pools.at(-1)) {
      pools.pop();
      pool = { from: last.from, to: pool.to, rows: last.rows + pool.rows, good: last.good + pool.good };
    }
    pools.push(pool);
  }
  const steps = pools.flatMap(({ from, to, rows: size, good }) =>
    (from === to ? [from] : [from, to]).map((score) => ({ score, probability: good / size })),
  );
  const least = 1 / (rows.length + 2);
  return {
    kind: "isotonic",
    scores: steps.map(({ score }) => score),
    probabilities: steps.map(({ probability }) => Math.min(1 - least, Math.max(least, probability))),
  };
}
