import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fold, unescapeJson } from "../../../evaluators/safety/fold.ts";

/** Any UTF-16 code unit, halves of surrogate pairs among them. */
const codeUnit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

describe("a folded text", () => {
  test.each([
    ["full-width digits and letters", "４１１１ ａ＠ｂ", "4111 a@b"],
    ["digits of other scripts", "٤١١١ ४१११ ৪𝟒𝟗", "4111 4111 449"],
    ["what cannot be seen", "4\u200b1\u00ad1\u20601\ufeff", "4111"],
    ["keycaps", "4\ufe0f\u20e31\ufe0f\u20e3", "41"],
    ["kinds of space and dash", "1\u00a02\u20093\u30004\u20115\u2212", "1 2 3 4-5-"],
  ])("reads %s", (_name, written, read) => expect(fold(written).text).toBe(read));

  test("knows where each stretch was written", () => {
    const written = "x\u200b４1\u00ad𝟒y";
    const { text, place } = fold(written);
    expect(text).toBe("x414y");
    expect(written.slice(...place(1, 4))).toBe("４1\u00ad𝟒");
    expect(written.slice(...place(0, 1))).toBe("x");
    expect(place(2, 2)).toEqual([3, 3]);
    expect(place(5, 5)).toEqual([written.length, written.length]);
  });

  test("is the text itself where nothing is written otherwise", () => {
    for (const text of ["", "plain", "grün 漢字 👍🏽"]) {
      expect(fold(text).text).toBe(text);
      expect(fold(text).place(0, 2)).toEqual([0, 2]);
    }
  });

  test("keeps every other character in its place", () => {
    fc.assert(
      fc.property(fc.string({ unit: codeUnit }), (text) => {
        const folded = fold(text);
        expect(folded.text.length).toBeLessThanOrEqual(text.length);
        for (let at = 0; at < folded.text.length; at += 1) {
          const [start, end] = folded.place(at, at + 1);
          expect(fold(text.slice(start, end)).text).toContain(folded.text[at]);
        }
      }),
    );
  });
});

describe("an unescaped JSON text", () => {
  test("reads escapes as what they stand for and knows where they were", () => {
    const written = String.raw`{"to":"a\u0040b.de\n\"\\x\/"}`;
    const { text, place } = unescapeJson(written);
    expect(text).toBe('{"to":"a@b.de\n"\\x/"}');
    expect(written.slice(...place(7, 13))).toBe(String.raw`a\u0040b.de`);
  });

  test("leaves half an escape as it is", () => {
    expect(unescapeJson("a\\").text).toBe("a\\");
    expect(unescapeJson("\\u00").text).toBe("\\u00");
    expect(unescapeJson("none").place(1, 3)).toEqual([1, 3]);
  });
});
