import { describe, expect, test } from "vitest";
import { isPassage, isQuotedFrom, toQuotable } from "../../../evaluators/faithfulness/quotation.ts";

const filler = Array.from({ length: 4000 }, (_, at) => `w${at % 97} of ${at}`).join(" ");
const short = "You may return most items, within 30 days!";
const passages = [
  ["a short passage", toQuotable(short)],
  ["a long passage", toQuotable(`${filler} You may go. ${short} ${filler}`)],
] as const;

describe.each(passages)("isQuotedFrom %s", (_which, passage) => {
  test.each([
    ["may return most items", true],
    ["MAY return, most items within", true],
    ["[y]ou may … within 30 days", true],
    ["within 30 days … you may return", false],
    ["may return all items", false],
    ["ay return most items", false],
    ["return most item", false],
    ["most items", true],
    ["all items", false],
    ["within 30 days!", true],
    ["…", true],
  ])("%j: %s", (quote, expected) => {
    expect(isQuotedFrom(quote, passage)).toBe(expected);
  });
});

test("finds a later occurrence when the words of a quote stand apart before", () => {
  const passage = toQuotable(`a b c x. b c d x. ${filler} a b c d e.`);
  expect(isQuotedFrom("a b c d", passage)).toBe(true);
  expect(isQuotedFrom("a b c d f", passage)).toBe(false);
  expect(isQuotedFrom("c d e … a b c", passage)).toBe(false);
});

test.each([
  ["two words", false],
  ["three whole words", true],
  ["Ada's well-known e.g. case", true],
  ["返品で", false],
  ["30日以内に返", false],
  ["30日以内に返品", true],
])("isPassage(%j) is %s", (quote, expected) => {
  expect(isPassage(quote)).toBe(expected);
});

test("looks up fifty thousand different quotes in a megabyte in bounded time", () => {
  const passage = toQuotable(Array.from({ length: 50_000 }, (_, at) => `ab ${at % 9973} cd ${at}`).join("\n"));
  const started = performance.now();
  let found = 0;
  for (let at = 0; at < 50_000; at += 1) found += isQuotedFrom(`ab ${at % 9973} cd ${at + (at % 2)}`, passage) ? 1 : 0;
  expect(found).toBe(25_000);
  expect(performance.now() - started).toBeLessThan(5_000); // a search from the beginning took over a minute
});
