import { type Features, families, tableSize } from "./features.ts";

/** Weights as `bench/fit/` writes them: one signed byte per slot in base64, one scale per family. */
export interface LinearModelData {
  readonly weights: string;
  readonly scales: readonly [runs: number, words: number, marks: number];
  readonly bias: number;
}

/** A fitted linear model over hashed features. */
export interface LinearModel {
  readonly weights: Float32Array;
  readonly bias: number;
}

/** Words `first` up to `end` of a text. */
export interface WordRange {
  readonly first: number;
  readonly end: number;
}

/** Reads the weights of a fitted model. Throws `RangeError` when the table is cut short. */
export function readLinearModel({ weights, scales, bias }: LinearModelData): LinearModel {
  const bytes = Buffer.from(weights, "base64");
  if (bytes.length !== tableSize) {
    throw new RangeError(`A table of weights has ${tableSize} bytes, this one has ${bytes.length}. Fit it again.`);
  }
  const table = new Float32Array(tableSize);
  for (const [family, { offset, size }] of families.entries()) {
    for (let slot = offset; slot < offset + size; slot += 1) table[slot] = bytes.readInt8(slot) * (scales[family] ?? 0);
  }
  return { weights: table, bias };
}

/** The slots of a range of words, each once. Needs a table of `tableSize` zeros, which it returns to zeros. */
export function distinctSlots({ slots, from }: Features, { first, end }: WordRange, seen: Uint8Array): number[] {
  const distinct: number[] = [];
  const last = from[end] ?? 0;
  for (let at = from[first] ?? 0; at < last; at += 1) {
    const slot = slots[at] ?? 0;
    if (seen[slot] === 1) continue;
    seen[slot] = 1;
    distinct.push(slot);
  }
  for (const slot of distinct) seen[slot] = 0;
  return distinct;
}

/** Which family a slot belongs to: 0, 1 or 2. */
export function familyOf(slot: number): 0 | 1 | 2 {
  if (slot < families[1].offset) return 0;
  return slot < families[2].offset ? 1 : 2;
}

/** What a feature of each family counts in a set of slots: one over the root of their number, damped for short texts. */
export function valuesOf(slots: readonly number[]): readonly [number, number, number] {
  let [runs, words, marks] = [0, 0, 0];
  for (const slot of slots) {
    if (slot < families[1].offset) runs += 1;
    else if (slot < families[2].offset) words += 1;
    else marks += 1;
  }
  return [
    1 / Math.sqrt(runs + families[0].damping),
    1 / Math.sqrt(words + families[1].damping),
    1 / Math.sqrt(marks + families[2].damping),
  ];
}

/** The logit of a set of slots. */
export function logitOf({ weights, bias }: LinearModel, slots: readonly number[]): number {
  const values = valuesOf(slots);
  let [runs, words, marks] = [0, 0, 0];
  for (const slot of slots) {
    const weight = weights[slot] ?? 0;
    if (slot < families[1].offset) runs += weight;
    else if (slot < families[2].offset) words += weight;
    else marks += weight;
  }
  return bias + runs * values[0] + words * values[1] + marks * values[2];
}

/** The consecutive words of a range that speak most for the verdict: the greatest sum of their weights (Kadane 1984). */
export function strongestRange(model: LinearModel, features: Features, range: WordRange): WordRange {
  const values = valuesOf(distinctSlots(features, range, new Uint8Array(tableSize)));
  let best = { first: range.first, end: range.end, sum: 0 };
  let current = { first: range.first, sum: 0 };
  for (let word = range.first; word < range.end; word += 1) {
    if (current.sum <= 0) current = { first: word, sum: 0 };
    current.sum += weightOf(model, features, word, values);
    if (current.sum > best.sum) best = { first: current.first, end: word + 1, sum: current.sum };
  }
  return { first: best.first, end: best.end };
}

function weightOf(
  { weights }: LinearModel,
  { slots, from }: Features,
  word: number,
  values: readonly [number, number, number],
): number {
  let sum = 0;
  for (let at = from[word] ?? 0; at < (from[word + 1] ?? 0); at += 1) {
    const slot = slots[at] ?? 0;
    sum += (weights[slot] ?? 0) * values[familyOf(slot)];
  }
  return sum;
}
