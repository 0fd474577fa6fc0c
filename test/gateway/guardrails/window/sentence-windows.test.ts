import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isBorder } from "../../../../gateway/guardrails/window/character-border.ts";
import {
  createSentenceWindows,
  type Window,
  type WindowBounds,
} from "../../../../gateway/guardrails/window/sentence-windows.ts";
import { growingTexts, inPieces } from "../../../support/growing-text.ts";

function windowsOf(pieces: readonly string[], bounds?: WindowBounds): Window[] {
  const windows = createSentenceWindows(bounds);
  return [...pieces.flatMap((piece) => [...windows.push(piece)]), ...windows.rest()];
}

function sentencesOf(text: string, bounds?: WindowBounds): string[] {
  return windowsOf([text], bounds).map(({ start, end }) => text.slice(start, end));
}

describe("a window", () => {
  test("is one sentence with the space behind it, and known with the first letter of the next", () => {
    const windows = createSentenceWindows();
    expect(windows.push("It works.")).toEqual([]);
    expect(windows.push(" N")).toEqual([{ start: 0, end: 10, from: 0, text: "It works. " }]);
    expect(windows.push("ext")).toEqual([]);
    expect(windows.rest()).toEqual([{ start: 10, end: 14, from: 0, text: "It works. Next" }]);
    expect(windows.rest()).toEqual([]);
  });

  test("is an item of a list, a heading or a line of code", () => {
    expect(sentencesOf("# Hours\n- nine\n- ten\n```\na. B\nc\n```\nDone")).toEqual([
      "# Hours\n",
      "- nine\n",
      "- ten\n",
      "```\n",
      "a. B\n",
      "c\n",
      "```\n",
      "Done",
    ]);
  });

  test("of nothing but space begins no text", () => {
    expect(sentencesOf("\n\n  \nHello. You")).toEqual(["\n\n  \nHello. ", "You"]);
    expect(sentencesOf(" \n ")).toEqual([" \n "]);
  });

  test("ends before a word where the sentence is too long, and anywhere where it has one word only", () => {
    expect(sentencesOf("one two three four", { longest: 9 })).toEqual(["one two ", "three ", "four"]);
    expect(sentencesOf("abcdefghij", { longest: 4 })).toEqual(["abcd", "efgh", "ij"]);
    expect(sentencesOf("ab🎉🎉e\u0301e\u0301", { longest: 3 })).toEqual(["ab", "🎉", "🎉", "e\u0301", "e\u0301"]);
    expect(sentencesOf("🎉🎉", { longest: 1 })).toEqual(["🎉", "🎉"]);
    expect(sentencesOf(`e${"\u0301".repeat(5)}`, { longest: 3 })).toEqual(["e\u0301\u0301", "\u0301\u0301\u0301"]);
  });

  test("is examined with the words before it, up to the overlap", () => {
    const windows = windowsOf(["aaaa bbbb cccc dddd eeee. Next. Last"], { overlap: 16 });
    expect(windows.map(({ text }) => text)).toEqual([
      "aaaa bbbb cccc dddd eeee. ",
      "cccc dddd eeee. Next. ",
      "ddd eeee. Next. Last",
    ]);
  });

  test("may be ended early, and what follows begins another", () => {
    const windows = createSentenceWindows();
    expect(windows.push("Half a")).toEqual([]);
    expect(windows.rest()).toMatchObject([{ start: 0, end: 6 }]);
    expect(windows.push(" word. N")).toEqual([{ start: 6, end: 13, from: 0, text: "Half a word. " }]);
    expect(windows).toMatchObject({ start: 13, length: 14 });
  });
});

const bounds = fc.record({ longest: fc.integer({ min: 1, max: 40 }), overlap: fc.integer({ min: 0, max: 40 }) });

test("windows follow each other without a gap, cover the text and hold what they say", () => {
  fc.assert(
    fc.property(growingTexts, bounds, (text, given) => {
      let at = 0;
      for (const { start, end, from, text: examined } of windowsOf([text], given)) {
        expect(start).toBe(at);
        expect(end).toBeGreaterThan(start);
        expect(end - start).toBeLessThanOrEqual(Math.max(2, given.longest));
        expect(from).toBeGreaterThanOrEqual(Math.max(0, start - given.overlap));
        expect(from).toBeLessThanOrEqual(Math.max(0, start - given.overlap * 0.875));
        expect(examined).toBe(text.slice(from, end));
        at = end;
      }
      expect(at).toBe(text.length);
    }),
    { numRuns: 1000 },
  );
});

test("windows depend on the text and not on its pieces", () => {
  fc.assert(
    fc.property(growingTexts, fc.array(fc.nat(7)), bounds, (text, sizes, given) => {
      expect(windowsOf(inPieces(text, sizes), given)).toEqual(windowsOf([text], given));
      expect(windowsOf(text.split(""), given)).toEqual(windowsOf([text], given));
    }),
    { numRuns: 1000 },
  );
});

test("no window ends inside a character, with its marks, that is shorter than a window", () => {
  fc.assert(
    fc.property(growingTexts, (text) => {
      const ends = windowsOf([text], { longest: 200 }).map(({ end }) => end);
      expect(ends.slice(0, -1).filter((end) => !isBorder(text, end))).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});

test("a long text in small pieces is cut in time linear in its length", () => {
  for (const unit of [" ", ".", "\n", "e.g. ", "\u0301", "a", "word ", "So. "]) {
    const started = performance.now();
    const windows = createSentenceWindows();
    for (let at = 0; at < 20_000; at += 1) windows.push(unit);
    expect(performance.now() - started).toBeLessThan(3000);
  }
});
