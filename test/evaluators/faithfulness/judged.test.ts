import { describe, expect, test } from "vitest";
import { evaluateOne } from "../../../evaluators/evaluate.ts";
import { faithfulness } from "../../../evaluators/faithfulness/faithfulness.ts";
import { type Said, scriptedJudge } from "../../support/scripted-judge.ts";

const evaluator = faithfulness.configure({ engine: "judge" });
const context = ["Lamps can be returned within 30 days. Shipping costs 5 euros."];
const quote = "Lamps can be returned within 30 days.";

const yes: Said = { evidence: quote, supported: "yes", nothing_added: "yes", nothing_contradicted: "yes" };

function judged(output: string, verdicts: readonly Said[], reply = {}) {
  const scripted = scriptedJudge((id) => verdicts[Number(id.replace("claim_", "")) - 1] ?? yes, reply);
  const evaluation = evaluateOne(evaluator, { output, context, input: "How long?" }, { judge: scripted.judge });
  return { ...scripted, evaluation };
}

const two = "Lamps can be returned within 30 days. Shipping is free.";

describe("faithfulness by a judge", () => {
  test("asks about every sentence, which code has found, and says where it stands", async () => {
    const { evaluation, asked } = judged(two, [yes, yes]);
    expect(await evaluation).toMatchObject({
      outcome: "pass",
      score: 1,
      reason: "2 of 2 claims supported by the context.",
      claims: [
        { text: "Lamps can be returned within 30 days.", start: 0, end: 37, verdict: "supported", evidence: quote },
        { text: "Shipping is free.", start: 38, end: 55, verdict: "supported", evidence: quote },
      ],
      usage: { inputTokens: 10, outputTokens: 2 },
      costUsd: 0.25,
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.data).toEqual({
      input: "How long?",
      context,
      output: two,
      claims: { claim_1: "Lamps can be returned within 30 days.", claim_2: "Shipping is free." },
    });
  });

  test.each([
    [{ supported: "no" }, "unsupported", "1 of 2 claims supported by the context; 1 unsupported."],
    [{ nothing_contradicted: "no" }, "contradicted", "1 of 2 claims supported by the context; 1 contradicted."],
    [
      { supported: "no", nothing_contradicted: "no" },
      "contradicted",
      "1 of 2 claims supported by the context; 1 contradicted.",
    ],
    [{ supported: "unsure" }, "unclear", "1 of 2 claims supported by the context; 1 undecided."],
    [{ nothing_added: "unsure" }, "unclear", "1 of 2 claims supported by the context; 1 undecided."],
    [{ nothing_contradicted: "unsure" }, "unclear", "1 of 2 claims supported by the context; 1 undecided."],
    [
      { evidence: "Shipping costs nothing." },
      "unclear",
      "1 of 2 claims supported by the context; 1 undecided (1 without a quotation that stands in the context).",
    ],
  ])("counts the worst of the three answers: %j makes a claim %s", async (change, verdict, reason) => {
    const { evaluation } = judged(two, [yes, { ...yes, ...change }]);
    const { outcome, score, claims, reason: said } = await evaluation;
    expect({ outcome, verdict: claims?.[1]?.verdict, said }).toEqual({ outcome: "fail", verdict, said: reason });
    expect(score).toBeCloseTo(0.15, 12);
  });

  test("says when a detail was added", async () => {
    const { evaluation } = judged(two, [yes, { ...yes, nothing_added: "no" }]);
    expect(await evaluation).toMatchObject({ claims: [{}, { verdict: "unsupported", kind: "added_detail" }] });
  });

  test("takes quotations from the context and from nowhere else", async () => {
    const { evaluation } = judged("Shipping is free.", [{ ...yes, evidence: "Shipping is free." }]);
    expect(await evaluation).toMatchObject({
      outcome: "abstained",
      score: null,
      reason: "The judge could not decide any of 1 claims (1 without a quotation that stands in the context).",
    });
  });

  test("needs no quotation where a claim is not supported", async () => {
    const { evaluation } = judged("Shipping is free.", [{ ...yes, evidence: "", supported: "no" }]);
    expect(await evaluation).toMatchObject({ outcome: "fail", score: 0, claims: [{ verdict: "unsupported" }] });
  });

  test("leaves out what is no claim", async () => {
    const { evaluation } = judged(`Happy to help! ${quote}`, [{ ...yes, evidence: "", supported: "no_claim" }, yes]);
    const result = await evaluation;
    expect(result).toMatchObject({ outcome: "pass", score: 1 });
    expect(result.claims).toHaveLength(1);
  });

  test.each([
    [{ nothing_contradicted: "no" }, { verdict: "contradicted" }],
    [{ nothing_added: "no" }, { verdict: "unsupported", kind: "added_detail" }],
  ])("does not leave out a sentence in which the judge has found a fault: %j", async (fault, claim) => {
    const { evaluation } = judged(`Happy to help! ${quote}`, [{ ...yes, supported: "no_claim", ...fault }, yes]);
    expect(await evaluation).toMatchObject({ outcome: "fail", claims: [claim, { verdict: "supported" }] });
  });

  test("does not go on asking after a failure", async () => {
    const output = Array.from({ length: 200 }, (_none, index) => `Lamp ${index} is fine.`).join(" ");
    const { judge, asked } = scriptedJudge(() => ({ ...yes, supported: "maybe" }));
    expect(await evaluateOne(evaluator, { output, context }, { judge })).toMatchObject({
      outcome: "error",
      costUsd: 2,
      error: { code: "unparsable" },
    });
    expect(asked).toHaveLength(8);
  });

  test.each([
    ["Refunds take 90 days.", "abstained", /could not decide any of 1 claims/],
    ["Does your order have 2 lamps?", "abstained", /^No claim to judge: only remarks and questions\.$/],
    ["Refunds are slow.", "abstained", /^No claim to judge/],
  ])(
    "does not take the judge's word that a sentence with a number claims nothing: %j",
    async (output, outcome, reason) => {
      const { evaluation } = judged(output, [{ ...yes, evidence: "", supported: "no_claim" }]);
      const result = await evaluation;
      expect(result.outcome).toBe(outcome);
      expect(result.reason).toMatch(reason);
    },
  );

  test.each([
    ["an empty context", { output: quote, context: [" "] }],
    ["an empty output", { output: "", context }],
    ["an announcement", { output: "Thought process:", context }],
    ["marks only", { output: "— 👍 —", context }],
  ])("asks nobody about %s", async (_name, sample) => {
    const { judge, asked } = scriptedJudge(() => yes);
    expect(await evaluateOne(evaluator, sample, { judge })).toMatchObject({ outcome: "abstained", costUsd: null });
    expect(asked).toEqual([]);
  });

  test("asks about many claims in batches, and adds up what they cost", async () => {
    const output = Array.from({ length: 45 }, (_none, index) => `Lamp ${index} is fine.`).join(" ");
    const { evaluation, asked } = judged(output, []);
    const result = await evaluation;
    expect(result).toMatchObject({ outcome: "pass", costUsd: 0.75, usage: { inputTokens: 30, outputTokens: 6 } });
    expect(result.claims).toHaveLength(45);
    expect(asked.map(({ ids }) => ids.length)).toEqual([20, 20, 5]);
    expect(result.claims?.map(({ text }) => text)).toEqual(output.split(/(?<=\.) /));
  });

  test("is an error, with what was spent, when one batch cannot be read", async () => {
    const output = Array.from({ length: 25 }, (_none, index) => `Lamp ${index} is fine.`).join(" ");
    const { judge } = scriptedJudge((_id, { ids }) => (ids.length === 20 ? yes : { ...yes, supported: "maybe" }));
    expect(await evaluateOne(evaluator, { output, context }, { judge })).toMatchObject({
      outcome: "error",
      score: null,
      costUsd: 0.75,
      error: { code: "unparsable" },
    });
  });

  test("is an error that says so when there are too many claims, of which none is left out", async () => {
    const { judge, asked } = scriptedJudge(() => yes);
    const at = (count: number) => ({ output: "It is so. ".repeat(count), context });
    expect(await evaluateOne(evaluator, at(601), { judge })).toMatchObject({
      outcome: "error",
      error: {
        code: "invalid_input",
        message:
          "The text has 601 claims and a judge is asked about at most 600. Nothing is left out silently: examine the parts one by one.",
      },
    });
    expect(asked).toEqual([]);
    expect(await evaluateOne(evaluator, at(600), { judge })).toMatchObject({ outcome: "pass" });
    expect(asked).toHaveLength(30);
  });

  test("is as sure of a pass as of its least sure claim, and of a fail as of its surest fault", async () => {
    const likely = (verdict: string, share: number) => ({ verdict, share });
    const run = async (first: ReturnType<typeof likely>, second: ReturnType<typeof likely>) => {
      const scripted = scriptedJudge((id) => ({
        ...yes,
        supported: id === "claim_1" ? first.verdict : second.verdict,
      }));
      const judge: typeof scripted.judge = async (request) => {
        const reply = await scripted.judge(request);
        return { ...reply, logprobs: tokensOf(reply.text, [first.share, second.share]) };
      };
      return evaluateOne(evaluator, { output: two, context }, { judge });
    };
    const pass = await run(likely("yes", 0.9), likely("yes", 0.8));
    expect(pass.outcome).toBe("pass");
    expect(pass.confidence).toBeCloseTo(0.8, 9);
    const fail = await run(likely("yes", 0.9), likely("no", 0.25));
    expect(fail.outcome).toBe("fail");
    expect(fail.confidence).toBeCloseTo(0.75, 9);
  });
});

/** Tokens of a text in which the probability of "yes" is known for each "supported", and certain elsewhere. */
function tokensOf(text: string, shares: readonly number[]) {
  let at = 0;
  return text.split(/(?<="supported":")|(?="(?:,"nothing_added))/).map((token) => {
    const isVerdict = token === "yes" || token === "no";
    const share = isVerdict ? (shares[at++] ?? 1) : 1;
    const top = isVerdict
      ? [
          { token: "yes", logprob: Math.log(share) },
          { token: "no", logprob: Math.log(1 - share) },
        ]
      : [];
    return { token, logprob: 0, top };
  });
}
