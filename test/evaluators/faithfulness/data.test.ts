import { describe, expect, test } from "vitest";
import { denialsOf } from "../../../evaluators/faithfulness/denials.ts";
import { dayOf, factsOf, type Hours } from "../../../evaluators/faithfulness/facts.ts";
import { contradictsHours } from "../../../evaluators/faithfulness/opening-hours.ts";
import { readSentence } from "../../../evaluators/faithfulness/reading.ts";

describe("factsOf", () => {
  test("reads flags at any depth, with the words of their keys and of what they are about", () => {
    const { flags, hours } = factsOf({
      BusinessParking: { street: true, valet: "no" },
      attributes: [{ TakeOut: "Yes", WiFi: null }],
      stars: 4,
      has: true,
    });
    expect(hours).toBeNull();
    expect(flags).toEqual([
      { stems: ["street"], joined: "street", about: ["park"], value: true },
      { stems: ["valet"], joined: "valet", about: ["park"], value: false },
      { stems: ["tak", "out"], joined: "takeout", about: [], value: true },
      { stems: ["wifi"], joined: "wifi", about: [], value: null },
    ]);
  });

  test("reads opening hours by day in minutes, without the days on which nobody opens", () => {
    const { hours } = factsOf({
      hours: { Monday: "7:0-14:30", tue: "9:00 – 17:00", Sunday: "0:0-0:0", Friday: "late" },
    });
    expect([...(hours ?? [])]).toEqual([
      [0, [420, 870]],
      [1, [540, 1020]],
      [4, null],
    ]);
  });

  test("takes the same time twice on every day for unknown, and other keys for no hours", () => {
    expect([...(factsOf({ hours: { Monday: "0:0-0:0" } }).hours ?? [])]).toEqual([[0, null]]);
    expect(factsOf({ hours: { Monday: "7:0-14:30", note: "x" } }).hours).toBeNull();
    expect(factsOf({ hours: {} }).hours).toBeNull();
  });

  test.each([
    ["monday", 0],
    ["mondays", 0],
    ["sun", 6],
    ["thurs", 3],
    ["su", -1],
    ["mont", -1],
    ["sundayx", -1],
  ])("dayOf(%j) is %i", (word, day) => {
    expect(dayOf(word)).toBe(day);
  });
});

describe("contradictsHours", () => {
  const nine = [540, 1020] as const;
  const weekdays: Hours = new Map([0, 1, 2, 3, 4].map((day) => [day, nine] as const));
  const mixed: Hours = new Map([...weekdays, [5, [600, 840]]]);

  test.each([
    ["Open Monday to Friday from 9 am to 5 pm.", weekdays, false],
    ["Open Monday to Friday from 9 am to 6 pm.", weekdays, true],
    ["Open Monday to Friday from 8 am to 5 pm.", weekdays, true],
    ["Open Monday-Friday, 9:00-17:00.", weekdays, false],
    ["Open Monday to Saturday.", weekdays, true],
    ["Open on Saturday.", weekdays, true],
    ["Ada came on Saturday.", weekdays, false],
    ["Closed on Saturday and Sunday.", weekdays, false],
    ["Closed on Monday.", weekdays, true],
    ["Closed on Sunday, open on Monday.", weekdays, false],
    ["Open every day.", weekdays, true],
    ["Open 7 days a week.", weekdays, true],
    ["Open daily.", weekdays, true],
    ["Open on weekdays from 9 am to 5 pm.", weekdays, false],
    ["Open on weekends.", weekdays, true],
    ["Hours vary, usually 9 am to 8 pm on Monday.", weekdays, false],
    ["Open Monday to Friday 9 am to 5 pm and Saturday 10 am to 2 pm.", mixed, false],
    ["Open Monday to Friday 9 am to 5 pm and Saturday 10 am to 4 pm.", mixed, true],
    ["Open on Friday from 9:00 to 12:00 and from 13:00 to 17:00.", weekdays, true],
    ["Open from 9 to 5.", weekdays, false],
  ])("%j: %#", (claim, hours, expected) => {
    expect(contradictsHours(readSentence(claim), hours)).toBe(expected);
  });

  test("knows nothing of a day whose hours cannot be read", () => {
    expect(contradictsHours(readSentence("Open on Monday from 1 am to 2 am."), new Map([[0, null]]))).toBe(false);
  });
});

describe("denialsOf", () => {
  const facts = factsOf({
    OutdoorSeating: true,
    live_music: false,
    WiFi: null,
    RestaurantsTakeOut: true,
    BusinessParking: { street: false },
  });
  const deny = (claim: string, known: readonly string[] = []) => {
    const { denied, unknown } = denialsOf(readSentence(claim), facts, (stem) => known.includes(stem));
    return [denied, unknown];
  };

  test.each([
    ["It has outdoor seating.", [0, 0]],
    ["It has no outdoor seating.", [1, 0]],
    ["Outdoor seating is not currently available.", [1, 0]],
    ["Outdoor seating is nice, and nobody can not like it.", [0, 0]],
    ["It lacks outdoor seating.", [1, 0]],
    ["It has not only outdoor seating.", [0, 0]],
    ["It has live music.", [1, 0]],
    ["It has no live music.", [0, 0]],
    ["It has no live music but outdoor seating.", [0, 0]],
    ["It does not offer takeout, but outdoor seating is available.", [1, 0]],
    ["While there is no live music, it has outdoor seating.", [0, 0]],
    ["Take-out is not available.", [1, 0]],
    ["It offers free WiFi.", [0, 1]],
    ["It is not known whether it has WiFi.", [0, 1]],
    ["The data does not mention outdoor seating.", [0, 0]],
    ["It lies in a quiet street.", [0, 0]],
    ["It has street parking.", [1, 0]],
  ])("%j: %j", (claim, expected) => {
    expect(deny(claim)).toEqual(expected);
  });

  test("takes what the context tells elsewhere for told, and a name for no flag", () => {
    expect(deny("It offers free WiFi.", ["wifi"])).toEqual([0, 0]);
    expect(deny("They met at Live Music Soho.", ["soho"])).toEqual([0, 0]);
    expect(deny("They met at Live Music Soho.")).toEqual([1, 0]);
  });

  test("says nothing without flags", () => {
    expect(denialsOf(readSentence("It has no music."), { flags: [], hours: null }, () => false)).toEqual({
      denied: 0,
      unknown: 0,
      hours: false,
    });
  });
});
