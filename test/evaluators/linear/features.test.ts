import { expect, test } from "vitest";
import { createFeatureReader, families, tableSize } from "../../../evaluators/linear/features.ts";
import { familyOf } from "../../../evaluators/linear/linear-model.ts";
import { wordsOf } from "../../../evaluators/linear/words.ts";

const slotsOf = (text: string, mark?: Parameters<typeof createFeatureReader>[0]) =>
  Array.from(createFeatureReader(mark).read(wordsOf(text)).slots);
const ofFamily = (slots: readonly number[], family: number) => slots.filter((slot) => familyOf(slot) === family);

test("the families fill the table one after the other", () => {
  expect(families.map(({ offset, size }) => [offset, offset + size])).toEqual([
    [0, 32_768],
    [32_768, 49_152],
    [49_152, 65_536],
  ]);
  expect(tableSize).toBe(65_536);
});

test("a word of four letters has itself, its pair, and runs of three and four characters", () => {
  const slots = slotsOf("word");
  expect(ofFamily(slots, 0)).toHaveLength(6);
  expect(ofFamily(slots, 1)).toHaveLength(2);
  expect(ofFamily(slots, 2)).toHaveLength(0);
});

test("words of one and two letters have no runs", () => {
  expect(ofFamily(slotsOf("an"), 0)).toHaveLength(0);
  expect(ofFamily(slotsOf("and"), 0)).toHaveLength(4);
});

test("a word is the same feature wherever it stands, a pair only with the same neighbour", () => {
  const [own, pair] = ofFamily(slotsOf("cat"), 1);
  const [, , ownSecond, pairSecond] = ofFamily(slotsOf("the cat"), 1);
  expect(ownSecond).toBe(own);
  expect(pairSecond).not.toBe(pair);
  expect(ofFamily(slotsOf("the cat"), 1)).toEqual(ofFamily(slotsOf("The CAT"), 1));
  expect(ofFamily(slotsOf("cat the"), 1)).not.toEqual(ofFamily(slotsOf("the cat"), 1));
});

test("marks are paired with the four before them, and the order of a triple counts", () => {
  const mark = (text: string) => (text === "x" ? [] : [text]);
  expect(ofFamily(slotsOf("a", mark), 2)).toHaveLength(1);
  expect(ofFamily(slotsOf("a b", mark), 2)).toHaveLength(3);
  expect(ofFamily(slotsOf("a b c", mark), 2)).toHaveLength(7);
  expect(ofFamily(slotsOf("a b c d e f", mark), 2)).toHaveLength(1 + 2 + 4 + 5 + 6 + 6);
  expect(ofFamily(slotsOf("a x b", mark), 2)).toEqual(ofFamily(slotsOf("a b", mark), 2));
  expect(new Set(ofFamily(slotsOf("a b", mark), 2))).not.toEqual(new Set(ofFamily(slotsOf("b a", mark), 2)));
});

test("says where the features of each word begin", () => {
  const { slots, from } = createFeatureReader().read(wordsOf("one to three"));
  expect(Array.from(from)).toEqual([0, 6, 8, slots.length]);
  expect(createFeatureReader().read([]).slots).toHaveLength(0);
});

test("a name that words have by their place comes before those they have anyway", () => {
  const words = wordsOf("bad dog bad");
  const reader = createFeatureReader((text) => (text === "bad" ? ["bad"] : []));
  const plain = reader.read(words);
  const named = reader.read(words, { name: "first", has: ({ start }) => start === 0 });
  expect(ofFamily(Array.from(plain.slots), 2)).toHaveLength(1 + 2);
  expect(ofFamily(Array.from(named.slots), 2)).toHaveLength(1 + 2 + 4);
  const both = createFeatureReader((text) => (text === "bad" ? ["first", "bad"] : [])).read(wordsOf("bad dog"));
  expect(Array.from(reader.read(wordsOf("bad dog"), { name: "first", has: ({ start }) => start === 0 }).slots)).toEqual(
    Array.from(both.slots),
  );
});

test("a reader that has forgotten its words reads them as before", () => {
  const reader = createFeatureReader((text) => (text.startsWith("w1") ? ["one"] : []));
  const words = wordsOf("w12 and w13 were here");
  const before = reader.read(words);
  reader.read(Array.from({ length: 17_000 }, (_, at) => ({ text: `x${at}`, start: 0, end: 1 })));
  expect(reader.read(words)).toEqual(before);
});
