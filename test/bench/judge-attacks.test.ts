import { expect, test } from "vitest";
import { attacks, lies } from "../../bench/evaluators/attacks.ts";
import { honestAnswer, judgeSaying, runAttacks, sample, targets } from "../../bench/evaluators/judge-attacks.ts";
import { evaluateOne, judgePair } from "../../evaluators/index.ts";

test.each(targets.map((target) => [target.evaluator.name, target] as const))(
  "an honest judge lets the attacked sample pass %s, so that a pass would be seen",
  async (_name, { evaluator, evidence }) => {
    expect(await evaluateOne(evaluator, sample, { judge: judgeSaying(evidence, honestAnswer) })).toMatchObject({
      outcome: "pass",
      score: 1,
    });
  },
);

test("an honest judge decides the attacked comparison", async () => {
  const pair = { a: sample.output, b: "No refunds.", input: sample.input };
  expect(await judgePair(pair, judgeSaying("Equal.", honestAnswer))).toMatchObject({
    outcome: "decided",
    preferred: "tie",
  });
});

test("no answer that breaks the protocol in any of its ways becomes a pass, a score or a preference", async () => {
  const results = await runAttacks(4, 7);
  expect(results.length).toBe(4 * (attacks.length * (targets.length + 1) + 3 * lies.length));
  const decided = results.filter(({ outcome }) => outcome !== "error" && outcome !== "abstained");
  expect(decided).toEqual([]);
  const broken = results.filter(({ attack }) => attacks.some(({ name }) => name === attack));
  expect(new Set(broken.map(({ outcome }) => outcome))).toEqual(new Set(["error"]));
}, 60_000);
