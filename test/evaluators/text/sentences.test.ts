import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitSentences } from "../../../evaluators/text/sentences.ts";

const texts = (text: string) => splitSentences(text).map((sentence) => sentence.text);

describe("splitSentences", () => {
  test("splits behind full stops, question marks and exclamation marks", () => {
    expect(texts("It works. Does it? It does! Good.")).toEqual(["It works.", "Does it?", "It does!", "Good."]);
  });

  test("does not split at abbreviations, initials and decimals", () => {
    expect(texts("Dr. Lee paid $3.50 to J. Smith, e.g. for tea. He left at 5 p.m. on Friday.")).toEqual([
      "Dr. Lee paid $3.50 to J. Smith, e.g. for tea.",
      "He left at 5 p.m. on Friday.",
    ]);
  });

  test("takes list items, headings and table rows one by one, without their markers", () => {
    const text =
      "# Hours\n\n- Open at nine\n* Closed on Sunday\n1. Ring twice\n\n| day | open |\n|-----|------|\n| Mon | 9 |";
    expect(splitSentences(text).map(({ text: sentence, kind }) => [kind, sentence])).toEqual([
      ["heading", "Hours"],
      ["item", "Open at nine"],
      ["item", "Closed on Sunday"],
      ["item", "Ring twice"],
      ["item", "| day | open |"],
      ["item", "| Mon | 9 |"],
    ]);
  });

  test("joins a sentence that was broken into lines, and keeps paragraphs apart", () => {
    expect(texts("The parcel arrives\nwithin two days.\n\nThe sender pays")).toEqual([
      "The parcel arrives\nwithin two days.",
      "The sender pays",
    ]);
  });

  test("splits scripts that put no space behind the full stop", () => {
    expect(texts("今日は晴れです。明日は雨ですか？はい。")).toEqual(["今日は晴れです。", "明日は雨ですか？", "はい。"]);
  });

  test("keeps quotes and brackets with the sentence that they close, and splits before an emoji", () => {
    expect(texts('She said "Stop." (He did.) Great! 🎉 Next one.')).toEqual([
      'She said "Stop."',
      "(He did.)",
      "Great!",
      "🎉 Next one.",
    ]);
  });

  test("takes fenced code line by line", () => {
    expect(texts("Run:\n```sh\nnpm ci. Now\nnpm test\n```\nDone.")).toEqual([
      "Run:",
      "npm ci. Now",
      "npm test",
      "Done.",
    ]);
  });

  test("gives offsets that cut exactly the sentence, in order and without overlap, whatever the text", () => {
    const pieces = fc.constantFrom(
      "Dr. ",
      "Yes. ",
      "3.14 ",
      "…",
      "。",
      "\r\n",
      "\n\n- ",
      "```\n",
      "🎉",
      "e\u0301t\u00e9 ",
      "「はい」",
      "?!) ",
      " ",
      "# ",
      "word ",
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(pieces, fc.string({ unit: "binary", maxLength: 4 })), { maxLength: 20 }),
        (parts) => {
          const text = parts.join("");
          let at = 0;
          for (const { text: sentence, start, end } of splitSentences(text)) {
            expect(text.slice(start, end)).toBe(sentence);
            expect(sentence.trim()).toBe(sentence);
            expect(sentence).not.toBe("");
            expect(start).toBeGreaterThanOrEqual(at);
            at = end;
          }
        },
      ),
    );
  });
});
