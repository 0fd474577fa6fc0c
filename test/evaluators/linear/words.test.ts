import { expect, test } from "vitest";
import { wordsOf } from "../../../evaluators/linear/words.ts";

test("gives words in lower case with their places, and runs of a mark as one", () => {
  expect(wordsOf("Hi, Zoë!!! 42")).toEqual([
    { text: "hi", start: 0, end: 2 },
    { text: ",", start: 2, end: 3 },
    { text: "zoë", start: 4, end: 7 },
    { text: "!!!", start: 7, end: 10 },
    { text: "42", start: 11, end: 13 },
  ]);
});

test("cuts endless words and runs after 32 characters", () => {
  expect(wordsOf("a".repeat(65)).map(({ end, start }) => end - start)).toEqual([32, 32, 1]);
  expect(wordsOf("-".repeat(33)).map(({ text }) => text.length)).toEqual([32, 1]);
});

test("keeps an emoji whole and finds nothing in white space", () => {
  expect(wordsOf("\uffff\u{10000}")).toEqual([
    { text: "\uffff", start: 0, end: 1 },
    { text: "\u{10000}", start: 1, end: 3 },
  ]);
  expect(wordsOf(" 🎉 \n")).toEqual([{ text: "🎉", start: 1, end: 3 }]);
  expect(wordsOf(" \t\n")).toEqual([]);
});
