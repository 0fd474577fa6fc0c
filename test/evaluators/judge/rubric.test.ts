import { ROOT_CONTEXT } from "@opentelemetry/api";
import { describe, expect, test } from "vitest";
import type { Tools } from "../../../evaluators/define-evaluator.ts";
import { EvaluatorError } from "../../../evaluators/errors.ts";
import type { Judge, JudgeReply } from "../../../evaluators/judge.ts";
import { longestSample } from "../../../evaluators/judge/ask.ts";
import { examineByRubric, type Rubric } from "../../../evaluators/judge/rubric.ts";
import type { Sample } from "../../../evaluators/sample.ts";

const rubric: Rubric = {
  name: "policy",
  instructions: "",
  criteria: [
    { id: "a", question: "A?", weight: 2 },
    { id: "b", question: "B?", weight: 1, mayNotApply: true },
    { id: "c", question: "C?", weight: 1, mayNotApply: true },
  ],
};
const quoting: Rubric = { ...rubric, quoteFrom: ["context"] };
const sample: Sample = { output: "Within 30 days.", context: ["Refunds  are possible\nwithin “30 days” of Delivery."] };

/** A judge that says what it is told to, with the nonce it was given. */
function judgeSaying(verdicts: readonly string[], evidence = "because", reply: Partial<JudgeReply> = {}): Judge {
  return async ({ messages }) => {
    const nonce = /^Nonce: (\w+)$/m.exec(messages[1]?.content ?? "")?.[1];
    const criteria = ["a", "b", "c"].map((id, index) => ({ id, evidence, verdict: verdicts[index] }));
    return { text: JSON.stringify({ nonce, criteria }), model: "m", usage: null, costUsd: null, ...reply };
  };
}

function examine(judge: Judge, given: Sample = sample, by: Rubric = rubric) {
  const tools: Tools = { judge, signal: new AbortController().signal, parent: ROOT_CONTEXT };
  return examineByRubric(by, given, tools);
}

const neverAsked: Judge = () => Promise.reject(new Error("was asked"));

describe("the score", () => {
  test.each([
    [["yes", "yes", "yes"], 1, "3 of 3 criteria met."],
    [["no", "yes", "yes"], 0.5, "2 of 3 criteria met; not met: a."],
    [["yes", "no", "unsure"], 0.5, "1 of 3 criteria met; not met: b; undecided: c."],
    [["yes", "not_applicable", "not_applicable"], 1, "1 of 1 criterion met; not applicable: b, c."],
    [["unsure", "not_applicable", "yes"], 1 / 3, "1 of 2 criteria met; undecided: a; not applicable: b."],
    [["no", "unsure", "unsure"], 0, "0 of 3 criteria met; not met: a; undecided: b, c."],
    [["no", "no", "no"], 0, "0 of 3 criteria met; not met: a, b, c."],
  ])("of %j is %d", async (verdicts, score, reason) => {
    expect(await examine(judgeSaying(verdicts))).toMatchObject({ score, reason });
  });

  test("does not exist when no criterion applies", async () => {
    const optional: Rubric = {
      ...rubric,
      criteria: rubric.criteria.map((criterion) => ({ ...criterion, mayNotApply: true })),
    };
    const judge = judgeSaying(["not_applicable", "not_applicable", "not_applicable"], "", { costUsd: 0.1 });
    expect(await examine(judge, sample, optional)).toEqual({
      abstained: "No criterion of the rubric applies to this sample.",
      usage: null,
      costUsd: 0.1,
    });
  });

  test("does not exist when none could be decided, which is no 0", async () => {
    const judge = judgeSaying(["unsure", "unsure", "not_applicable"], "", { costUsd: 0.1 });
    expect(await examine(judge)).toEqual({
      abstained: "The judge could not decide any criterion: a, b.",
      usage: null,
      costUsd: 0.1,
    });
  });

  test("cannot be had by calling a criterion that always applies not applicable", async () => {
    const error = await examine(judgeSaying(["not_applicable", "yes", "yes"])).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "unparsable",
      message:
        "The judge's answer could not be read, nor its second one. In it, criteria.a.verdict is not one of yes, no, unsure.",
    });
  });
});

describe("a criterion that must be met", () => {
  const gated: Rubric = {
    ...rubric,
    criteria: rubric.criteria.map((criterion) => ({ ...criterion, must: criterion.id === "c" })),
  };

  test.each([
    [["yes", "yes", "yes"], 1, "3 of 3 criteria met."],
    [["no", "yes", "yes"], 0.5, "2 of 3 criteria met; not met: a."],
    [["yes", "yes", "no"], 0, "2 of 3 criteria met; not met: c; decisive: c."],
    [["yes", "yes", "unsure"], 0, "2 of 3 criteria met; undecided: c; decisive: c."],
    [["yes", "yes", "not_applicable"], 1, "2 of 2 criteria met; not applicable: c."],
    [["no", "no", "no"], 0, "0 of 3 criteria met; not met: a, b, c."],
  ])("makes of %j a score of %d", async (verdicts, score, reason) => {
    expect(await examine(judgeSaying(verdicts), sample, gated)).toMatchObject({ score, reason });
  });
});

