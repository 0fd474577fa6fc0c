import { describe, expect, test } from "vitest";
import { loadTokens } from "../../gateway/tokens.ts";

describe("tokens", () => {
  test("are counted as the encoding says, special words included", async () => {
    const tokens = await loadTokens();
    expect(tokens.count("hello world")).toBe(2);
    expect(tokens.count("a <|endoftext|> b")).toBeGreaterThan(3);
  });

  test("of a text without any border are counted in no time", async () => {
    const tokens = await loadTokens();
    const started = performance.now();
    tokens.count("a".repeat(100_000) + "日本語".repeat(30_000) + " ".repeat(100_000));
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test("cut a text without breaking a character", async () => {
    const tokens = await loadTokens();
    const words = "Grüße 👩‍🚀 日本語 ".repeat(20);
    for (let limit = 1; limit < tokens.count(words); limit += 7) {
      const cut = tokens.first(limit, words);
      expect(words.startsWith(cut)).toBe(true);
      expect(tokens.count(cut)).toBeLessThanOrEqual(limit);
    }
    expect(tokens.first(10_000, words)).toBe(words);
  });
});
