import { describe, expect, test } from "vitest";
import { createFeatureReader, tableSize } from "../../../evaluators/linear/features.ts";
import {
  distinctSlots,
  familyOf,
  logitOf,
  readLinearModel,
  strongestRange,
  valuesOf,
} from "../../../evaluators/linear/linear-model.ts";
import { wordsOf } from "../../../evaluators/linear/words.ts";

const zeros = () => Buffer.alloc(tableSize);
const encoded = (bytes: Buffer) => bytes.toString("base64");

describe("reading a model", () => {
  test("scales every family by its own scale, with the sign", () => {
    const bytes = zeros();
    bytes.writeInt8(-127, 0);
    bytes.writeInt8(1, 32_767);
    bytes.writeInt8(2, 32_768);
    bytes.writeInt8(3, 49_152);
    const { weights, bias } = readLinearModel({ weights: encoded(bytes), scales: [0.5, 2, 4], bias: -1 });
    expect([weights[0], weights[32_767], weights[32_768], weights[49_152], bias]).toEqual([-63.5, 0.5, 4, 12, -1]);
  });

  test("refuses a table that is cut short", () => {
    const weights = encoded(Buffer.alloc(10));
    expect(() => readLinearModel({ weights, scales: [1, 1, 1], bias: 0 })).toThrow(
      "A table of weights has 65536 bytes, this one has 10. Fit it again.",
    );
  });
});

test("slots are counted once, and the table of seen ones is clean afterwards", () => {
  const features = createFeatureReader().read(wordsOf("echo echo echo"));
  const seen = new Uint8Array(tableSize);
  const all = distinctSlots(features, { first: 0, end: 3 }, seen);
  expect(new Set(all).size).toBe(all.length);
  expect(all.length).toBeLessThan(features.slots.length);
  expect(seen.every((flag) => flag === 0)).toBe(true);
  expect(distinctSlots(features, { first: 1, end: 1 }, seen)).toEqual([]);
});

test("slots belong to the family of their part of the table", () => {
  expect([0, 32_767, 32_768, 49_151, 49_152, 65_535].map(familyOf)).toEqual([0, 0, 1, 1, 2, 2]);
});

test("a feature counts one over the damped root of its family's number", () => {
  expect(valuesOf([])).toEqual([1 / Math.sqrt(32), 1 / Math.sqrt(8), 1 / Math.sqrt(4)]);
  expect(valuesOf([1, 2, 40_000, 50_000, 50_001, 50_002])).toEqual([1 / Math.sqrt(34), 1 / 3, 1 / Math.sqrt(7)]);
});

test("the logit is the bias and the weighted sum of the families", () => {
  const weights = new Float32Array(tableSize);
  weights[1] = 2;
  weights[40_000] = 3;
  weights[50_000] = -6;
  const [runs, words, marks] = valuesOf([1, 40_000, 50_000]);
  expect(logitOf({ weights, bias: 0.5 }, [1, 40_000, 50_000])).toBeCloseTo(0.5 + 2 * runs + 3 * words - 6 * marks, 6);
  expect(logitOf({ weights, bias: 0.5 }, [])).toBe(0.5);
});

test("the strongest range is the run of words with the greatest sum", () => {
  const words = wordsOf("calm bad calm bad bad calm");
  const features = createFeatureReader().read(words);
  const weights = new Float32Array(tableSize);
  const ownSlot = (word: number) =>
    Array.from(features.slots.slice(features.from[word], features.from[word + 1])).find(
      (slot) => familyOf(slot) === 1,
    ) ?? 0;
  weights[ownSlot(1)] = 2;
  weights[ownSlot(0)] = -3;
  const range = strongestRange({ weights, bias: 0 }, features, { first: 0, end: words.length });
  expect(range).toEqual({ first: 3, end: 5 });
  expect(strongestRange({ weights, bias: 0 }, features, { first: 0, end: 2 })).toEqual({ first: 1, end: 2 });
  weights[ownSlot(1)] = -1;
  expect(strongestRange({ weights, bias: 0 }, features, { first: 0, end: 2 })).toEqual({ first: 0, end: 2 });
});
