import { createFeatureReader, type Features, tableSize } from "../../linear/features.ts";
import {
  distinctSlots,
  type LinearModel,
  logitOf,
  readLinearModel,
  strongestRange,
} from "../../linear/linear-model.ts";
import { type Word, wordsOf } from "../../linear/words.ts";
import { asLatin } from "../injection/lookalikes.ts";
import { harmMarksOf } from "./harm-marks.ts";
import { findProfanity, type Profanity } from "./profanity.ts";
import { toxicityWeights } from "./toxicity-weights.ts";

let model: LinearModel | undefined;
const reader = createFeatureReader(harmMarksOf);
const seen = new Uint8Array(tableSize);

/** A window as the model weighs it. */
export interface WeighedWindow {
  readonly words: readonly Word[];
  readonly features: Features;
  readonly profanities: readonly Profanity[];
}

/** Reads the words, the marks and the profanities of a window. */
export function weigh(window: string): WeighedWindow {
  const profanities = findProfanity(window);
  const profane = new Set<number>();
  const words = wordsOf(asLatin(window));
  let next = 0;
  for (const { start, end } of words) {
    while (next < profanities.length && (profanities[next]?.end ?? 0) <= start) next += 1;
    if ((profanities[next]?.start ?? end) < end) profane.add(start);
  }
  const features = reader.read(words, { name: "profane", has: ({ start }) => profane.has(start) });
  return { words, features, profanities };
}

/** The features of a window, each slot of the table once. */
export function toxicSlotsOf({ words, features }: WeighedWindow): number[] {
  return distinctSlots(features, { first: 0, end: words.length }, seen);
}

/** How much a window looks abusive: a logit, higher is worse. */
export function toxicityLogit(window: WeighedWindow): number {
  model ??= readLinearModel(toxicityWeights);
  return logitOf(model, toxicSlotsOf(window));
}

/** The words of a window that speak most for abuse. */
export function abusivePlace({ words, features }: WeighedWindow): { start: number; end: number } {
  model ??= readLinearModel(toxicityWeights);
  const { first, end } = strongestRange(model, features, { first: 0, end: words.length });
  return { start: words[first]?.start ?? 0, end: words[end - 1]?.end ?? 0 };
}
