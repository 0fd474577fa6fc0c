import { describe, expect, test } from "vitest";
import { isBorder } from "../../../../gateway/guardrails/window/character-border.ts";
import { createOpenPassages } from "../../../../gateway/guardrails/window/open-passages.ts";
import type { Stretch } from "../../../../gateway/guardrails/window/said-passages.ts";
import { createSentenceWindows, type Window } from "../../../../gateway/guardrails/window/sentence-windows.ts";

function windowsOf(text: string, overlap: number): Window[] {
  const windows = createSentenceWindows({ overlap });
  return [...windows.push(text), ...windows.rest()];
}

test("no character is cut in two, the last ones of Unicode included", () => {
  for (const character of ["\u{10000}", "\u{1F600}", "\u{10FC00}", "\u{10FFFF}"])
    expect([0, 1, 2].map((at) => isBorder(`${character}a`, at))).toEqual([true, false, true]);
});

describe("what is examined before a window", () => {
  test.each([40, 41, 42, 43, 44])("begins with a word where it can: %d", (overlap) => {
    const text = `${"one two six ".repeat(20)}end. The next one. And one more.`;
    const overlapped = windowsOf(text, overlap).filter(({ start }) => start > overlap);
    expect(overlapped.length).toBeGreaterThan(1);
    for (const { start, from } of overlapped) {
      expect(text.slice(from - 1, from + 1)).toMatch(/^\s\S$/);
      expect(start - from).toBeLessThanOrEqual(overlap);
      expect(start - from).toBeGreaterThanOrEqual(overlap - Math.floor(overlap / 8));
    }
  });

  test.each([40, 41])("begins with a character where there is no word: %d", (overlap) => {
    const text = `${"😀".repeat(50)}。${"😀".repeat(50)}。`;
    const overlapped = windowsOf(text, overlap).filter(({ start }) => start > overlap);
    expect(overlapped.length).toBeGreaterThan(0);
    for (const { from } of overlapped) expect(isBorder(text, from)).toBe(true);
  });
});

test("the passages of a reply are cut as the bounds say", () => {
  const text = "word ".repeat(40);
  const stretch: Stretch = {
    key: "0",
    delta: 0,
    from: 0,
    to: text.length,
    text,
    choice: 0,
    type: "text-delta",
    role: "piece",
  };
  const passages = createOpenPassages({ longest: 20, overlap: 8 });
  const windows = [...passages.read(stretch), ...passages.rest()].map(({ window }) => window);
  expect(windows.length).toBeGreaterThanOrEqual(10);
  for (const { start, end, from } of windows) {
    expect(end - start).toBeLessThanOrEqual(20);
    expect(start - from).toBeLessThanOrEqual(8);
  }
});
