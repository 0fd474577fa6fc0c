import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { customJudge, type CustomJudgeOptions, rubricOptions } from "../../../evaluators/judge/custom-judge.ts";
import { EvaluatorUsageError } from "../../../evaluators/errors.ts";
import { evaluateOne } from "../../../evaluators/evaluate.ts";
import type { Judge } from "../../../evaluators/judge.ts";

const yaml = `
kind: rubric
judge: examiner
criteria:
  - { id: window, question: "Is every refund window the one in the context?", weight: 2 }
  - { id: tone, question: "Is the tone polite?" }
needs: [output, context]
instructions: Windows are counted in days.
examples:
  - { sample: { output: "90 days, sir.", context: ["30 days"] }, verdicts: { window: no, tone: yes } }
`;
const inCode: CustomJudgeOptions = {
  name: "refund_policy",
  judge: "examiner",
  criteria: [
    { id: "window", question: "Is every refund window the one in the context?", weight: 2 },
    { id: "tone", question: "Is the tone polite?" },
  ],
  needs: ["output", "context"],
  instructions: "Windows are counted in days.",
  examples: [{ sample: { output: "90 days, sir.", context: ["30 days"] }, verdicts: { window: "no", tone: "yes" } }],
};

function fromYaml(text: string) {
  return customJudge({ ...rubricOptions.parse(parse(text)), name: "refund_policy" });
}

/** Says "yes" to the window and "no" to the tone, and remembers what it was shown. */
function createJudge() {
  const prompts: string[] = [];
  const judge: Judge = async ({ messages }) => {
    prompts.push(messages.map(({ content }) => content).join("\n"));
    const nonce = /^Nonce: (\w+)$/m.exec(prompts.at(-1) ?? "")?.[1];
    const criteria = [
      { id: "window", evidence: "", verdict: "yes" },
      { id: "tone", evidence: "", verdict: "no" },
    ];
    return { text: JSON.stringify({ nonce, criteria }), model: "m", usage: null, costUsd: null };
  };
  return { judge, prompts };
}

describe("a judge of one's own", () => {
  test("is the same thing in YAML and in code", () => {
    expect(fromYaml(yaml).version).toBe(customJudge(inCode).version);
    expect(fromYaml(yaml).options).toEqual({ engine: "judge", threshold: 1, judge: "examiner", samples: 1 });
  });

  test("has another version when anything that decides is changed", () => {
    const changed: CustomJudgeOptions[] = [
      { ...inCode, instructions: "Windows are counted in weeks." },
      {
        ...inCode,
        criteria: [
          { id: "window", question: "Is every refund window the one in the context?", weight: 3 },
          ...inCode.criteria.slice(1),
        ],
      },
      { ...inCode, examples: [] },
      { ...inCode, needs: ["output"] },
      { ...inCode, quote_from: ["context"] },
      { ...inCode, threshold: 0.5 },
      { ...inCode, judge: "another" },
      { ...inCode, name: "another" },
      { ...inCode, samples: 3 },
      { ...inCode, judge_band: [0.4, 0.6] },
      { ...inCode, quote_from: ["context"], quote_for: "no" },
      ...[{ must: true }, { may_not_apply: true }].map((change) => ({
        ...inCode,
        criteria: inCode.criteria.map((criterion) => ({ ...criterion, ...change })),
      })),
    ];
    const versions = [inCode, ...changed].map((options) => customJudge(options).version);
    expect(new Set(versions).size).toBe(versions.length);
  });

  test("compares the weighted share of met criteria with its threshold", async () => {
    const { judge } = createJudge();
    const sample = { output: "30 days!", context: ["30 days"] };
    const strict = await evaluateOne(customJudge(inCode), sample, { judge });
    const lenient = await evaluateOne(customJudge({ ...inCode, threshold: 0.6 }), sample, { judge });
    expect(strict).toMatchObject({ outcome: "fail", score: 2 / 3, engine: "judge", threshold: 1 });
    expect(lenient).toMatchObject({ outcome: "pass", score: 2 / 3 });
    expect(lenient.criteria).toMatchObject([
      { id: "window", verdict: "yes", weight: 2 },
      { id: "tone", verdict: "no", weight: 1 },
    ]);
  });

  test("is skipped, without asking, when the sample lacks a field it needs", async () => {
    const { judge, prompts } = createJudge();
    const options = { judge };
    expect(await evaluateOne(customJudge(inCode), { output: "30 days" }, options)).toMatchObject({
      outcome: "skipped",
      score: null,
    });
    expect(await evaluateOne(customJudge(inCode), { output: "30 days", context: [] }, options)).toMatchObject({
      outcome: "skipped",
    });
    expect(prompts).toEqual([]);
  });

  test("shows the judge every field of the sample, needed or not, and the instructions and examples", async () => {
    const { judge, prompts } = createJudge();
    await evaluateOne(
      customJudge(inCode),
      { output: "30 days", context: ["c1"], input: "how long?", system: "be brief" },
      { judge },
    );
    for (const part of ["how long?", "be brief", "c1", "Windows are counted in days.", "90 days, sir."])
      expect(prompts[0]).toContain(part);
  });

  test("uses the judge it was given as a function before any other", async () => {
    const { judge, prompts } = createJudge();
    const evaluator = customJudge({ ...inCode, judge });
    const result = await evaluateOne(evaluator, { output: "30 days", context: ["c"] }, {});
    expect(result.outcome).toBe("fail");
    expect(prompts).toHaveLength(1);
  });

  test("asks the judge behind its alias", async () => {
    const { judge } = createJudge();
    const asked: string[] = [];
    const judges = (alias: string) => {
      asked.push(alias);
      return judge;
    };
    await evaluateOne(customJudge(inCode), { output: "30 days", context: ["c"] }, { judges });
    expect(asked).toEqual(["examiner"]);
  });

  test("is an error, not a verdict, without a judge", async () => {
    const result = await evaluateOne(customJudge(inCode), { output: "30 days", context: ["c"] }, {});
    expect(result).toMatchObject({ outcome: "error", score: null, error: { code: "judge_failed" } });
  });
});

