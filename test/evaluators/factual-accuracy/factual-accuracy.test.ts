import { describe, expect, test } from "vitest";
import { evaluateOne } from "../../../evaluators/evaluate.ts";
import { factualAccuracy } from "../../../evaluators/factual-accuracy/factual-accuracy.ts";
import { type Said, scriptedJudge } from "../../support/scripted-judge.ts";

const expected_output = "Returns take 30 days. Shipping costs 5 euros.";
const output = "You have 30 days to return it, and shipping is 5 euros.";
const yes: Said = { evidence: "You have 30 days", stated: "yes", not_contradicted: "yes" };

function judged(facts: readonly Said[], sample: object = { output, expected_output }, options: object = {}) {
  const scripted = scriptedJudge((id) => facts[Number(id.replace("fact_", "")) - 1] ?? yes);
  const evaluation = evaluateOne(factualAccuracy.configure(options), sample, { judge: scripted.judge });
  return { ...scripted, evaluation };
}

describe("factual accuracy by a judge", () => {
  test("asks of each expected fact whether it is stated and whether it is contradicted", async () => {
    const { evaluation, asked } = judged([yes, yes]);
    expect(await evaluation).toMatchObject({
      outcome: "pass",
      score: 1,
      engine: "judge",
      reason: "2 of 2 expected facts stated.",
      criteria: [
        { id: "fact_1_stated", verdict: "yes", evidence: "You have 30 days", quoteVerified: true },
        { id: "fact_1_not_contradicted", verdict: "yes" },
        { id: "fact_2_stated", verdict: "yes" },
        { id: "fact_2_not_contradicted", verdict: "yes" },
      ],
      costUsd: 0.25,
    });
    expect(asked[0]?.data).toMatchObject({
      facts: { fact_1: "Returns take 30 days.", fact_2: "Shipping costs 5 euros." },
    });
  });

  test.each([
    [{ stated: "no" }, 0.5, "1 of 2 expected facts stated."],
    [{ stated: "no", not_contradicted: "no" }, 0, "1 of 2 expected facts stated; 1 contradicted."],
    [{ not_contradicted: "no" }, 0, "1 of 2 expected facts stated; 1 contradicted."],
    [{ stated: "unsure" }, 0.5, "1 of 2 expected facts stated; 1 undecided."],
    [{ not_contradicted: "unsure" }, 0.5, "1 of 2 expected facts stated; 1 undecided."],
    [{ evidence: "five euros" }, 0.5, "1 of 2 expected facts stated; 1 undecided."],
  ])("fails where a fact is missing, contradicted or not shown: %j", async (change, score, reason) => {
    const { evaluation } = judged([yes, { ...yes, ...change }]);
    expect(await evaluation).toMatchObject({ outcome: "fail", score, reason });
  });

  test("leaves out sentences that state nothing, unless they are contradicted", async () => {
    const none: Said = { evidence: "", stated: "no_fact", not_contradicted: "yes" };
    const greeting = { output, expected_output: "Returns take 30 days. Have a nice day." };
    expect(await judged([yes, none], greeting).evaluation).toMatchObject({
      outcome: "pass",
      reason: "1 of 1 expected fact stated.",
    });
    expect(await judged([yes, { ...none, not_contradicted: "no" }], greeting).evaluation).toMatchObject({
      outcome: "fail",
      score: 0,
      criteria: [{}, {}, { verdict: "not_applicable" }, { verdict: "no" }],
    });
    expect(await judged([none], { output, expected_output: "Have a nice day." }).evaluation).toMatchObject({
      outcome: "abstained",
      reason: "The expected output states no fact to compare with.",
    });
  });

  test("does not take the judge's word that a sentence with a number states nothing", async () => {
    const none: Said = { evidence: "", stated: "no_fact", not_contradicted: "yes" };
    expect(await judged([yes, none]).evaluation).toMatchObject({
      outcome: "fail",
      score: 0.5,
      reason: "1 of 2 expected facts stated; 1 undecided.",
      criteria: [{}, {}, { id: "fact_2_stated", verdict: "unsure" }, { verdict: "yes" }],
    });
    expect(await judged([none, none]).evaluation).toMatchObject({ outcome: "abstained", score: null });
  });

  test("has no verdict when no fact could be decided", async () => {
    const unsure: Said = { ...yes, stated: "unsure" };
    expect(await judged([unsure, { ...yes, evidence: "" }]).evaluation).toMatchObject({
      outcome: "abstained",
      score: null,
      reason: "The judge could not decide any of 2 facts.",
    });
  });

  test.each([
    ["an empty output", { output: " ", expected_output }, "abstained"],
    ["an expected output without a word", { output, expected_output: "…" }, "abstained"],
    ["an empty expected output", { output, expected_output: " " }, "skipped"],
    ["no expected output", { output }, "skipped"],
    ["no output", { expected_output }, "skipped"],
  ])("asks nobody about %s", async (_name, sample, outcome) => {
    const { evaluation, asked } = judged([], sample);
    expect(await evaluation).toMatchObject({ outcome, score: null });
    expect(asked).toEqual([]);
  });
});

describe("factual accuracy by code", () => {
  const local = factualAccuracy.configure({ engine: "local" });

  test.each(["Paris", " Paris. ", "Paris!", "“Paris”", "'Paris'", '"Paris."', "«Paris»", "„Paris“", "‘Paris’"])(
    "passes an equal text: %j",
    async (given) => {
      expect(await evaluateOne(local, { output: given, expected_output: "Paris" }, {})).toMatchObject({
        outcome: "pass",
        score: 1,
        reason: "The output equals the expected output.",
      });
    },
  );

  test.each(["Paris, France", "Not Paris", "Lyon", "", "Paris?", "Paris 2", "PARIS", "Paris..", "“Paris", "Paris'"])(
    "cannot tell of another one: %j",
    async (given) => {
      expect(await evaluateOne(local, { output: given, expected_output: "Paris" }, {})).toMatchObject({
        outcome: "abstained",
        score: null,
      });
    },
  );

  test.each(["-5", "5%", "5²", "(5)", "5,0", "5'", '5"', "5!", "5…"])(
    "nor of what may be another number: %j",
    async (given) => {
      expect(await evaluateOne(local, { output: given, expected_output: "5" }, {})).toMatchObject({
        outcome: "abstained",
      });
    },
  );

  test("spares the judge where the texts are equal, and asks it where they are not", async () => {
    const equal = judged([], { output: "Paris.", expected_output: "Paris" }, { engine: "cascade" });
    expect(await equal.evaluation).toMatchObject({ outcome: "pass", path: [{ stage: "local", decided: true }] });
    expect(equal.asked).toEqual([]);
    const other = judged([yes, yes], undefined, { engine: "cascade" });
    expect(await other.evaluation).toMatchObject({
      outcome: "pass",
      path: [
        { stage: "local", decided: false },
        { stage: "judge", decided: true },
      ],
    });
  });
});
