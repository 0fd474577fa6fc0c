import { describe, expect, test } from "vitest";
import type { Judge } from "../../../evaluators/index.ts";
import { policiesFor } from "../../../gateway/guardrails/policies.ts";
import type { Guardrail } from "../../../gateway/guardrails/guardrail.ts";
import { byJudge, byWord, scriptedEvaluator } from "../../support/scripted-evaluator.ts";
import { guardrailFor, guardrailWith } from "./guarded.ts";

const nobody = () => undefined;

function judgeNamed(identity?: string): Judge {
  const ask: Judge = async () => ({ text: "yes", model: "m", usage: null, costUsd: null });
  return identity === undefined ? ask : Object.assign(ask, { identity });
}

function policyOf(guardrail: Guardrail, judges: (alias: string) => Judge | undefined = nobody): string | undefined {
  return policiesFor([guardrail], judges)[0];
}

describe("the policies of an alias", () => {
  test("are named with four hexadecimal digits, in the order of the file", () => {
    const [sales, support] = [{ name: "sales" }, { name: "support" }];
    const guardrails = [
      guardrailWith({}, support),
      guardrailWith({}, sales),
      guardrailWith({ mode: "observe" }, support),
    ];
    expect(policiesFor(guardrails, nobody)).toEqual([
      expect.stringMatching(/^support@[0-9a-f]{4}$/),
      expect.stringMatching(/^sales@[0-9a-f]{4}$/),
    ]);
    expect(policiesFor([], nobody)).toEqual([]);
  });

  test("are made once for the same guardrails", () => {
    const asked: string[] = [];
    const judges = (alias: string) => {
      asked.push(alias);
      return undefined;
    };
    const guardrails = [guardrailFor(byJudge())];
    expect(policiesFor(guardrails, judges)).toBe(policiesFor(guardrails, judges));
    expect(asked).toEqual(["judge"]);
  });
});

describe("a version", () => {
  test("stays where nothing that decides has changed", () => {
    const keys = { mode: "hold", on_fail: "redact", then: ["block"], timeout: "30s" };
    const sameElsewhere = { timeout: "30s", then: ["block"], on_fail: "redact", mode: "hold" };
    expect(policyOf(guardrailWith(keys))).toBe(policyOf(guardrailWith(sameElsewhere)));
    expect(policyOf(guardrailWith())).toBe(policyOf(guardrailWith({}, { models: ["student", "tutor"] })));
  });

  test.each([
    [{ mode: "observe" }],
    [{ when: "tools" }],
    [{ covers: ["text"] }],
    [{ on_fail: "flag" }],
    [{ on_fail: "redact", then: "flag" }],
    [{ on_error: "allow" }],
    [{ on_timeout: "allow" }],
    [{ on_skip: "block" }],
    [{ on_abstain: "block" }],
    [{ attempts: 3 }],
    [{ within: "1s" }],
    [{ max_usd: 1 }],
    [{ fallback: "teacher" }],
    [{ timeout: "1s" }],
    [{ sample: 0.5 }],
  ])("changes with a guardrail: %j", (changed) => {
    expect(policyOf(guardrailWith(changed))).not.toBe(policyOf(guardrailWith()));
  });

  test.each([
    [{ on_block: "error" }],
    [{ hold: { max_bytes: 10 } }],
    [{ budget: { judge_usd: 1 } }],
    [{ context_from: ["tags"] }],
  ])("changes with a group: %j", (changed) => {
    expect(policyOf(guardrailWith({}, changed))).not.toBe(policyOf(guardrailWith()));
  });

  test("changes with the evaluator, its version, and the stage", () => {
    const versions = [
      guardrailFor(byWord("a")),
      guardrailFor(byWord("b")),
      guardrailFor(scriptedEvaluator("a", () => ({ abstained: "Nothing." }), { revision: 2 })),
      { ...guardrailFor(byWord("a")), stage: "input" as const },
    ].map((guardrail) => policyOf(guardrail));
    expect(new Set(versions).size).toBe(4);
  });

  test("changes with the order and the number of its guardrails, and not with those of another policy", () => {
    const [a, b] = [guardrailFor(byWord("a")), guardrailFor(byWord("b"))];
    const other = guardrailFor(byWord("c"), {}, { name: "other" });
    const versions = [[a, b], [b, a], [a]].map((guardrails) => policiesFor(guardrails, nobody)[0]);
    expect(new Set(versions).size).toBe(3);
    expect(policiesFor([a, other, b], nobody)[0]).toBe(versions[0]);
  });
});

describe("the judge of a version", () => {
  const judged = () => guardrailFor(byJudge());

  test("is the model behind its alias", () => {
    const versions = ["m1", "m2"].map((identity) => policyOf(judged(), () => judgeNamed(identity)));
    expect(versions[0]).not.toBe(versions[1]);
    expect(versions[0]).toBe(policyOf(judged(), (alias) => (alias === "judge" ? judgeNamed("m1") : undefined)));
  });

  test("is its alias where nobody is there or says who it is", () => {
    const unknown = policyOf(judged());
    expect(policyOf(judged(), () => judgeNamed())).toBe(unknown);
    expect(policyOf(judged(), () => judgeNamed("judge"))).toBe(unknown);
    expect(policyOf(judged(), () => judgeNamed("m1"))).not.toBe(unknown);
  });

  test("is nobody where the evaluator is code", () => {
    expect(policyOf(guardrailWith(), () => judgeNamed("m1"))).toBe(policyOf(guardrailWith()));
  });
});