describe("a rubric that is locked", () => {
  const { version } = customJudge(inCode);

  test("starts while it is what it was", () => {
    expect(customJudge({ ...inCode, locked: version }).version).toBe(version);
  });

  test("does not start when anything that decides has changed, and says both versions", () => {
    const changed: CustomJudgeOptions = { ...inCode, instructions: "Weeks.", locked: version };
    const { version: now } = customJudge({ ...changed, locked: undefined });
    expect(() => customJudge(changed)).toThrow(EvaluatorUsageError);
    expect(() => customJudge(changed)).toThrow(
      `The rubric "refund_policy" is locked to version ${version} and is now ${now}:`,
    );
  });
});

describe("a rubric that makes no sense is refused at the start", () => {
  test.each([
    ["no criteria", { criteria: [] }, /criteria/],
    [
      "a criterion twice",
      { criteria: [inCode.criteria[0], inCode.criteria[0]] },
      /Two criteria have the id \\?"window/,
    ],
    ["a weight of nothing", { criteria: [{ ...inCode.criteria[0], weight: 0 }] }, /weight/],
    ["an empty question", { criteria: [{ id: "a", question: " " }] }, /question/],
    ["an id that is a sentence", { criteria: [{ id: "is it good?", question: "?" }] }, /short name/],
    ["an unknown key", { treshold: 1 }, /treshold/],
    ["a threshold above 1", { threshold: 5 }, /threshold/],
    ["no answer at all", { samples: 0 }, /samples/],
    ["a lock that is no version", { locked: "latest" }, /12 hexadecimal digits/],
    ["an unknown field", { needs: ["outputs"] }, /needs/],
    [
      "an example of an unknown criterion",
      { examples: [{ sample: { output: "x" }, verdicts: { tune: "no" } }] },
      /no criterion \\?"tune/,
    ],
    ["an example with an unknown field", { examples: [{ sample: { outputs: "x" }, verdicts: {} }] }, /outputs/],
    [
      "an example with a verdict that is none",
      { examples: [{ sample: { output: "x" }, verdicts: { tone: "maybe" } }] },
      /verdicts/,
    ],
  ])("%s", (_name, change, message) => {
    expect(() => customJudge({ ...inCode, ...change } as CustomJudgeOptions)).toThrow(message);
  });

  test.each(["", "refund policy", "refund:policy", "1st", "x".repeat(65)])("the name %j", (name) => {
    expect(() => customJudge({ ...inCode, name })).toThrow(EvaluatorUsageError);
  });
});
