import { describe, expect, test } from "vitest";
import { evaluatorsConfig, evaluatorSetFrom } from "../../evaluators/config.ts";
import { evaluateOne } from "../../evaluators/evaluate.ts";

function setFrom(section: unknown) {
  return evaluatorSetFrom(evaluatorsConfig.parse(section));
}

describe("the section evaluators", () => {
  test("has the built-in evaluators when nothing is written", () => {
    const { names } = setFrom(undefined);
    expect(names).toEqual(expect.arrayContaining(["faithfulness", "task_adherence", "safety", "pii"]));
  });

  test("changes a built-in evaluator under its own name", () => {
    const set = setFrom({ pii: { kinds: ["email"] } });
    expect(set.get("pii").version).not.toBe(setFrom({}).get("pii").version);
  });

  test("takes a built-in evaluator a second time under a name of the user's own, and reports it by that name", async () => {
    const set = setFrom({ no_mail: { kind: "pii", kinds: ["email"] } });
    const sample = { output: "Call 212 555 0147 or write to jane@example.com." };
    const [own, builtIn] = await Promise.all([
      evaluateOne(set.get("no_mail"), sample, {}),
      evaluateOne(set.get("pii"), sample, {}),
    ]);
    expect(own).toMatchObject({ evaluator: "no_mail", outcome: "fail" });
    expect(own.claims?.map(({ kind }) => kind)).toEqual(["email"]);
    expect(builtIn.evaluator).toBe("pii");
    expect(own.version).not.toBe(builtIn.version);
  });

  test("takes a rubric of the user's own", () => {
    const set = setFrom({ polite: { kind: "rubric", criteria: [{ id: "tone", question: "Is it polite?" }] } });
    expect(set.get("polite")).toMatchObject({ name: "polite", options: { engine: "judge" } });
  });

  test.each([
    ["an option that the kind does not know", { own: { kind: "pii", treshold: 1 } }, /treshold/],
    ["a kind that does not exist", { own: { kind: "nothing" } }, /kind/],
    ["no kind at all", { own: { criteria: [] } }, /kind/],
    ["an option that a built-in evaluator does not know", { pii: { treshold: 1 } }, /treshold/],
  ])("refuses %s", (_what, section, message) => {
    expect(() => evaluatorsConfig.parse(section)).toThrow(message);
  });

  test("refuses a name that cannot stand in a query", () => {
    expect(() => setFrom({ "my evaluator": { kind: "pii" } })).toThrow(
      'An evaluator cannot be named "my evaluator". Use letters, digits, _ and -, such as refund_policy.',
    );
  });
});
