import { describe, expect, test } from "vitest";
import { calibrate } from "../../../evaluators/calibration/calibrate.ts";
import type { Judge } from "../../../evaluators/judge.ts";
import { repeat, withOptions } from "./gold-rows.ts";

function judge(identity?: string): Judge & { calls: number } {
  const ask = Object.assign(
    async () => {
      ask.calls += 1;
      return { text: "", model: "m", usage: null, costUsd: null };
    },
    { calls: 0, ...(identity === undefined ? {} : { identity }) },
  );
  return ask;
}

describe("calibrating with a judge", () => {
  /** Code knows the clear ones, the judge the unclear ones; the judge is wrong where code is sure. */
  const rows = [
    ...repeat(60, "0.95 0.1", true),
    ...repeat(60, "0.05 0.9", false),
    ...repeat(30, "0.5 0.8", true),
    ...repeat(30, "0.5 0.3", false),
    ...repeat(10, "none 0.8", true),
  ];

  test("asks a cascade's judge about every row and fits the band to both scores", async () => {
    const { evaluator, configure } = withOptions({ engine: "cascade", band: [0.45, 0.46] });
    const model = judge("gpt-9");
    const card = await calibrate(evaluator, rows, {
      target: { kind: "youden" },
      configure,
      evaluate: { judge: model, cache: "bypass" },
    });
    expect(model.calls).toBe(190);
    expect(card).toMatchObject({
      engine: "cascade",
      judge: "gpt-9",
      reached: "yes",
      measured: { balancedAccuracy: 1, areaUnderCurve: { value: 1 } },
      band: { decided: { successes: 120, total: 190 }, right: { successes: 120, total: 120 } },
    });
    expect(card.band?.low).toBeGreaterThan(0.05);
    expect(card.band?.low).toBeLessThanOrEqual(0.5);
    expect(card.band?.high).toBeGreaterThanOrEqual(0.5);
    expect(card.band?.high).toBeLessThan(0.95);
  });

  test("of its own has no band, and is as good as the judge", async () => {
    const { evaluator, configure } = withOptions({ engine: "judge" });
    const card = await calibrate(evaluator, rows, {
      target: { kind: "youden" },
      configure,
      evaluate: { judges: (alias) => (alias === "judge" ? judge("gpt-9") : undefined) },
    });
    expect(card).toMatchObject({ engine: "judge", judge: "gpt-9", band: null, reached: "unsure" });
    expect(card.version).toBe(configure({ threshold: card.threshold }).version);
  });

  test("that does not say which it is leaves the card without a judge", async () => {
    const { evaluator, configure } = withOptions({ engine: "judge" });
    const card = await calibrate(evaluator, rows, {
      target: { kind: "youden" },
      configure,
      evaluate: { judge: judge() },
    });
    expect(card.judge).toBeNull();
  });

  test("answers for a cascade's precision and share of false passes on rows that were left out", async () => {
    const { evaluator, configure } = withOptions({ engine: "cascade" });
    const reach = async (target: { kind: "precision" | "fpr"; value: number }) => {
      const { reached, because } = await calibrate(evaluator, rows, {
        target,
        configure,
        evaluate: { judge: judge() },
      });
      return { reached, because };
    };
    expect(await reach({ kind: "precision", value: 0.9 })).toEqual({
      reached: "yes",
      because:
        "On rows that were left out, 100 of 100 make the precision 0.970 to 1.000 with 95 % confidence on either side.",
    });
    expect(await reach({ kind: "precision", value: 0.99 })).toMatchObject({ reached: "unsure" });
    expect(await reach({ kind: "fpr", value: 0.05 })).toEqual({
      reached: "yes",
      because: "On rows that were left out, 0 of 90 make the fpr 0.000 to 0.033 with 95 % confidence on either side.",
    });
    expect(await reach({ kind: "fpr", value: 0.02 })).toMatchObject({ reached: "unsure" });
    const poor = [...repeat(100, "0.5 0.5", true), ...repeat(100, "0.5 0.5", false)];
    const { reached } = await calibrate(evaluator, poor, {
      target: { kind: "precision", value: 0.9 },
      configure,
      evaluate: { judge: judge() },
    });
    expect(reached).toBe("no");
  });
});