describe("a rubric about what must not be there", () => {
  const forbidding: Rubric = { ...rubric, quoteFrom: ["output", "context"], quoteFor: "no" };

  test("believes a no only with its passage, and says where that stands", async () => {
    const finding = await examine(judgeSaying(["no", "yes", "yes"], "30 Days."), sample, forbidding);
    expect(finding).toMatchObject({
      score: 0.5,
      criteria: [{ verdict: "no", quoteVerified: true }, { verdict: "yes" }, { verdict: "yes" }],
      claims: [{ text: "30 days.", start: 7, end: 15, field: "output", verdict: "violation", kind: "a" }],
    });
  });

  test("calls a no without its passage undecided", async () => {
    const finding = await examine(judgeSaying(["no", "yes", "yes"], "a threat"), sample, forbidding);
    expect(finding).toMatchObject({
      score: 0.5,
      reason: "2 of 3 criteria met; undecided: a (no such quote).",
      criteria: [{ verdict: "unsure", quoteVerified: false }, { verdict: "yes" }, { verdict: "yes" }],
    });
    expect(finding).not.toHaveProperty("claims");
  });

  test("marks no place for a passage of the context", async () => {
    const finding = await examine(judgeSaying(["no", "yes", "yes"], "Refunds  are"), sample, forbidding);
    expect(finding).toMatchObject({ criteria: [{ verdict: "no", quoteVerified: true }, {}, {}] });
    expect(finding).not.toHaveProperty("claims");
  });
});

describe("a quotation", () => {
  test.each([
    'within "30 days" of delivery',
    "REFUNDS ARE POSSIBLE",
    "“Refunds are possible within”",
    "possible\n within",
  ])("is found whatever its case, white space and quotation marks: %j", async (quote) => {
    const finding = await examine(judgeSaying(["yes", "yes", "no"], quote), sample, quoting);
    expect(finding).toMatchObject({
      score: 0.75,
      criteria: [{ quoteVerified: true }, { verdict: "yes" }, { quoteVerified: true }],
    });
  });

  test("from the wrong field is not one", async () => {
    const finding = await examine(judgeSaying(["yes", "no", "no"], "Within 30 days."), sample, quoting);
    expect(finding).toMatchObject({ score: 0, criteria: [{ verdict: "unsure", quoteVerified: false }, {}, {}] });
    expect(finding).toMatchObject({ reason: "0 of 3 criteria met; not met: b, c; undecided: a (no such quote)." });
  });

  test("across two passages is not one", async () => {
    const finding = await examine(
      judgeSaying(["yes", "no", "no"], "one two"),
      { output: "x", context: ["one", "two"] },
      quoting,
    );
    expect(finding).toMatchObject({ score: 0 });
  });

  test("is not looked for when the rubric asks for none", async () => {
    const finding = await examine(judgeSaying(["yes", "yes", "yes"], "not there"));
    expect(finding).toMatchObject({ score: 1 });
    expect("criteria" in finding && finding.criteria?.[0]).not.toHaveProperty("quoteVerified");
  });
});

describe("an output that holds nothing to judge", () => {
  test.each([
    "",
    " \n\t",
    ":",
    "...",
    "\u200b",
    "\u3164\uFFA0\u034F",
    "\u2800\u2800",
    "```",
    "^ ´",
    "Thought process:",
    "thought process",
    "Let's solve this problem step by step.",
    "**Solution:**",
    "解",
  ])("%j is not shown to a judge, and abstains", async (output) => {
    expect(await examine(neverAsked, { output })).toEqual({ abstained: expect.stringMatching(/output/) as unknown });
  });

  test.each(["42", "No.", "👍🏽", "$", "≥", "Thought process: the window is 30 days.", "解 30"])(
    "%j is shown to the judge",
    async (output) => {
      expect(await examine(judgeSaying(["yes", "yes", "yes"]), { output })).toMatchObject({ score: 1 });
    },
  );

  test("is shown to the judge all the same when it calls a tool or thinks", async () => {
    const judge = judgeSaying(["yes", "yes", "yes"]);
    expect(await examine(judge, { output: "", tool_calls: [{ name: "refund", arguments: "{}" }] })).toMatchObject({
      score: 1,
    });
    expect(await examine(judge, { output: "", reasoning: "The window is 30 days." })).toMatchObject({ score: 1 });
  });
});

describe("a judge that cannot be used", () => {
  test("is not asked about a sample that is too long, which is not cut", async () => {
    const error = await examine(neverAsked, { output: "x".repeat(longestSample) }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EvaluatorError);
    expect(error).toMatchObject({
      code: "invalid_input",
      message: expect.stringContaining(`at most ${longestSample}`) as unknown,
    });
  });

  test.each([
    ["throws", () => Promise.reject(new Error("quotes the sample"))],
    ["throws an odd error", () => Promise.reject(new RangeError("quotes the sample"))],
    ["returns nothing", async () => undefined],
    ["returns no text", async () => ({ model: "m" })],
  ])("that %s is judge_failed, and what it said is not repeated", async (_name, judge) => {
    const error = await examine(judge as unknown as Judge).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "judge_failed" });
    expect(String(error)).not.toContain("quotes");
  });

  test("keeps the reason of an EvaluatorError", async () => {
    const judge: Judge = () => Promise.reject(new EvaluatorError("timeout", "No answer."));
    await expect(examine(judge)).rejects.toMatchObject({ code: "timeout", message: "No answer." });
  });
});

describe("what the calls cost", () => {
  const broken: JudgeReply = { text: "?", model: "m", usage: { inputTokens: 10, outputTokens: 1 }, costUsd: 0.5 };

  function secondTime(good: Judge): Judge {
    let calls = 0;
    return async (request) => (calls++ === 0 ? broken : good(request));
  }

  test("is summed over both", async () => {
    const good = judgeSaying(["yes", "yes", "yes"], "", { usage: { inputTokens: 20, outputTokens: 2 }, costUsd: 0.25 });
    expect(await examine(secondTime(good))).toMatchObject({
      usage: { inputTokens: 30, outputTokens: 3 },
      costUsd: 0.75,
    });
  });

  test("is unknown when one of them does not say, because half a sum would be wrong", async () => {
    expect(await examine(secondTime(judgeSaying(["yes", "yes", "yes"])))).toMatchObject({ usage: null, costUsd: null });
  });
});
