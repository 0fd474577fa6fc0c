import { describe, expect, test } from "vitest";
import type { Claim, Criterion, Evaluation } from "../../../evaluators/index.ts";
import { customJudge, evaluateOne } from "../../../evaluators/index.ts";
import { critiqueOf } from "../../../gateway/guardrails/critique.ts";
import { type Said, scriptedJudge } from "../../support/scripted-judge.ts";
import { evaluationWith } from "./guarded.ts";

const nonce = "0123456789abcdef0123456789abcdef";

function failing(found: Partial<Evaluation>): Evaluation {
  const failed = { evaluator: "policy", engine: "judge", outcome: "fail", score: 0, threshold: 1 } as const;
  return evaluationWith({ ...failed, reason: "Not all is well.", ...found });
}

function claim(found: Partial<Claim>): Claim {
  return { text: "It is 42.", start: 0, end: 9, verdict: "unsupported", ...found };
}

function criterion(found: Partial<Criterion>): Criterion {
  return { id: "tone", question: "Is it polite?", verdict: "no", weight: 1, ...found };
}

async function judged(script: (id: string) => Said) {
  const { judge, asked } = scriptedJudge((id) => script(id));
  const evaluator = customJudge({
    name: "refunds",
    judge,
    criteria: [
      { id: "tone", question: "Is the tone polite?" },
      { id: "window", question: "Is the refund window the one in the terms?", weight: 3 },
      { id: "name", question: "Is the customer named?" },
      { id: "brief", question: "Is it brief?" },
    ],
    needs: ["output"],
  });
  const evaluation = await evaluateOne(evaluator, { output: "You have 90 days, Ada, and no more of them." }, {});
  return { evaluation, asked };
}

describe("what a model is told of an answer that a judge failed", () => {
  test("is the reason and every criterion that is not met, with what the judge leaned on", async () => {
    const said: Readonly<Record<string, Said>> = {
      tone: { evidence: 'says "no more"\nof them', verdict: "unsure" },
      window: { evidence: "90 days", verdict: "no" },
      name: { evidence: "Ada", verdict: "yes" },
      brief: { evidence: "", verdict: "no" },
    };
    const { evaluation } = await judged((id) => said[id] ?? {});
    expect(evaluation.outcome).toBe("fail");
    expect(critiqueOf([evaluation])).toBe(`Your last answer was not accepted.

refunds: ${evaluation.reason}
- tone could not be confirmed (unsure): Is the tone polite? Why: "says \\"no more\\"\\nof them"
- window is not met (no): Is the refund window the one in the terms? Why: "90 days"
- brief is not met (no): Is it brief?

Answer again, so that nothing of this is said of the new answer. Give the whole answer, and do not mention this message or that there was an earlier answer.`);
  });

  test("holds neither nonce nor marker of the judge's prompt, even where the judge repeats them", async () => {
    const { judge, asked } = scriptedJudge((_id, { nonce: mine, marker }) => ({
      evidence: `</${marker}> the nonce is ${mine}`,
      verdict: "no",
    }));
    const criteria = [{ id: "tone", question: "Is the tone polite?" }];
    const evaluator = customJudge({ name: "refunds", judge, criteria });
    const evaluation = await evaluateOne(evaluator, { output: "You have 90 days." }, {});
    expect(evaluation.criteria?.[0]?.evidence).toContain(asked[0]?.nonce);
    const critique = critiqueOf([evaluation]);
    expect(critique).toContain("- tone is not met (no): Is the tone polite?\n");
    for (const secret of [asked[0]?.nonce ?? "?", asked[0]?.marker ?? "?", "sample"])
      expect(critique).not.toContain(secret);
  });
});

describe("a quotation in a critique", () => {
  const hidden = [
    nonce,
    nonce.toUpperCase(),
    nonce.replaceAll(/./g, "$& "),
    nonce.replaceAll(/./g, "$&\u200B"),
    nonce.replaceAll(/[a-f]/g, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0)),
    nonce.slice(3, 30),
    `<sample-${nonce.slice(0, 8)}>`,
    "\\u003csample-",
    "Protocol: proctor-judge/3",
  ];

  test.each(hidden)("is left out when it looks like a part of a judge's prompt: %s", (evidence) => {
    const critique = critiqueOf([failing({ criteria: [criterion({ evidence: `see ${evidence} there` })] })]);
    expect(critique).toContain("- tone is not met (no): Is it polite?\n");
    expect(critique).not.toContain("Why:");
  });

  test.each(["A free sample-pack", "Order 2023 2024 2025 2026 2027 2028", "The facade added a cafe."])(
    "stays when it is about something else: %s",
    (evidence) => {
      expect(critiqueOf([failing({ criteria: [criterion({ evidence })] })])).toContain(`Why: "${evidence}"`);
    },
  );

  test("is one line of at most 200 characters without anything invisible, and no half of a character", () => {
    const evidence = `a\u202Eb\u2028c\n${"x".repeat(193)}😀 and more`;
    const critique = critiqueOf([failing({ criteria: [criterion({ evidence })] })]);
    expect(critique).toContain(`Why: "abc\\n${"x".repeat(193)}…"`);
    expect(critique.split("\n").find((line) => line.startsWith("- tone"))).not.toMatch(/[\p{C}]/u);
  });
});

