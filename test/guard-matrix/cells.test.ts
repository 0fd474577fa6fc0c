import { describe, expect, test } from "vitest";
import { startTestGateway } from "../support/test-gateway.ts";
import { allCells, dimensions, reasonAgainst } from "./cells.ts";
import { pairsOf, pairwiseCover } from "./pairwise.ts";
import { plantedIn } from "./planted.ts";
import { configFor } from "./policies.ts";
import { reasonCounts } from "./table.ts";

const cells = allCells();
const applicable = cells.filter((cell) => reasonAgainst(cell) === undefined);

describe("the matrix", () => {
  test("is the product of its dimensions, and each of its cells is run or does not exist for a reason", () => {
    const product = Object.values(dimensions).reduce((size, values) => size * values.length, 1);
    expect(cells).toHaveLength(product);
    expect(new Set(cells.map(({ number: _number, ...values }) => JSON.stringify(values))).size).toBe(product);
    const left = reasonCounts(cells).reduce((sum, [, count]) => sum + count, 0);
    expect(applicable.length + left).toBe(product);
  });

  test("has every value in some cell that is run", () => {
    for (const [name, values] of Object.entries(dimensions)) {
      const met = new Set(applicable.map((cell) => cell[name as keyof typeof dimensions]));
      expect([...met]).toEqual(expect.arrayContaining([...values]));
    }
  });

  test("plants a marker in each cell that is in no other", () => {
    expect(new Set(cells.map((cell) => plantedIn(cell).marker)).size).toBe(cells.length);
  });

  test("has in its cover every pair of values that occurs in any cell", () => {
    const pairs = new Set(applicable.flatMap(pairsOf));
    const cover = pairwiseCover(applicable);
    expect(new Set(cover.flatMap(pairsOf))).toEqual(pairs);
    expect(cover.length).toBeLessThan(200);
  });
});

describe("what does not exist because the start refuses it", () => {
  test.each(startUpErrors())("$reason", async ({ cell, words }) => {
    await expect(startTestGateway(configFor([cell], "http://127.0.0.1:9"))).rejects.toThrow(words);
  });
});

function startUpErrors() {
  const said: Readonly<Record<string, RegExp>> = {
    "Start-up error: redact with a judge, who marks no places.": /"redact" replaces .* and a judge marks none/,
    "Start-up error: window with a judge.": /asks a judge, which needs the whole answer/,
    "Start-up error: window with regenerate.": /"regenerate" would come too late/,
    "Start-up error: window with fallback.": /"fallback" would come too late/,
  };
  const refused = cells.filter((cell) => reasonAgainst(cell)?.startsWith("Start-up error"));
  return [...Map.groupBy(refused, reasonAgainst)].flatMap(([reason = "", [cell]]) =>
    cell ? [{ reason, cell, words: said[reason] ?? /^$/ }] : [],
  );
}
