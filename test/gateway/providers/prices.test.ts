import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { listPrice, type Price, pricesAsOf } from "../../../gateway/providers/prices.ts";
import { costOf, costPartsOf } from "../../../gateway/routing/alias.ts";

const openai = "https://api.openai.com/v1";
const anthropic = "https://api.anthropic.com";

describe("the price list", () => {
  test("has a date, and a price for what Proctor sets up by itself", () => {
    expect(pricesAsOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    for (const model of ["gpt-5", "gpt-5-mini"]) expect(listPrice("openai", openai, model)).toBeDefined();
    for (const model of ["claude-opus-4-7", "claude-haiku-4-5"])
      expect(listPrice("anthropic", anthropic, model)).toBeDefined();
  });

  test("speaks of a vendor's own address only: another server's model of that name costs what its owner says", () => {
    expect(listPrice("openai", "http://gpu-1:8000/v1", "gpt-5")).toBeUndefined();
    expect(listPrice("openai", "https://api.openai.com.example.org/v1", "gpt-5")).toBeUndefined();
    expect(listPrice("openai", undefined, "gpt-5")).toBeUndefined();
    expect(listPrice("openai", anthropic, "gpt-5")).toBeUndefined();
    expect(listPrice("sandbox", openai, "gpt-5")).toBeUndefined();
  });

  test("knows dated snapshots of its models and no others", () => {
    expect(listPrice("openai", openai, "gpt-5-2025-08-07")).toEqual(listPrice("openai", openai, "gpt-5"));
    expect(listPrice("anthropic", anthropic, "claude-haiku-4-5-20251001")).toEqual(
      listPrice("anthropic", `${anthropic}/v1`, "claude-haiku-4-5"),
    );
    expect(listPrice("openai", openai, "gpt-5-turbo")).toBeUndefined();
    expect(listPrice("openai", openai, "ft:gpt-4.1:me")).toBeUndefined();
  });
});

describe("the cost of tokens", () => {
  const price: Price = { input: 4, output: 20, cache_read: 0.4, cache_write: 5, cache_write_long: 8 };
  const usage = { inputTokens: 1000, outputTokens: 100 };

  test("takes what the cache gave and took out of the input", () => {
    expect(
      costPartsOf({ price }, { ...usage, cacheReadTokens: 500, cacheWriteTokens: 300, longCacheWriteTokens: 100 }),
    ).toEqual({
      prompt: (200 * 4 + 500 * 0.4 + 200 * 5 + 100 * 8) / 1e6,
      completion: 0.002,
    });
  });

  test("is that of input where the cache has no price of its own", () => {
    const plain = { input: 4, output: 20 };
    expect(costOf({ price: plain }, { ...usage, cacheReadTokens: 500, cacheWriteTokens: 300 })).toBe(
      costOf({ price: plain }, usage),
    );
  });

  test("is a multiple for a prompt that is longer than the price says", () => {
    const tiered: Price = { ...price, long: { above: 1000, input: 2, output: 1.5 } };
    expect(costPartsOf({ price: tiered }, usage)).toEqual({ prompt: 0.004, completion: 0.002 });
    expect(costPartsOf({ price: tiered }, { ...usage, inputTokens: 2000 })).toEqual({
      prompt: 0.016,
      completion: 0.003,
    });
  });

  test("is never negative and never above that of the dearest tokens, whatever a vendor counts", () => {
    const count = fc.nat(1_000_000);
    const used = fc.record({
      inputTokens: count,
      outputTokens: count,
      cacheReadTokens: count,
      cacheWriteTokens: count,
      longCacheWriteTokens: count,
    });
    fc.assert(
      fc.property(used, (given) => {
        const cost = costOf({ price }, given) ?? Number.NaN;
        const all = Object.values(given).reduce((sum, tokens) => sum + tokens, 0);
        expect(cost).toBeGreaterThanOrEqual(0);
        expect(cost).toBeLessThanOrEqual((all * 20) / 1e6);
      }),
    );
  });
});