describe("claims in a critique", () => {
  test("are quoted with what the context says of them", () => {
    const claims = [
      claim({ verdict: "contradicted", kind: "number", evidence: "It is 41." }),
      claim({ text: "Ada said so." }),
      claim({ text: "Perhaps.", verdict: "unclear" }),
      claim({ text: "Ulm.", verdict: "supported" }),
    ];
    const critique = critiqueOf([failing({ evaluator: "faithfulness", claims })]);
    expect(critique).toContain(`faithfulness: Not all is well.
- contradicted, number: "It is 42.", where the context says "It is 41."
- unsupported: "Ada said so."
- unclear: "Perhaps."

`);
  });

  test("that are violations are counted by kind, and repeated by nobody", () => {
    const violation = (text: string, kind: string) => claim({ text, kind, verdict: "violation" });
    const leaked = "ada@example.com";
    const claims = [
      violation(leaked, "email"),
      violation("bob@example.com", "email"),
      violation("4111", "credit_card"),
    ];
    const critique = critiqueOf([
      failing({ evaluator: "pii", claims }),
      failing({
        criteria: [criterion({ evidence: `it names ${leaked}` })],
        claims: [claim({ text: `Write to ${leaked}.` })],
      }),
    ]);
    expect(critique).toContain("- 2 passages of the kind email that must not be there\n");
    expect(critique).toContain("- 1 passage of the kind credit_card that must not be there\n");
    expect(critique).toContain("- unsupported: a passage\n");
    expect(critique).not.toMatch(/example\.com|4111/);
  });

  test("that a rubric marks are told with their criteria", () => {
    const critique = critiqueOf([
      failing({
        criteria: [criterion({ evidence: "rude words" })],
        claims: [claim({ text: "rude words", kind: "tone", verdict: "violation" })],
      }),
    ]);
    expect(critique).toContain('Why: "rude words"');
    expect(critique).not.toContain("of the kind");
  });
});

describe("a critique", () => {
  test("tells of what failed only", () => {
    const passed = failing({ evaluator: "length", outcome: "pass", score: 1 });
    const broken = failing({ evaluator: "judge", outcome: "error", score: null });
    const critique = critiqueOf([passed, failing({}), broken]);
    expect(critique).toContain("policy: Not all is well.");
    expect(critique).not.toMatch(/length:|judge:/);
    expect(critiqueOf([passed])).toMatch(/^Your last answer was not accepted\.\n\nAnswer again/);
  });

  test("has at most 4,000 characters and keeps the most important", () => {
    const many = Array.from({ length: 60 }, (_, index) => claim({ text: `Claim ${index} ${"x".repeat(150)}` }));
    const critique = critiqueOf([
      failing({ evaluator: "minor", score: 0.4, claims: many }),
      failing({
        evaluator: "major",
        score: 0,
        criteria: [criterion({ id: "light", weight: 1 }), criterion({ id: "heavy", weight: 9 })],
        claims: [...many, claim({ verdict: "contradicted", text: "The worst." })],
      }),
    ]);
    expect(critique.length).toBeLessThanOrEqual(4_000);
    expect(critique.length).toBeGreaterThan(3_500);
    for (const told of ["major:", "minor:", "- light", "- heavy", '"The worst."', "There is more"])
      expect(critique).toContain(told);
    expect(critique.indexOf("major:")).toBeLessThan(critique.indexOf("minor:"));
    expect(critique.trimEnd()).toMatch(/earlier answer\.$/);
  });

  test("stays within bounds however many evaluators fail and whatever they are called", () => {
    const reason = `very ${"long ".repeat(500)}`;
    const critique = critiqueOf(
      Array.from({ length: 100 }, (_, index) => failing({ evaluator: `e${index}`, reason, score: index / 200 })),
    );
    expect(critique.length).toBeLessThanOrEqual(4_000);
    expect(critique).toContain("\ne0: very long");
    expect(critique).toContain("There is more");
  });

  test("is soon made of a long answer with many findings", () => {
    const claims = Array.from({ length: 5_000 }, (_, index) => [
      claim({ text: `${"1".repeat(1_000)}${index}` }),
      claim({ text: `secret ${index}`, kind: "token", verdict: "violation" }),
    ]).flat();
    const reason = "1".repeat(300_000);
    const started = performance.now();
    const critique = critiqueOf([
      failing({ claims: [...claims, claim({ text: "Worst.", verdict: "contradicted" })], reason }),
    ]);
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(critique).toContain('- contradicted: "Worst."');
    expect(critique).toContain("- 5000 passages of the kind token");
  });

  test("says only that it failed where the reason must not be repeated", () => {
    expect(critiqueOf([failing({ reason: `The nonce was ${nonce}.` })])).toContain("policy: failed.");
  });
});
