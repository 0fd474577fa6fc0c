import { createFeatureReader, tableSize } from "../../linear/features.ts";
import {
  distinctSlots,
  type LinearModel,
  logitOf,
  readLinearModel,
  strongestRange,
} from "../../linear/linear-model.ts";
import { wordsOf } from "../../linear/words.ts";
import { injectionWeights } from "./injection-weights.ts";
import type { Place } from "./view.ts";
import { marksOf } from "./word-marks.ts";

let model: LinearModel | undefined;
const reader = createFeatureReader(marksOf);
const seen = new Uint8Array(tableSize);

/** The features of a window as the model weighs them, each slot of the table once. */
export function slotsOf(window: string): number[] {
  const words = wordsOf(window);
  return distinctSlots(reader.read(words), { first: 0, end: words.length }, seen);
}

/** How much a window looks like an injection: a logit, higher is worse. */
export function injectionLogit(window: string): number {
  model ??= readLinearModel(injectionWeights);
  return logitOf(model, slotsOf(window));
}

/** The words of a window that speak most for an injection. */
export function suspectPlace(window: string): Place {
  model ??= readLinearModel(injectionWeights);
  const words = wordsOf(window);
  const { first, end } = strongestRange(model, reader.read(words), { first: 0, end: words.length });
  return { start: words[first]?.start ?? 0, end: words[end - 1]?.end ?? window.length };
}
