import { describe, expect, test } from "vitest";
import { findClaims } from "../../../evaluators/faithfulness/claims.ts";
import { features, featuresOf } from "../../../evaluators/faithfulness/features.ts";
import { probabilityOf } from "../../../evaluators/faithfulness/model.ts";
import { indexContext } from "../../../evaluators/faithfulness/passages.ts";
import { readSentence } from "../../../evaluators/faithfulness/reading.ts";
import { type Support, supportOf } from "../../../evaluators/faithfulness/support.ts";
import { toClaim } from "../../../evaluators/faithfulness/verdict.ts";
import { weights } from "../../../evaluators/faithfulness/weights.ts";
import { widestWindow } from "../../../evaluators/faithfulness/windows.ts";
import { missingPairsOf, missingWordsOf } from "../../../evaluators/faithfulness/wording.ts";

const nothing = { stems: new Set<string>(), numbers: new Set<number>() };

function support(claim: string, ...context: string[]): Support {
  return supportOf(readSentence(claim), indexContext(context), nothing);
}

/** Of a claim that the context carries whole. */
const whole: Support = {
  words: 4,
  missingWords: 0,
  longestRun: 0,
  differentWords: 4,
  scattered: 0,
  pairs: 3,
  missingPairs: 0,
  missingNumbers: 0,
  missingNames: 0,
  denials: { denied: 0, unknown: 0, hours: false },
  overlap: 1,
  rival: false,
  reversed: false,
};

describe("wording", () => {
  const index = indexContext(["Red apples grow on old trees.", "Nobody sells green pears."]);

  test.each([
    ["Red apples grow.", { missingWords: 0, longestRun: 0 }],
    ["Red whales sing, apples dance.", { missingWords: 3, longestRun: 2 }],
    ["Whales sing and dance.", { missingWords: 3, longestRun: 3 }],
  ])("counts the missing words of %j", (claim, expected) => {
    expect(missingWordsOf(readSentence(claim), index, new Set())).toEqual(expected);
  });

  test("misses no word that the question has", () => {
    expect(missingWordsOf(readSentence("Whales grow."), index, new Set(["whal"]))).toEqual({
      missingWords: 0,
      longestRun: 0,
    });
  });

  test.each([
    ["Red apples grow.", { pairs: 2, missingPairs: 0 }],
    ["Apples grow red.", { pairs: 2, missingPairs: 1 }],
    ["Trees.", { pairs: 0, missingPairs: 0 }],
    ["", { pairs: 0, missingPairs: 0 }],
  ])("counts the missing pairs of %j", (claim, expected) => {
    expect(missingPairsOf(readSentence(claim), index)).toEqual(expected);
  });
});

describe("widestWindow", () => {
  const window = (claim: string, ...context: string[]) => {
    const reading = readSentence(claim);
    return widestWindow(reading, [...new Set(reading.words)], indexContext(context));
  };

  test("finds the place with most words, over neighbouring sentences of one passage", () => {
    expect(window("Apples grow on old trees.", "Bees hum. Apples grow. Old trees fall. Rain.")).toEqual({
      best: 1,
      shared: 4,
      reversed: false,
    });
    expect(window("Apples grow on old trees.", "Apples grow.", "Old trees fall.").shared).toBe(2);
  });

  test("finds nothing where there is nothing", () => {
    expect(window("Whales sing.", "Apples grow.")).toEqual({ best: -1, shared: 0, reversed: false });
  });

  test.each([
    ["a lost negation", "Shipping is refunded.", "Shipping is not refunded.", true],
    ["an added negation", "Shipping is not refunded.", "Shipping is refunded.", true],
    ["the same negation", "Shipping is not refunded.", "Shipping is never refunded.", false],
    [
      "a negation behind filling words",
      "I hope you know return shipping is refunded.",
      "Return shipping is not refunded.",
      true,
    ],
    [
      "a part of a longer denial",
      "You may take this medicine with a stomach ulcer.",
      "Do not take this medicine with a stomach ulcer or in the last months of pregnancy.",
      true,
    ],
    [
      "another part of the sentence",
      "The cafe serves breakfast daily.",
      "The old cafe does not serve lunch on feast days while breakfast daily costs little.",
      false,
    ],
    [
      "a limit with other numbers",
      "Take one tablet every 6 hours.",
      "Do not take more than three tablets in 24 hours.",
      false,
    ],
    ["a short denial with its number", "Children often take 3 tablets.", "Do not take 3 tablets.", true],
    [
      "an exception that the claim is about",
      "Shipping is refunded if faulty.",
      "Shipping is not refunded unless faulty.",
      false,
    ],
    ["a contrast", "Shipping is refunded.", "Shipping is rather not refunded.", false],
    ["other words", "Gifts are refunded.", "Shipping of large boxes is not refunded.", false],
  ])("tells of %s", (_what, claim, context, reversed) => {
    expect(window(claim, context).reversed).toBe(reversed);
  });
});

