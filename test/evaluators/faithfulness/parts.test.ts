import { describe, expect, test } from "vitest";
import { evaluateOne } from "../../../evaluators/evaluate.ts";
import { citationCheck } from "../../../evaluators/faithfulness/citation-check.ts";
import { contextUtilization } from "../../../evaluators/faithfulness/context-utilization.ts";
import { entityConsistency } from "../../../evaluators/faithfulness/entity-consistency.ts";
import { numericConsistency } from "../../../evaluators/faithfulness/numeric-consistency.ts";
import { quoteExactness } from "../../../evaluators/faithfulness/quote-exactness.ts";
import type { EvaluatorFactory } from "../../../evaluators/define-evaluator.ts";

const policy = [
  "You may return most items within 30 days of delivery for a full refund. Return shipping costs $5 and is not refunded.",
  "The Lisbon office is open from 9:00 to 17:00. Maria Lopez leads the World Health Organization team of 1,200 people in California.",
];

async function examine(factory: EvaluatorFactory, output: string, context: readonly string[] = policy) {
  return evaluateOne(factory.configure(), { output, context: [...context] }, {});
}

async function verdicts(factory: EvaluatorFactory, output: string, context?: readonly string[]) {
  const { claims = [] } = await examine(factory, output, context);
  for (const { text, start, end } of claims) expect(output.slice(start, end)).toBe(text);
  return claims.map(({ text, verdict }) => `${text}: ${verdict}`);
}

describe("every part", () => {
  const parts = [numericConsistency, entityConsistency, quoteExactness, citationCheck, contextUtilization];

  test.each(parts.map((part) => [part.name, part] as const))(
    "%s abstains when the context is blank",
    async (_name, part) => {
      expect(await examine(part, 'He paid $5 to Ada and said "we are open today" [1].', ["", " "])).toMatchObject({
        outcome: "abstained",
        score: null,
        reason: "The context is empty, so there is nothing to compare with.",
      });
    },
  );

  test.each([
    [numericConsistency, "No number to compare."],
    [entityConsistency, "No name to compare."],
    [quoteExactness, "No quoted passage of three words or more."],
    [citationCheck, "No citation to check."],
    [contextUtilization, "No meaningful word in the output."],
  ])("abstains when there is nothing of its kind: %#", async (part, reason) => {
    expect(await examine(part, "And so it is.")).toMatchObject({ outcome: "abstained", score: null, reason });
  });
});

describe("numeric_consistency", () => {
  test.each([
    ["Return items within thirty days.", "thirty: supported"],
    ["Return items within 31 days.", "31: contradicted"],
    ["Shipping costs 5 dollars.", "5 dollars: supported"],
    ["Shipping costs $30.", "$30: contradicted"],
    ["The office opens at 9 am.", "9 am: supported"],
    ["The office closes at 5 pm.", "5 pm: supported"],
    ["The office closes at 6 pm.", "6 pm: contradicted"],
    ["There are 1200 people.", "1200: supported"],
    ["It was founded in 1984.", "1984: unsupported"],
    ["About 1,190 people work there.", "1,190: supported"],
    ["About 1,100 people work there.", "1,100: contradicted"],
  ])("decides %j: %s", async (output, verdict) => {
    expect(await verdicts(numericConsistency, output)).toEqual([verdict]);
  });

  test("scores the share that is there and passes only when all are", async () => {
    expect(await examine(numericConsistency, "Within 30 days, for $5. In 1984.")).toMatchObject({
      outcome: "fail",
      score: 2 / 3,
      reason: "1 of 3 numbers not in the context.",
    });
    expect(await examine(numericConsistency, "Within 30 days.")).toMatchObject({
      outcome: "pass",
      score: 1,
      reason: "Nothing wrong with 1 number.",
    });
  });

  test("takes the nearest sentence as evidence of a number that differs", async () => {
    const { claims } = await examine(numericConsistency, "Return items within 31 days of delivery.");
    expect(claims?.[0]).toMatchObject({
      kind: "number",
      evidence: "You may return most items within 30 days of delivery for a full refund.",
    });
  });

  test.each([
    ["degrees of the other scale", "Roast at 350 °F.", ["Roast at 177 °C."], ["350 °F: supported"]],
    ["degrees that are not the same", "Roast at 350 °F.", ["Roast at 150 °C."], ["350 °F: unsupported"]],
    [
      "several numbers between commas",
      "See boxes 1,2,3.",
      ["Boxes 1, 2 and 3"],
      ["1: supported", "2: supported", "3: supported"],
    ],
    ["the upper end of a scale", "It has 4 out of 5 stars.", ["stars: 4"], ["4: supported"]],
    ["a number in a name", "Covid-19 came.", ["Nothing of it."], []],
    ["small counts in words", "Two people came.", ["Nobody came."], []],
    ["a measure in small words", "Two days passed.", ["Three days passed."], ["Two: contradicted"]],
  ])("reads %s", async (_what, output, context, expected) => {
    expect(await verdicts(numericConsistency, output, context)).toEqual(expected);
  });
});

