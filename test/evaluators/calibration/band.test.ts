import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { around, fitBand, isInBand } from "../../../evaluators/calibration/band.ts";

const row = (local: number | null, good: boolean) => ({ local, good, group: "g" });
const many = (count: number, local: number, good: boolean) => Array.from({ length: count }, () => row(local, good));

describe("the band of a cascade", () => {
  test("is what code cannot tell apart", () => {
    const rows = [...many(20, 0.1, false), ...many(10, 0.5, true), ...many(10, 0.5, false), ...many(20, 0.9, true)];
    expect(fitBand(rows, 0.05)).toEqual([0.5, 0.5]);
  });

  test("leaves outside no more errors than allowed", () => {
    const rows = [
      ...many(19, 0.1, false),
      ...many(1, 0.1, true),
      ...many(9, 0.4, false),
      ...many(1, 0.4, true),
      ...many(20, 0.8, true),
    ];
    expect(fitBand(rows, 0.05)).toEqual([0.4, 0.4]);
    expect(fitBand(rows, 0.04)).toEqual([0, 0.4]);
    expect(fitBand(rows, 0.1)).toEqual([0.6000000000000001, 0.6000000000000001]);
  });

  test("is everything where code knows nothing", () => {
    const rows = Array.from({ length: 100 }, (_, at) => row((at % 10) / 10, at % 20 < 10));
    expect(fitBand(rows, 0.05)).toEqual([0, 1]);
    expect(fitBand([], 0.05)).toEqual([0, 1]);
  });

  test("trusts no side with fewer than ten rows", () => {
    expect(fitBand([...many(9, 0.1, false), ...many(20, 0.9, true)], 0.05)).toEqual([0, 0.1]);
    expect(fitBand([...many(10, 0.1, false), ...many(9, 0.9, true)], 0.05)).toEqual([0.9, 1]);
  });

  test("does not count rows on which code abstained", () => {
    expect(fitBand([...many(20, 0.1, false), ...many(20, 0.9, true), row(null, true)], 0.05)).toEqual([0.5, 0.5]);
  });

  test("errs, on the rows that it was fitted to, no more often than allowed on either side", () => {
    const rows = fc.array(
      fc.record({ local: fc.integer({ min: 0, max: 10 }).map((each) => each / 10), good: fc.boolean() }),
      { minLength: 30, maxLength: 200 },
    );
    fc.assert(
      fc.property(rows, fc.constantFrom(0.05, 0.2, 0.4), (given, error) => {
        const [low, high] = fitBand(
          given.map((each) => ({ ...each, group: "g" })),
          error,
        );
        // Where both sides meet, neither is as fitted.
        if (low === high) return;
        const below = given.filter(({ local }) => local < low);
        const above = given.filter(({ local }) => local > high);
        expect(below.filter(({ good }) => good).length).toBeLessThanOrEqual(error * below.length);
        expect(above.filter(({ good }) => !good).length).toBeLessThanOrEqual(error * above.length);
      }),
    );
  });
});

test("the judge decides inside, ends included, and where code abstained", () => {
  expect([0.19, 0.2, 0.5, 0.8, 0.81, null].map((local) => isInBand(local, [0.2, 0.8]))).toEqual([
    false,
    true,
    true,
    true,
    false,
    true,
  ]);
});

test("the band is widened to hold the threshold", () => {
  expect(around([0.4, 0.6], 0.5)).toEqual([0.4, 0.6]);
  expect(around([0.4, 0.6], 0.3)).toEqual([0.3, 0.6]);
  expect(around([0.4, 0.6], 0.7)).toEqual([0.4, 0.7]);
});