describe("supportOf", () => {
  test("counts what the context lacks", () => {
    expect(support("Ada Stone sells red apples for $7.", "Bruno sells red apples for $5.")).toMatchObject({
      words: 5,
      missingWords: 2,
      longestRun: 2,
      differentWords: 5,
      scattered: 2,
      pairs: 5,
      missingPairs: 3,
      missingNumbers: 1,
      missingNames: 1,
      rival: true,
      reversed: false,
      evidence: "Bruno sells red apples for $5.",
    });
  });

  test("weighs one place by half, words and pairs by a quarter each", () => {
    expect(support("Red apples grow.", "Red apples grow.").overlap).toBe(1);
    expect(support("Red apples sing.", "Red apples grow.").overlap).toBeCloseTo(0.5 * (2 / 3) + 0.25 * (2 / 3) + 0.125);
    expect(support("Whales.", "Apples grow.")).toMatchObject({ overlap: 0, scattered: 1 });
  });

  test.each([
    ["24-year warranty", "The warranty lasts 24 months.", 1],
    ["24-month warranty", "The warranty lasts 24 months.", 0],
    ["600 requests per second", "600 requests per minute", 1],
    ["600 requests per minute", "600 requests per minute", 0],
    ["every 6 hours", "every 6 to 8 hours", 0],
    ["every 6 days", "every 6 to 8 hours", 1],
    ["every 6 days", "every 6 – 8 hours", 1],
  ])("compares the number of %j with %j", (claim, context, missing) => {
    expect(support(claim, context).missingNumbers).toBe(missing);
  });

  test.each([
    ["It comes in autumn.", "It comes in spring.", 1],
    ["It comes in autumn.", "It comes in fall.", 0],
    ["They pay less on weekends.", "They pay less on weekdays.", 1],
    ["It opens on weekends.", "It opens on Saturday.", 0],
    ["It came in June.", "Date: 6/2020", 0],
    ["It came in July.", "Date: 6/2020", 1],
    ["It came in October.", "It came on 3 Oct.", 0],
    ["It lies in Texas.", "It lies in TX.", 0],
    ["It is 350 Fahrenheit there.", "350 degrees", 0],
  ])("knows the names of %j from %j", (claim, context, missing) => {
    expect(support(claim, context).missingNames).toBe(missing);
  });

  test("compares days with opening hours and not with the words of data", () => {
    const hours = JSON.stringify({ hours: { Monday: "9:0-17:0" } });
    expect(support("It is closed on Sundays.", hours)).toMatchObject({ missingNames: 0, denials: { hours: false } });
    expect(support("It is open on Sundays.", hours)).toMatchObject({ missingNames: 0, denials: { hours: true } });
    expect(support("It is closed on Sundays.", "It is nice.").missingNames).toBe(1);
  });

  test("counts a week of seven days where data has hours for seven", () => {
    const days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    const hours = (open: readonly string[]) =>
      JSON.stringify({ hours: Object.fromEntries(open.map((day) => [day, "9:0-17:0"])) });
    expect(support("It opens 7 days a week.", hours(days)).missingNumbers).toBe(0);
    expect(support("It opens 7 days a week.", hours(days.slice(1))).missingNumbers).toBe(1);
  });
});

