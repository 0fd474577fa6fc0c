import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { WireName } from "../../../gateway/providers/provider.ts";
import { chooseTarget, costOf, type Target } from "../../../gateway/routing/alias.ts";
import { silentProvider, targetNamed } from "../../support/target.ts";

function target(model: string, weight = 1, wires: WireName[] = ["chat"]): Target {
  return targetNamed(`here/${model}`, { model, weight, provider: silentProvider({ endpoints: wires }) });
}

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const weights = fc.array(fc.double({ min: 0.001, max: 1000, noNaN: true }), { minLength: 1, maxLength: 8 });

describe("the choice of a target", () => {
  test("gives each target its own stretch of chance, as long as its share of the weights", () => {
    fc.assert(
      fc.property(weights, chance, (given, random) => {
        const targets = given.map((weight, index) => target(String(index), weight));
        const total = given.reduce((sum, weight) => sum + weight, 0);
        const index = Number(chooseTarget(targets, random).model);
        const before = given.slice(0, index).reduce((sum, weight) => sum + weight, 0);
        const after = before + (given[index] ?? 0);
        // The ends of a stretch belong to either neighbour, by as much as the sums of fractions are inexact.
        expect(random * total).toBeGreaterThanOrEqual(before - total * 1e-9);
        expect(random * total).toBeLessThanOrEqual(after + total * 1e-9);
      }),
    );
  });

  test("over evenly spread chances picks every target as often as its weight says", () => {
    fc.assert(
      fc.property(weights, (given) => {
        const targets = given.map((weight, index) => target(String(index), weight));
        const total = given.reduce((sum, weight) => sum + weight, 0);
        const draws = 2000;
        const counts = given.map(() => 0);
        for (let draw = 0; draw < draws; draw += 1) {
          const index = Number(chooseTarget(targets, (draw + 0.5) / draws).model);
          counts[index] = (counts[index] ?? 0) + 1;
        }
        for (const [index, weight] of given.entries()) {
          expect(Math.abs((counts[index] ?? 0) - (draws * weight) / total)).toBeLessThanOrEqual(1.001);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("takes the first for the lowest chance and the last for the highest", () => {
    const targets = [target("a", 1), target("b", 3)];
    expect(chooseTarget(targets, 0).model).toBe("a");
    expect(chooseTarget(targets, 0.25).model).toBe("b");
    expect(chooseTarget(targets, 1 - Number.EPSILON).model).toBe("b");
  });

  test("left to chance reaches every target", () => {
    const targets = [target("a"), target("b"), target("c")];
    const seen = new Set(Array.from({ length: 300 }, () => chooseTarget(targets).model));
    expect([...seen].toSorted((a, b) => a.localeCompare(b))).toEqual(["a", "b", "c"]);
  });

  test("from nothing is refused", () => {
    expect(() => chooseTarget([])).toThrow("An alias has at least one target.");
  });
});

describe("the cost of a reply", () => {
  const priced: Target = { ...target("m"), price: { input: 5, output: 25 } };

  test("is tokens times the price per million", () => {
    expect(costOf(priced, { inputTokens: 1_000_000, outputTokens: 200_000 })).toBe(10);
    expect(costOf(priced, { inputTokens: 0, outputTokens: 0 })).toBe(0);
  });

  test("is not known without a price, or without usage", () => {
    expect(costOf(target("m"), { inputTokens: 1, outputTokens: 1 })).toBeNull();
    expect(costOf(priced, null)).toBeNull();
  });
});