describe("entity_consistency", () => {
  test.each([
    ["The team is led by Maria Lopez.", ["Maria Lopez: supported"]],
    ["The team is led by Maria Gomez.", ["Maria Gomez: unsupported"]],
    ["It belongs to the WHO.", ["WHO: supported"]],
    ["It belongs to the UNO.", ["UNO: unsupported"]],
    ["It is in CA, not in Texas.", ["CA: supported", "Texas: unsupported"]],
    ["Some Californian people.", ["Californian: supported"]],
    ["Lisbon is far.", []],
    ["Choose one: Madrid is far.", []],
    ["Der Chef und die Leiterin der Stelle sind in Madrid.", []],
  ])("decides %j", async (output, expected) => {
    expect(await verdicts(entityConsistency, output)).toEqual(expected);
  });

  test("scores the share of names that are there", async () => {
    expect(await examine(entityConsistency, "They met Maria Lopez, then Ada Stone.")).toMatchObject({
      outcome: "fail",
      score: 0.5,
      reason: "1 of 2 names not in the context.",
    });
  });
});

describe("quote_exactness", () => {
  test.each([
    ['It says "return most items within 30 days".', "supported"],
    ["It says “Return most items, within 30 days!”", "supported"],
    ["It says «return most items within 30 days».", "supported"],
    ["It says „return most items within 30 days“.", "supported"],
    ['It says "you may return … for a full refund".', "supported"],
    ['It says "[y]ou may return most items".', "supported"],
    ['It says "for a full refund … you may return".', "unsupported"],
    ['It says "return all items within 30 days".', "unsupported"],
    ['It says "turn most items within".', "unsupported"],
  ])("decides %j: %s", async (output, verdict) => {
    const { claims = [] } = await examine(quoteExactness, output);
    expect(claims.map((claim) => claim.verdict)).toEqual([verdict]);
    for (const { text, start, end } of claims) expect(output.slice(start, end)).toBe(text);
  });

  test.each([
    'A "full refund" it is.',
    'A 5" pipe and a 7" pipe of steel',
    'It says "you may return most items',
    "Ada's and Bruno's long way home",
  ])("finds no passage in %j", async (output) => {
    expect((await examine(quoteExactness, output)).outcome).toBe("abstained");
  });

  test("finds a quote in a script without spaces", async () => {
    const context = ["商品は30日以内に返品できます。"];
    expect((await examine(quoteExactness, "「30日以内に返品できます」とあります。", context)).outcome).toBe("pass");
    expect((await examine(quoteExactness, "「90日以内に返品できます」とあります。", context)).outcome).toBe("fail");
  });

  test("a quote does not run from one passage into the next, nor from one line into the next", async () => {
    expect((await examine(quoteExactness, '"is not refunded the Lisbon office"')).outcome).toBe("fail");
    expect((await examine(quoteExactness, 'He said "we are\nopen all day" again')).outcome).toBe("abstained");
  });
});

describe("citation_check", () => {
  test.each([
    ["Refunds take 30 days [1].", ["[1]: supported"]],
    ["Refunds take 30 days [3].", ["[3]: unsupported"]],
    ["Refunds take 30 days [0].", ["[0]: unsupported"]],
    ["Both say so [1, 2].", ["[1, 2]: supported"]],
    ["Both say so [1-2].", ["[1-2]: supported"]],
    ["Both say so [1-3].", ["[1-3]: unsupported"]],
    ["As in (doc 2) and (source 5).", ["(doc 2): supported", "(source 5): unsupported"]],
    ["Noted before [^2].", ["[^2]: supported"]],
    ["In the list (3) and [draft] and [2024].", []],
    ['It says "within 30 days of delivery" [1].', ["within 30 days of delivery: supported", "[1]: supported"]],
    ['It says "within 30 days of delivery" [2].', ["within 30 days of delivery: unsupported", "[2]: supported"]],
    [
      'It says "within 30 days of delivery." [2] The rest is open.',
      ["within 30 days of delivery.: unsupported", "[2]: supported"],
    ],
    ['As [1] has it, "within 30 days of delivery".', ["[1]: supported", "within 30 days of delivery: supported"]],
    ['It says "within 30 days of delivery" [9].', ["[9]: unsupported"]],
    ['It says "within 30 days of delivery". Much later comes another one [2].', ["[2]: supported"]],
  ])("decides %j", async (output, expected) => {
    expect(await verdicts(citationCheck, output)).toEqual(expected);
  });

  test("passes only when everything cited is there", async () => {
    expect(await examine(citationCheck, "One [1]. Two [7].")).toMatchObject({
      outcome: "fail",
      score: 0.5,
      reason: "1 of 2 citations and cited quotes without a passage that has it.",
    });
  });
});

describe("context_utilization", () => {
  const context = ["Apples grow on old trees.", "Pears ripen in autumn.", "Plums fall in summer storms."];

  test("is the harmonic mean of the share of words found and the share of passages used", async () => {
    const { score, reason } = await examine(
      contextUtilization,
      "Apples grow on old trees. Pears ripen slowly.",
      context,
    );
    const [grounded, used] = [6 / 7, 2 / 3];
    expect(score).toBeCloseTo((2 * grounded * used) / (grounded + used), 12);
    expect(reason).toBe("6 of 7 different words come from the context, and 2 of 3 passages were used.");
  });

  test("is 1 when every word and every passage is used, and 0 when none is", async () => {
    expect((await examine(contextUtilization, context.join(" "), context)).score).toBe(1);
    expect((await examine(contextUtilization, "Whales sing.", context)).score).toBe(0);
  });

  test("counts a passage only when it has at least half of a sentence's words", async () => {
    const half = await examine(contextUtilization, "Apples grow, whales sing.", ["Apples grow on old trees."]);
    expect(half.reason).toContain("1 of 1 passages");
    const less = await examine(contextUtilization, "Apples grow, whales sing loudly.", ["Apples grow on old trees."]);
    expect(less.reason).toContain("0 of 1 passages");
  });
});