describe("featuresOf", () => {
  const named = (supports: readonly Support[]) =>
    Object.fromEntries(features.map(({ name }, at) => [name, featuresOf(supports)[at]]));

  test("is zero everywhere where nothing is missing", () => {
    expect(new Set(featuresOf([whole, whole]))).toEqual(new Set([0]));
  });

  test("counts and takes the worst over the claims", () => {
    const bad: Support = {
      ...whole,
      missingWords: 4,
      longestRun: 3,
      scattered: 1,
      missingPairs: 2,
      missingNumbers: 2,
      denials: { denied: 1, unknown: 2, hours: true },
      overlap: 0.2,
      reversed: true,
    };
    expect(named([whole, bad])).toEqual({
      invented: 1,
      foreign: 1,
      missing_numbers: Math.log1p(2),
      opposed: Math.log1p(1),
      denied: Math.log1p(1),
      unknown: Math.log1p(2),
      hours: Math.log1p(1),
      weakest_claims: Math.log1p(1),
      worst_gap: 0.8,
      worst_scatter: 0.25,
      worst_pairs: 2 / 3,
      longest_run: Math.log1p(3),
    });
  });

  test.each([
    ["a missing name alone", { missingNames: 1 }, "invented", 1],
    ["one word found", { missingWords: 3 }, "foreign", 0],
    ["no words at all", { words: 0, missingWords: 0 }, "foreign", 0],
    ["an overlap of a quarter", { overlap: 0.25 }, "weakest_claims", 0],
    ["no pairs", { pairs: 0, missingPairs: 0 }, "worst_pairs", 0],
    ["no words to scatter", { differentWords: 0, scattered: 0 }, "worst_scatter", 0],
  ])("with %s", (_what, change, name, value) => {
    expect(named([{ ...whole, ...change }])[name]).toBe(value);
  });
});

describe("probabilityOf", () => {
  test("is the logistic function of intercept and signs", () => {
    expect(probabilityOf([whole])).toBeCloseTo(1 / (1 + Math.exp(weights.intercept)), 12);
    const invented = weights.intercept + (weights.coefficients["invented"] ?? 0);
    expect(probabilityOf([{ ...whole, missingNames: 1 }])).toBeCloseTo(1 / (1 + Math.exp(invented)), 12);
  });

  test("has a coefficient for every sign, none of them negative", () => {
    expect(Object.keys(weights.coefficients)).toEqual(features.map(({ name }) => name));
    expect(Math.min(...Object.values(weights.coefficients))).toBeGreaterThanOrEqual(0);
  });
});

describe("toClaim", () => {
  const [claim] = findClaims("  Whales sing.");
  const decide = (change: Partial<Support>) => {
    const { verdict, kind } = claim ? toClaim(claim, { ...whole, ...change }) : {};
    return kind ? `${verdict}: ${kind}` : verdict;
  };
  const denials = whole.denials;

  test.each([
    [{}, "supported"],
    [{ missingNumbers: 1 }, "unsupported: number"],
    [{ missingNumbers: 1, rival: true }, "contradicted: number"],
    [{ reversed: true, missingNames: 1 }, "contradicted: negation"],
    [{ denials: { ...denials, denied: 1 } }, "contradicted: negation"],
    [{ denials: { ...denials, hours: true }, missingNames: 1 }, "contradicted: data"],
    [{ denials: { ...denials, unknown: 1 }, missingNames: 1 }, "unsupported: data"],
    [{ missingNames: 1 }, "unsupported: entity"],
    [{ overlap: 0.24 }, "unclear: no_match"],
    [{ overlap: 0.25 }, "supported"],
    [{ overlap: 0, missingWords: 4, longestRun: 4, scattered: 4, missingPairs: 3 }, "unsupported: no_match"],
  ])("decides %j: %s", (change, expected) => {
    expect(decide(change)).toBe(expected);
  });

  test("keeps the place, and the evidence if there is any", () => {
    if (!claim) throw new Error("No claim.");
    expect(toClaim(claim, whole)).toEqual({ text: "Whales sing.", start: 2, end: 14, verdict: "supported" });
    expect(toClaim(claim, { ...whole, evidence: "They do." }).evidence).toBe("They do.");
  });
});
