import { describe, expect, test } from "vitest";
import { createLineReader } from "../../../evaluators/text/line-reader.ts";
import { splitLines } from "../../../evaluators/text/lines.ts";
import { findQuotes } from "../../../evaluators/text/quotes.ts";
import { readTokens } from "../../../evaluators/text/tokens.ts";

const words = (text: string) => readTokens(text).flatMap(({ kind, stem }) => (kind === "break" ? [] : [stem]));
const numbers = (text: string) =>
  readTokens(text).flatMap(({ number, start, end }) =>
    number ? [`${text.slice(start, end)} = ${number.value}${number.unit ?? ""} ${number.kind}`] : [],
  );

describe("readTokens", () => {
  test.each([
    ["$ 5.50", "$ 5.50 = 5.5$ amount"],
    ["1,200", "1,200 = 1200 amount"],
    ["twenty five", "twenty five = 25 amount"],
    ["3 million", "3 million = 3000000 amount"],
    ["30 percent", "30 percent = 30% amount"],
    ["79 °F", "79 °F = 79°F amount"],
    ["7 p.m", "7 p.m = 1140 time"],
    ["17:30", "17:30 = 1050 time"],
    ["10kg", "10kg = 10kg amount"],
    ["٣٠", "٣٠ = 30 amount"],
  ])("reads %j as a number with its place", (text, expected) => {
    expect(numbers(text)).toEqual([expected]);
  });

  test("passes over one name between a number and what belongs to it", () => {
    expect(numbers("6 Zorblax pm")).toEqual(["6 Zorblax pm = 1080 time"]);
    expect(words("6 Zorblax pm")).toEqual(["pm", "zorblax"]);
  });

  test("reads no number in citations, steps and names", () => {
    expect(numbers("As passage 3 and [4] say, Covid-19 came.")).toEqual([]);
  });

  test("joins the forms of a word, and reads scripts without spaces as pairs", () => {
    expect(words("cancelled cancels Cancellation")).toEqual(["cancel", "cancel", "cancel"]);
    expect(words("返品可能")).toEqual(["返品", "品可", "可能"]);
  });
});

describe("findQuotes", () => {
  test.each([
    ['He said "yes" and “no”.', ["yes", "no"]],
    ["«oui» »ja« „nein“ 「はい」", ["oui", "ja", "nein", "はい"]],
    ['5" and 7" wide', []],
    ['never "closed', []],
    ['an " empty one "', []],
  ])("finds in %j the quotes %j", (text, expected) => {
    const quotes = findQuotes(text);
    expect(quotes.map((quote) => quote.text)).toEqual(expected);
    for (const { text: quote, start, end } of quotes) expect(text.slice(start, end)).toBe(quote);
  });
});

test("a line reader tells a line when the next one has begun", () => {
  const reader = createLineReader();
  expect(reader.push("one")).toEqual({ sentences: [], settled: 0 });
  expect(reader.push(" more\n\ntwo\nth")).toEqual({
    sentences: [
      { text: "one more", start: 0, end: 8 },
      { text: "two", start: 10, end: 13 },
    ],
    settled: 14,
  });
  expect(splitLines(reader.text()).at(-1)).toEqual({ text: "th", start: 14, end: 16 });
});
