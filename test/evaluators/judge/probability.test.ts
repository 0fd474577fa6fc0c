import { describe, expect, test } from "vitest";
import type { TokenProbability } from "../../../evaluators/judge.ts";
import { passProbability } from "../../../evaluators/judge/confidence.ts";
import { verdictProbabilities } from "../../../evaluators/judge/probability.ts";
import { placesOfValues } from "../../../evaluators/judge/verdict-places.ts";

const allowed = ["yes", "no", "not_applicable", "unsure"];

/** Tokens that are certain, but for those given with their alternatives. */
function tokens(
  ...parts: readonly (string | readonly [string, Readonly<Record<string, number>>])[]
): TokenProbability[] {
  return parts.map((part) => {
    if (typeof part === "string") return { token: part, logprob: 0, top: [{ token: part, logprob: 0 }] };
    const [token, shares] = part;
    const top = Object.entries(shares).map(([each, share]) => ({ token: each, logprob: Math.log(share) }));
    return { token, logprob: Math.log(shares[token] ?? 0.001), top };
  });
}

function ask(logprobs: TokenProbability[], text = logprobs.map(({ token }) => token).join(""), wanted = "yes") {
  const probability = verdictProbabilities({ text, model: "m", usage: null, costUsd: null, logprobs });
  return (id: string) => probability(`criteria/${id}/verdict`, wanted, allowed);
}

const opening = ['{"nonce":"n","criteria":{"a":{"evidence":"he said \\"yes\\"","verdict":'] as const;

describe("the probability of a verdict", () => {
  test("is the share of the tokens that begin it among those that begin any verdict", () => {
    const a = ask(tokens(...opening, '"', ["yes", { yes: 0.6, no: 0.2, un: 0.05, "\n": 0.15 }], '"}}}'))("a");
    expect(a).toBeCloseTo(0.6 / 0.85, 12);
  });

  test("adds up tokens of different lengths, with a quotation mark before or behind", () => {
    const shares = { '"yes': 0.3, '"y': 0.1, '"yes"': 0.2, '"no': 0.1, '"not': 0.05, yes: 0.25 };
    const a = ask(tokens(...opening, ['"yes', shares], '"}}}'))("a");
    expect(a).toBeCloseTo(0.6 / 0.75, 12);
  });

  test("is that of the verdict that was said where it is not among the likeliest", () => {
    const a = ask(tokens(...opening, '"', ["yes", { no: 0.099 }], '"}}}'))("a");
    expect(a).toBeCloseTo(0.001 / 0.1, 9);
  });

  test("is a number also where the provider's are none", () => {
    const said = (logprob: number) =>
      ask(tokens(...opening, '"', ["yes", { yes: Math.exp(logprob), no: 1 }], '"}}}'))("a");
    expect(said(900)).toBeCloseTo(0.5, 12);
    expect(said(Number.NaN)).toBeUndefined();
  });

  test("can be asked of any verdict", () => {
    const logprobs = tokens(...opening, '"', ["no", { yes: 0.25, no: 0.75 }], '"}}}');
    expect(ask(logprobs)("a")).toBeCloseTo(0.25, 12);
    expect(ask(logprobs, undefined, "no")("a")).toBeCloseTo(0.75, 12);
  });

  test("is read for each criterion at its own place", () => {
    const logprobs = tokens(
      ...opening,
      '"',
      ["yes", { yes: 0.9, no: 0.1 }],
      '"},"b":{"evidence":"","verdict":"',
      ["no", { yes: 0.2, no: 0.8 }],
      '"}}}',
    );
    expect(ask(logprobs)("a")).toBeCloseTo(0.9, 12);
    expect(ask(logprobs)("b")).toBeCloseTo(0.2, 12);
    expect(ask(logprobs)("c")).toBeUndefined();
  });

  test("does not count words that only look like a verdict", () => {
    const shares = { yes: 0.4, Yes: 0.3, yesterday: 0.1, "": 0.1, no: 0.1 };
    expect(ask(tokens(...opening, '"', ["yes", shares], '"}}}'))("a")).toBeCloseTo(0.8, 12);
  });

  test("is not known where the tokens are not those of the text, or there are none", () => {
    const logprobs = tokens(...opening, '"', "yes", '"}}}');
    expect(ask(logprobs, `${logprobs.map(({ token }) => token).join("")} `)("a")).toBeUndefined();
    const silent = verdictProbabilities({ text: "{}", model: "m", usage: null, costUsd: null });
    expect(silent("criteria/a/verdict", "yes", allowed)).toBeUndefined();
  });
});

describe("the places of values", () => {
  test("are found by the keys on the way to them", () => {
    const json = '{"a": "x", "b" : {"c":"y\\"z","d":[ "e", {"f":"g"} ], "h":"i"}, "j":1}';
    const places = placesOfValues(json);
    const at = (path: string) => json.slice(places.get(path)?.start, places.get(path)?.end);
    expect(at("a")).toBe("x");
    expect(at("b/c")).toBe('y\\"z');
    expect(at("b/h")).toBe("i");
    expect(places.has("j")).toBe(false);
  });

  test("are none in what is no JSON", () => {
    expect(placesOfValues("").size).toBe(0);
    expect(placesOfValues('{"a":"never ends').size).toBe(0);
  });
});

describe("the probability of a pass", () => {
  const criterion = (yes: number, weight = 1, must = false) => ({ yes, weight, must });

  test.each([
    ["one criterion", [criterion(0.8)], 1, 0.8],
    ["all of two", [criterion(0.8), criterion(0.5)], 1, 0.4],
    ["one of two", [criterion(0.8), criterion(0.5)], 0.5, 0.9],
    ["none of two", [criterion(0.8), criterion(0.5)], 0, 1],
    ["the heavier of two", [criterion(0.9, 2), criterion(0.5)], 0.6, 0.9],
    ["either weight, both needed", [criterion(0.9, 2), criterion(0.5)], 0.7, 0.45],
    ["two of three", [criterion(0.5), criterion(0.5), criterion(0.5)], 0.6, 0.5],
    ["one that must be met", [criterion(0.9), criterion(0.5, 1, true)], 0.5, 0.5],
    ["one that must be met, and one that need not", [criterion(0.9), criterion(0.5, 1, true)], 1, 0.45],
    ["nothing", [], 1, 0],
  ])("with %s", (_name, criteria, threshold, expected) => {
    expect(passProbability(criteria, threshold)).toBeCloseTo(expected, 9);
  });

  test("is what counting all cases gives, whatever the weights", () => {
    const criteria = [0.9, 0.8, 0.7, 0.35, 0.2].map((yes, index) =>
      criterion(yes, [3, 1, 0.5, 2, 1.7][index], index === 1),
    );
    const total = 8.2;
    let exact = 0;
    for (let cases = 0; cases < 32; cases += 1) {
      const met = criteria.map((_one, index) => ((cases >> index) & 1) === 1);
      const weight = criteria.reduce((sum, each, index) => (met[index] ? sum + each.weight : sum), 0);
      const chance = criteria.reduce((product, { yes }, index) => product * (met[index] ? yes : 1 - yes), 1);
      if (met[1] && weight / total >= 0.6) exact += chance;
    }
    expect(passProbability(criteria, 0.6)).toBeCloseTo(exact, 9);
  });
});
