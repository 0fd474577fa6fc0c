import { families, tableSize } from "../../evaluators/linear/features.ts";
import { familyOf, type LinearModelData, valuesOf } from "../../evaluators/linear/linear-model.ts";

/** A text ready for fitting: the distinct slots of each of its windows, and the verdict of people. */
export interface FitRow {
  readonly windows: readonly (readonly number[])[];
  readonly bad: boolean;
  /** How much the row counts. */
  readonly weight: number;
}

export interface FitOptions {
  readonly rounds: number;
  readonly rate: number;
  /** Strength of the pull of every weight towards zero. */
  readonly ridge: number;
  readonly random: () => number;
}

/** Fitted weights before they are rounded. */
export interface FittedModel {
  readonly weights: Float32Array;
  readonly bias: number;
}

/**
 * Logistic regression by stochastic descent with a rate per weight (AdaGrad, Duchi et al. 2011). A text is as bad as its worst
 * window (multiple-instance learning, Andrews et al. 2002), so only that window teaches.
 */
export function fitHashedLogistic(rows: readonly FitRow[], { rounds, rate, ridge, random }: FitOptions): FittedModel {
  const weights = new Float32Array(tableSize);
  const speed = new Float32Array(tableSize).fill(1e-2);
  let bias = 0;
  const order = rows.map((_row, index) => index);
  for (let round = 0; round < rounds; round += 1) {
    shuffle(order, random);
    for (const index of order) {
      const row = rows[index];
      if (!row) continue;
      const { slots, logit } = worstWindow(row.windows, { weights, bias });
      const error = row.weight * (1 / (1 + Math.exp(-logit)) - (row.bad ? 1 : 0));
      const values = valuesOf(slots);
      bias -= rate * 0.02 * error;
      for (const slot of slots) {
        const gradient = error * values[familyOf(slot)] + ridge * (weights[slot] ?? 0);
        const pace = (speed[slot] ?? 0) + gradient * gradient;
        speed[slot] = pace;
        weights[slot] = (weights[slot] ?? 0) - (rate * gradient) / Math.sqrt(pace);
      }
    }
  }
  return { weights, bias };
}

/** The window with the greatest logit, and its logit; a text without words has the bias alone. */
export function worstWindow(
  windows: readonly (readonly number[])[],
  { weights, bias }: FittedModel,
): { slots: readonly number[]; logit: number } {
  let worst: { slots: readonly number[]; logit: number } | undefined;
  for (const slots of windows) {
    const values = valuesOf(slots);
    let logit = bias;
    for (const slot of slots) logit += (weights[slot] ?? 0) * values[familyOf(slot)];
    if (!worst || logit > worst.logit) worst = { slots, logit };
  }
  return worst ?? { slots: [], logit: bias };
}

/** Rounds weights to signed bytes, a scale for each family of features. */
export function toModelData({ weights, bias }: FittedModel): LinearModelData {
  const bytes = Buffer.alloc(tableSize);
  const scales = families.map(({ offset, size }) => {
    const part = weights.subarray(offset, offset + size);
    const scale = part.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-9) / 127;
    for (const [index, weight] of part.entries()) bytes.writeInt8(Math.round(weight / scale), offset + index);
    return Number(scale.toPrecision(6));
  });
  const [runs = 0, words = 0, marks = 0] = scales;
  return { weights: bytes.toString("base64"), scales: [runs, words, marks], bias: Number(bias.toPrecision(6)) };
}

function shuffle(order: number[], random: () => number): void {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    const kept = order[at] ?? 0;
    order[at] = order[other] ?? 0;
    order[other] = kept;
  }
}
