import { describe, expect, test } from "vitest";
import { z } from "zod";
import { defineEvaluator } from "../../evaluators/define-evaluator.ts";
import { evaluateOne } from "../../evaluators/evaluate.ts";

/** An evaluator that waits for longer than anyone would, to see what becomes of it. */
const slow = defineEvaluator({
  name: "slow",
  description: "Never comes to an end.",
  covers: "Nothing; everything is not examined.",
  needs: z.object({ output: z.string() }),
  options: z.strictObject({
    engine: z.literal("local").default("local"),
    threshold: z.number().default(1),
    judge: z.undefined().optional(),
  }),
  revision: 1,
  evaluate: () => new Promise(() => {}),
});

describe("an evaluator that takes too long", () => {
  test("is a timeout without a score", async () => {
    const evaluation = await evaluateOne(slow.configure(), { output: "x" }, { timeoutMs: 30 });
    expect(evaluation).toMatchObject({
      outcome: "timeout",
      score: null,
      reason: "No verdict within 30 ms.",
      error: { code: "timeout", retryable: true },
    });
  });

  test.each([2 ** 31, Infinity])(
    "is waited for when the limit is longer than a timer can hold: %d ms",
    async (timeoutMs) => {
      const controller = new AbortController();
      const pending = evaluateOne(slow.configure(), { output: "x" }, { timeoutMs, signal: controller.signal });
      await new Promise((resolve) => setTimeout(resolve, 30));
      controller.abort();
      expect(await pending).toMatchObject({ error: { code: "cancelled" } });
    },
  );

  test("is an error when it is cancelled", async () => {
    const controller = new AbortController();
    const pending = evaluateOne(slow.configure(), { output: "x" }, { signal: controller.signal });
    controller.abort();
    expect(await pending).toMatchObject({ outcome: "error", score: null, error: { code: "cancelled" } });
  });
});
