import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSentenceEnds } from "../../../evaluators/text/sentence-ends.ts";
import { splitSentences } from "../../../evaluators/text/sentences.ts";
import { growingTexts } from "../../support/growing-text.ts";

function endsOf(pieces: readonly string[]): number[] {
  const ends = createSentenceEnds();
  return pieces.flatMap((piece) => [...ends.push(piece)]);
}

/** The text between the ends. */
function cut(text: string): string[] {
  const ends = [0, ...endsOf([text]), text.length];
  return ends.slice(1).map((end, at) => text.slice(ends[at], end));
}

describe("the ends of sentences", () => {
  test("are known with the first letter of the next sentence", () => {
    const ends = createSentenceEnds();
    expect(ends.push("It works.")).toEqual([]);
    expect(ends.push(" ")).toEqual([]);
    expect(ends.push("D")).toEqual([10]);
    expect(ends.push("oes it? ")).toEqual([]);
    expect(ends.push("Y")).toEqual([19]);
  });

  test("are known at once, however long the text before them is", () => {
    const ends = createSentenceEnds();
    const long = "word ".repeat(3000);
    expect(ends.push(`${long}end.`)).toEqual([]);
    expect(ends.push(" N")).toEqual([long.length + 5]);
  });

  test("are not at abbreviations, decimals, initials and numbers of a list", () => {
    expect(cut("1. Dr. Lee paid $3.50 to J. Smith, e.g. for tea. He left at 5 p.m. on Friday.")).toEqual([
      "1. Dr. Lee paid $3.50 to J. Smith, e.g. for tea. ",
      "He left at 5 p.m. on Friday.",
    ]);
  });

  test("are between items, headings and lines of code, and not inside a sentence of several lines", () => {
    const text = "# Hours\n\n- Open at nine\n- Closed on\nsunday\n\n```sh\nnpm ci. Now\n  npm test\n```\nDone";
    expect(cut(text)).toEqual([
      "# Hours\n\n",
      "- Open at nine\n",
      "- Closed on\nsunday\n\n",
      "```sh\n",
      "npm ci. Now\n  ",
      "npm test\n",
      "```\n",
      "Done",
    ]);
  });

  test("need no space in scripts that put none, and come behind closing quotes", () => {
    expect(cut("今日は晴れです。「雨ですか？」はい。")).toEqual(["今日は晴れです。", "「雨ですか？」", "はい。"]);
    expect(cut('She said "Stop." (He did.) Great! 🎉 Next')).toEqual([
      'She said "Stop." ',
      "(He did.) ",
      "Great! ",
      "🎉 Next",
    ]);
  });

  test("stand before no mark that belongs to the character before it", () => {
    expect(cut("雨。\u0301はい")).toEqual(["雨。\u0301はい"]);
    expect(cut("So. \u0301Yes")).toEqual(["So. \u0301Yes"]);
  });

  test("are the same however the text is cut into pieces", () => {
    fc.assert(
      fc.property(growingTexts, fc.array(fc.nat(5)), (text, sizes) => {
        const pieces: string[] = [];
        let at = 0;
        for (const size of sizes) pieces.push(text.slice(at, (at += size)));
        expect(endsOf([...pieces, text.slice(at)])).toEqual(endsOf([text]));
        expect(endsOf(text.split(""))).toEqual(endsOf([text]));
      }),
      { numRuns: 500 },
    );
  });

  test("lie inside no sentence of the whole text, and one lies between any two that no mark joins", () => {
    fc.assert(
      fc.property(growingTexts, (text) => {
        const sentences = splitSentences(text);
        const ends = endsOf([text]);
        for (const end of ends) {
          expect(end).toBeGreaterThan(0);
          expect(end).toBeLessThan(text.length);
          expect(sentences.filter((one) => one.start < end && end < one.end)).toEqual([]);
        }
        const together = sentences.filter(({ start, text: words }, at) => {
          const before = sentences[at - 1]?.end;
          return before !== undefined && !/^\p{M}/u.test(words) && !ends.some((end) => before <= end && end <= start);
        });
        expect(together.map(({ start }) => text.slice(Math.max(0, start - 8), start + 8))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  test("are found in time linear in the text, whatever it is", () => {
    for (const unit of [" ", ".", "\n", "e.g. ", "a.", "。", "\r", "- ", "> ", "```\n", "word "]) {
      const started = performance.now();
      const ends = createSentenceEnds();
      for (let at = 0; at < 20_000; at += 1) ends.push(unit);
      expect(performance.now() - started).toBeLessThan(3000);
    }
  });
});
