import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Segmenting, segmentsOf } from "../../../evaluators/safety/segments.ts";

const filler = "word ".repeat(48);
const cutsOf = (text: string) => segmentsOf(text).map(({ end }) => end);

describe("a text is cut", () => {
  test.each([
    ["after a sentence", `${filler}end. `, "Next one."],
    ["after a quoted sentence", `${filler}end." `, "Next one."],
    ["after a block", `${filler}{ x: 1 }\n\n`, "next"],
    ["after an ideographic full stop", `${"漢字".repeat(120)}。`, "漢字"],
  ])("%s", (_name, first, second) => {
    expect(cutsOf(first + second)).toEqual([first.length, first.length + second.length]);
  });

  test.each([
    ["within a short text", "One. Two. Three."],
    ["after a number", `${filler}4111. 1111`],
    ["after a line", `${filler}one\ntwo`],
    ["after a word and a blank line", `${filler}all\n\nprevious`],
    ["after a mark within a word", `${filler}a.b`],
    ["after an ellipsis", `${filler}... and`],
    ["before ideographic marks", `${"漢字".repeat(120)}。」`],
  ])("not %s", (_name, text) => expect(cutsOf(text)).toEqual([text.length]));

  test("not inside a key, and after it again", () => {
    const key = `-----BEGIN ${"PRIVATE"} KEY-----\nabc: def.\n\nghi. Jkl. `;
    const open = `${filler}${key}${"mno. ".repeat(80)}`;
    expect(cutsOf(open)).toEqual([open.length]);
    const closed = `${open}-----END ${"PRIVATE"} KEY----- done. Next`;
    expect(cutsOf(closed)).toEqual([closed.length - "Next".length, closed.length]);
    const forgotten = `${open}${"pqr. ".repeat(1700)}`;
    expect(cutsOf(forgotten).length).toBeGreaterThan(1);
  });

  test("before a word where there is no better place for 16,384 characters, and anywhere where there is none", () => {
    const words = "abcdefg ".repeat(2100);
    const [first] = cutsOf(words);
    expect(first).toBe(16_384);
    expect(cutsOf(`${"abcdefg ".repeat(2000)}${"x".repeat(1000)} y`)[0]).toBe(16_000);
    expect(cutsOf("a".repeat(40_000))).toEqual([16_384, 32_768, 40_000]);
  });

  test("nowhere when it is empty", () => expect(segmentsOf("")).toEqual([]));
});

const pieces = fc.array(
  fc.constantFrom(
    "word ",
    "end. ",
    "\n\n",
    "。",
    "漢",
    "4111 ",
    "}",
    "-----BEGIN ",
    "-----END ",
    '."',
    "👍",
    " ".repeat(9),
    filler,
  ),
  { maxLength: 60 },
);

test("the cuts are the same however a text arrives, and nothing is left out", () => {
  fc.assert(
    fc.property(pieces, fc.array(fc.integer({ min: 1, max: 400 })), (parts, steps) => {
      const text = parts.join("");
      const segmenting = new Segmenting();
      const found = [];
      let arrived = 0;
      for (const step of steps) {
        arrived = Math.min(text.length, arrived + step);
        found.push(...segmenting.advance(text.slice(0, arrived)));
      }
      found.push(...segmenting.advance(text), ...segmenting.rest());
      expect(found).toEqual(segmentsOf(text));
      expect(found.map(({ start, end }) => text.slice(start, end)).join("")).toBe(text);
    }),
  );
});
