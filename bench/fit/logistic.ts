/** Logistic regression in which every feature can only speak one way. */
export interface LogisticModel {
  readonly intercept: number;
  readonly coefficients: readonly number[];
}

export interface LogisticOptions {
  /** Strength of the quadratic penalty on coefficients of features scaled to unit deviation. */
  readonly penalty?: number;
  readonly rounds?: number;
  /** Least coefficient of each feature, on its own scale; 0 when absent. */
  readonly least?: readonly number[];
  /** Weight of each row; 1 when absent. */
  readonly weights?: readonly number[];
}

/**
 * Fits P(label = 1) = 1 / (1 + exp(-(intercept + sum of coefficient * feature))) with coefficients not below `least`, by
 * accelerated projected gradient (Beck and Teboulle 2009). Deterministic: no draw, a fixed number of rounds.
 */
export function fitLogistic(
  rows: readonly (readonly number[])[],
  labels: readonly boolean[],
  { penalty = 1, rounds = 600, least = [], weights = [] }: LogisticOptions = {},
): LogisticModel {
  const width = rows[0]?.length ?? 0;
  const scales = Array.from({ length: width }, (_, at) => deviation(rows.map((row) => row[at] ?? 0)) || 1);
  const means = Array.from(
    { length: width },
    (_, at) => rows.reduce((sum, row) => sum + (row[at] ?? 0), 0) / rows.length,
  );
  const scaled = rows.map((row) =>
    Float64Array.from(row, (value, at) => (value - (means[at] ?? 0)) / (scales[at] ?? 1)),
  );
  const floor = scales.map((scale, at) => (least[at] ?? 0) * scale);
  const weight = rows.map((_, at) => weights[at] ?? 1);
  const step = 1 / (0.25 * weight.reduce((sum, one) => sum + one, 0) * largestEigenvalue(scaled, weight) + penalty);
  let current = new Float64Array(width + 1);
  for (let at = 0; at < width; at += 1) current[at + 1] = Math.max(0, floor[at] ?? 0);
  let ahead = Float64Array.from(current);
  let momentum = 1;
  for (let round = 0; round < rounds; round += 1) {
    const gradient = gradientAt(ahead, { rows: scaled, labels, weights: weight, penalty });
    const next = ahead.map((value, at) => {
      const moved = value - step * (gradient[at] ?? 0);
      return at === 0 ? moved : Math.max(floor[at - 1] ?? 0, moved);
    });
    const following = (1 + Math.sqrt(1 + 4 * momentum ** 2)) / 2;
    const old = current;
    ahead = next.map((value, at) => value + ((momentum - 1) / following) * (value - (old[at] ?? 0)));
    momentum = following;
    current = next;
  }
  const coefficients = scales.map((scale, at) => (current[at + 1] ?? 0) / scale);
  const shift = coefficients.reduce((sum, coefficient, at) => sum + coefficient * (means[at] ?? 0), 0);
  return { intercept: (current[0] ?? 0) - shift, coefficients };
}

/** Logarithm of the odds that a model gives a row. */
export function logitOf({ intercept, coefficients }: LogisticModel, row: readonly number[]): number {
  return coefficients.reduce((sum, coefficient, at) => sum + coefficient * (row[at] ?? 0), intercept);
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

interface Problem {
  readonly rows: readonly Float64Array[];
  readonly labels: readonly boolean[];
  readonly weights: readonly number[];
  readonly penalty: number;
}

function gradientAt(at: Float64Array, { rows, labels, weights, penalty }: Problem): Float64Array {
  const gradient = new Float64Array(at.length);
  rows.forEach((row, index) => {
    let logit = at[0] ?? 0;
    for (let column = 0; column < row.length; column += 1) logit += (at[column + 1] ?? 0) * (row[column] ?? 0);
    const error = (weights[index] ?? 1) * (1 / (1 + Math.exp(-logit)) - (labels[index] ? 1 : 0));
    gradient[0] = (gradient[0] ?? 0) + error;
    for (let column = 0; column < row.length; column += 1)
      gradient[column + 1] = (gradient[column + 1] ?? 0) + error * (row[column] ?? 0);
  });
  for (let column = 1; column < at.length; column += 1)
    gradient[column] = (gradient[column] ?? 0) + penalty * (at[column] ?? 0);
  return gradient;
}

/** Of the mean of the rows' outer products (with a 1 in front), by power iteration; a little above, so that steps are safe. */
function largestEigenvalue(rows: readonly Float64Array[], weights: readonly number[]): number {
  const width = (rows[0]?.length ?? 0) + 1;
  const total = weights.reduce((sum, one) => sum + one, 0);
  let vector = new Float64Array(width).fill(1);
  let value = 1;
  for (let round = 0; round < 60; round += 1) {
    const next = new Float64Array(width);
    rows.forEach((row, index) => {
      let dot = vector[0] ?? 0;
      for (let column = 0; column < row.length; column += 1) dot += (vector[column + 1] ?? 0) * (row[column] ?? 0);
      dot *= (weights[index] ?? 1) / total;
      next[0] = (next[0] ?? 0) + dot;
      for (let column = 0; column < row.length; column += 1)
        next[column + 1] = (next[column + 1] ?? 0) + dot * (row[column] ?? 0);
    });
    value = Math.hypot(...next);
    vector = next.map((entry) => entry / (value || 1));
  }
  return value * 1.1;
}
