import { describe, expect, test } from "vitest";
import { findIbans } from "../../../evaluators/safety/ibans.ts";
import { findCards } from "../../../evaluators/safety/pii/cards.ts";
import { announcementOf } from "../../../evaluators/safety/pii/phone-words.ts";
import { findPhones } from "../../../evaluators/safety/pii/phones.ts";

const cardsIn = (text: string) => findCards(text).map(({ start, end }) => text.slice(start, end));
const phonesIn = (text: string) => findPhones(text).map(({ start, end }) => text.slice(start, end));
const ibansIn = (text: string) => findIbans(text).map(({ start, end }) => text.slice(start, end));

describe("a card number in odd groups", () => {
  test.each([
    "41 11 11 11 11 11 11 11",
    "411111 111111 11 11",
    "411.1 1111 1111 1111",
    "4111 1111 11111.111",
    "4111.111111111111",
    "4111 1111 1111 1111110",
    "4 15 216 3170 100006",
    "4 15 15 316 417 40009",
  ])("is found where nothing else stands: %s", (text) => expect(cardsIn(text)).toEqual([text]));

  test.each([
    ["behind another number", "5 41 11 11 11 11 11 11 11"],
    ["in a few groups, some of them short, behind another number", "12 411111 111111 11 11"],
    ["counted off", "4 15 216 317 418 1002"],
    ["around one decimal point", "411.1111111111111"],
    ["as the digits of a decimal", "4.111111111111111"],
  ])("is none %s", (_name, text) => expect(cardsIn(text)).toEqual([]));

  test("is taken out of a list where its groups are of a good length", () => {
    expect(cardsIn("12 4111 1111 1111 1111")).toEqual(["4111 1111 1111 1111"]);
    expect(cardsIn("12 411111 111111 1111")).toEqual(["411111 111111 1111"]);
  });
});

test("behind a word for a card the checksum decides, not the prefix, from twelve digits on", () => {
  expect(cardsIn("card 1234 5678 9015")).toEqual(["1234 5678 9015"]);
  expect(cardsIn("card 1234 5678 9016")).toEqual([]);
  expect(cardsIn("page 1234 5678 9015")).toEqual([]);
  expect(cardsIn("card 4 2 4 2 4 2 4 2")).toEqual([]);
  expect(cardsIn("card 0000 0000 0000 0000")).toEqual([]);
});

test.each([
  ["the shortest, of Norway", "NO93 8601 1117 947", "NO93 8601 1117 947"],
  ["the longest, of Malta", "MT84MALT011000012345MTLCAST001S", "MT84MALT011000012345MTLCAST001S"],
  ["what follows is not taken with it", "NO93-8601-1117-947 ABC", "NO93-8601-1117-947"],
])("an IBAN is found whole: %s", (_name, text, iban) => expect(ibansIn(text)).toEqual([iban]));

test("no IBAN is glued to a word", () => {
  expect(ibansIn("xNO9386011117947")).toEqual([]);
  expect(ibansIn("NO9386011117947_")).toEqual([]);
});

describe("what is announced", () => {
  test.each([
    ["", " (office)", "phrase"],
    ["", ", mobile", "phrase"],
    ["", "-Fax", "phrase"],
    ["", " officer", "none"],
    ["", "", "none"],
    ["phone: ", " users", "other"],
    ["phone: ", "", "label"],
    ["call me at ", "", "phrase"],
    ["order ", " (office)", "other"],
    ["they called about it, then ", "", "hint"],
  ])("between %j and %j is %s", (lead, rest, announced) => expect(announcementOf(lead, rest)).toBe(announced));
});

describe("a phone number", () => {
  test.each([
    ["555 1234 (office)", ["555 1234"]],
    ["555 1234 (offhand)", []],
    ["+1 200 555 0123", ["+1 200 555 0123"]],
    ["+12005550123", []],
    ["they called about it, then +12005550123", ["+12005550123"]],
    ["+1 200 555 01", []],
  ])("without a valid prefix in %j", (text, numbers) => expect(phonesIn(text)).toEqual(numbers));

  test.each([
    ["20 7946 0958\nLondon", ["20 7946 0958"]],
    ["Anna\n20 7946 0958\nLondon", ["20 7946 0958"]],
    ["Anna 20 7946 0958\nLondon", []],
    ["Anna\n20 7946 0958 London", []],
    ["20 7946 0958 London", []],
    ["612 34 56 78\nMadrid", ["612 34 56 78"]],
    ["612 345 678\nMadrid", []],
  ])("alone on its line in %j", (text, numbers) => expect(phonesIn(text)).toEqual(numbers));

  test.each([
    ["612 345 678", []],
    ["612.345.678", []],
    ["2 079 460 958", []],
    ["2.079.460.958", []],
    ["612 345.678", ["612 345.678"]],
    ["612 34 56 78", ["612 34 56 78"]],
  ])("is told from thousands: %s", (number, numbers) =>
    expect(phonesIn(`We reach a population that grew to ${number} souls.`)).toEqual(numbers),
  );
});
