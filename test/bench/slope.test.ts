import { expect, test } from "vitest";
import { slopeOf } from "../../bench/support/slope.ts";

const minutes = Array.from({ length: 200 }, (_, index) => index / 10);

test("a line is found again exactly, and without an error", () => {
  const { slope, standardError } = slopeOf(minutes.map((x) => [x, 100 + 3 * x]));
  expect(slope).toBeCloseTo(3, 9);
  expect(standardError).toBeCloseTo(0, 6);
});

test("a wave that goes nowhere has a slope within two standard errors of nothing, although its samples hang together", () => {
  const { slope, standardError } = slopeOf(minutes.map((x) => [x, 100 + 5 * Math.sin(x * 2)]));
  expect(Math.abs(slope)).toBeLessThan(2 * standardError);
});

test("growth in noise is told from noise", () => {
  const noise = (x: number) => Math.sin(x * 977) * 2;
  const { slope, standardError } = slopeOf(minutes.map((x) => [x, 100 + x + noise(x)]));
  expect(slope).toBeGreaterThan(4 * standardError);
});
