import { countTokens } from "gpt-tokenizer";
import { expect, test } from "vitest";
import { estimateBatch } from "../../../evaluators/batch/estimate.ts";
import { readRows } from "../../../evaluators/batch/read-rows.ts";
import { byJudge, byWord, scriptedEvaluator } from "../../support/scripted-evaluator.ts";

const read = (...rows: unknown[]) => Array.fromAsync(readRows(rows));
const price = { input: 2, output: 10 };

test("a judge's questions are counted and none is asked: from one short answer to two long ones, for all rows", async () => {
  const output = "How many tokens does this answer have?";
  const estimate = await estimateBatch([byJudge(), byWord()], await read({ output }, { output }), {
    rows: 100,
    priceOf: () => price,
  });
  const input = countTokens(output);
  expect(estimate).toMatchObject({ sampled: 2, rows: 100, calls: [100, 200] });
  expect(estimate.tokens).toEqual([100 * (input + 40), 200 * (input + 100)]);
  expect(estimate.usd?.[0]).toBeCloseTo((100 * (input * 2 + 40 * 10)) / 1e6, 12);
  expect(estimate.usd?.[1]).toBeCloseTo((200 * (input * 2 + 100 * 10)) / 1e6, 12);
});

test("a cascade is counted where its code is unsure", async () => {
  const cascade = scriptedEvaluator(
    "cascade",
    async ({ output = "" }, { judge, signal, parent }) => {
      if (output === "sure") return { score: 1, reason: "Sure." };
      await judge({ messages: [], maxTokens: 10, signal, parent, evaluator: "cascade" });
      return { score: 1, reason: "Judged." };
    },
    { engine: "cascade" },
  );
  const sampled = await read({ output: "sure" }, { output: "sure" }, { output: "sure" }, { output: "unsure" });
  const { calls } = await estimateBatch([cascade], sampled, { rows: 1000, priceOf: () => undefined });
  expect(calls).toEqual([250, 500]);
});

test("code alone, skipped rows and rows that cannot be read cost nothing", async () => {
  const sampled = [...(await read({ input: "no output" }, 7, { id: 1 })), { row: 4, hash: "0", problem: "No JSON." }];
  const nothing = { calls: [0, 0], tokens: [0, 0], usd: [0, 0] };
  expect(await estimateBatch([byWord(), byJudge()], sampled, { rows: 10, priceOf: () => price })).toMatchObject(
    nothing,
  );
  expect(
    await estimateBatch([byWord()], await read({ output: "x" }), { rows: 10, priceOf: () => undefined }),
  ).toMatchObject(nothing);
  expect(await estimateBatch([byJudge()], [], { rows: 0, priceOf: () => price })).toMatchObject(nothing);
});

test("a price that nobody knows is not taken for nothing", async () => {
  const { usd, calls } = await estimateBatch([byJudge()], await read({ output: "x" }), {
    rows: null,
    priceOf: () => undefined,
  });
  expect({ usd, calls }).toEqual({ usd: null, calls: [1, 2] });
});

test("the price is asked for under the alias that the evaluator names", async () => {
  const asked: string[] = [];
  const priceOf = (alias: string) => (asked.push(alias), price);
  await estimateBatch([byJudge()], await read({ output: "x" }), { rows: 1, priceOf });
  expect(asked).toEqual(["judge"]);
});
