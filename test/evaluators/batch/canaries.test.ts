import { expect, test } from "vitest";
import type { CanaryOptions } from "../../../evaluators/batch/canaries.ts";
import { evaluateBatch } from "../../../evaluators/batch/evaluate-batch.ts";
import type { EvaluatorCard } from "../../../evaluators/calibration/card.ts";
import type { DriftAlarm } from "../../../evaluators/calibration/drift-monitor.ts";
import type { Evaluator } from "../../../evaluators/define-evaluator.ts";
import type { Judge } from "../../../evaluators/judge.ts";
import { cardWith } from "../calibration/card-fixture.ts";
import { byWord, scriptedEvaluator } from "../../support/scripted-evaluator.ts";

const gold = [
  { sample: { output: "good gold" }, good: true, group: "1" },
  { sample: { output: "bad gold" }, good: false, group: "2" },
];

function cardFor(evaluator: Evaluator): EvaluatorCard {
  return cardWith({ evaluator: evaluator.name, version: evaluator.version, engine: "local" });
}

interface Watched {
  readonly alarms: readonly (readonly [string, DriftAlarm])[];
  readonly yielded: number;
}

async function watch(
  evaluator: Evaluator,
  rows: number,
  more: Partial<CanaryOptions> = {},
  cards = [cardFor(evaluator)],
): Promise<Watched> {
  const alarms: [string, DriftAlarm][] = [];
  const canaries = {
    gold,
    rows,
    onAlarm: (name: string, alarm: DriftAlarm) => void alarms.push([name, alarm]),
    onUnwatched: () => {},
    ...more,
  };
  const given = Array.from({ length: rows }, () => ({ output: "good row" }));
  const found = await Array.fromAsync(evaluateBatch(evaluator, given, { cards, canaries }));
  return { alarms, yielded: found.length };
}

test("gold rows are examined among the rows in turn, and are not yielded", async () => {
  const examined: string[] = [];
  const noting = scriptedEvaluator("noting", ({ output = "" }) => {
    if (output.endsWith("gold")) examined.push(output);
    return { score: output.startsWith("good") ? 1 : 0, reason: "Noted." };
  });
  const { alarms, yielded } = await watch(noting, 100);
  expect({ alarms, yielded }).toEqual({ alarms: [], yielded: 100 });
  expect(examined).toHaveLength(20);
  expect(examined.slice(0, 3)).toEqual(["good gold", "bad gold", "good gold"]);
});

test("an evaluator that gets gold rows wrong raises one alarm with its name", async () => {
  const wrong = scriptedEvaluator("wrong", ({ output = "" }) => ({
    score: output.startsWith("good") ? 0 : 1,
    reason: "Wrong.",
  }));
  const { alarms } = await watch(wrong, 400);
  expect(alarms).toHaveLength(1);
  expect(alarms[0]?.[0]).toBe("wrong");
  expect(alarms[0]?.[1].kind).toMatch(/errors|agreement/);
});

test("without a card there is nothing to drift from, and without gold rows nothing to see", async () => {
  await expect(watch(byWord(), 10, {}, [])).rejects.toThrow(
    /^None of the evaluators has a card for its version and judge/,
  );
  await expect(watch(byWord(), 10, { gold: [] })).rejects.toThrow("There are no gold rows to mix in.");
});

test("an evaluator without a card beside one with a card is named, because nobody watches it", async () => {
  const carded = byWord();
  const other = scriptedEvaluator("other", () => ({ score: 1, reason: "Fine." }));
  const unwatched: string[][] = [];
  const canaries = {
    gold,
    rows: 3,
    onAlarm: () => {},
    onUnwatched: (names: readonly string[]) => void unwatched.push([...names]),
  };
  const rows = [{ output: "a good row" }];
  await Array.fromAsync(evaluateBatch([carded, other], rows, { cards: [cardFor(carded)], canaries }));
  expect(unwatched).toEqual([["other"]]);
});

test("gold rows are judged anew, never from the cache", async () => {
  let asked = 0;
  const judge: Judge = Object.assign<Judge, { identity: string }>(
    async () => {
      asked += 1;
      return { text: "yes", model: "m", usage: null, costUsd: null };
    },
    { identity: "m1" },
  );
  const judged = scriptedEvaluator(
    "judged",
    async (_sample, { judge: ask, signal, parent }) => {
      await ask({ messages: [], maxTokens: 1, signal, parent, evaluator: "judged" });
      return { score: 1, reason: "Judged." };
    },
    { engine: "judge" },
  );
  const card = cardWith({ evaluator: "judged", version: judged.version, engine: "judge", judge: "m1" });
  const given = Array.from({ length: 20 }, () => ({ output: "the same row" }));
  const canaries = { gold: gold.slice(0, 1), rows: 20, onAlarm: () => {}, onUnwatched: () => {} };
  await Array.fromAsync(evaluateBatch(judged, given, { judge, cards: [card], canaries, concurrency: 1 }));
  expect(asked).toBe(21);
});
