import { describe, expect, test } from "vitest";
import { applyCard, findCard, fittedBy, withCard } from "../../../evaluators/calibration/cards.ts";
import type { Evaluation } from "../../../evaluators/evaluation.ts";
import { cardWith } from "./card-fixture.ts";
import { scoreTeller } from "./score-teller.ts";

const evaluation: Evaluation = {
  evaluator: "faithfulness",
  version: "0123456789ab",
  engine: "local",
  outcome: "pass",
  score: 0.75,
  threshold: 0.62,
  reason: "Fine.",
  confidence: null,
  calibrated: false,
  path: [],
  usage: null,
  costUsd: null,
  latencyMs: 1,
  error: null,
};

describe("finding a card", () => {
  test("goes by version, and takes the last one made", () => {
    const older = cardWith({ madeAt: "2026-01-01T00:00:00.000Z" });
    const newer = cardWith({ madeAt: "2026-02-01T00:00:00.000Z" });
    const other = cardWith({ version: "ffffffffffff", madeAt: "2026-03-01T00:00:00.000Z" });
    expect(findCard([older, newer, other], { version: "0123456789ab" })).toBe(newer);
    expect(findCard([newer, older], { version: "0123456789ab" })).toBe(newer);
    expect(findCard([older], { version: "000000000000" })).toBeUndefined();
    expect(findCard([], { version: "0123456789ab" })).toBeUndefined();
  });

  test.each([
    ["local", null, undefined, true],
    ["local", null, "gpt-9", true],
    ["judge", "gpt-9", "gpt-9", true],
    ["cascade", "gpt-9", "gpt-9", true],
    ["judge", "gpt-9", "gpt-8", false],
    ["judge", "gpt-9", undefined, false],
    ["judge", null, undefined, false],
    ["judge", null, "gpt-9", false],
  ] as const)("of the engine %s for the judge %s speaks for the judge %s: %s", (engine, made, asked, speaks) => {
    const card = cardWith({ engine, judge: made });
    expect(findCard([card], { version: "0123456789ab", judge: asked })).toBe(speaks ? card : undefined);
  });
});

describe("an evaluation with its card", () => {
  test("is calibrated and knows how likely its verdict is right", () => {
    const passed = withCard(evaluation, [cardWith()]);
    expect(passed).toEqual({ ...evaluation, calibrated: true, confidence: expect.closeTo(1 / (1 + Math.exp(-2)), 12) });
    const failed = withCard({ ...evaluation, outcome: "fail", score: 0.25 }, [cardWith()]);
    expect(failed).toMatchObject({ calibrated: true, confidence: expect.closeTo(1 / (1 + Math.exp(-2)), 12) });
    const failedHigh = withCard({ ...evaluation, outcome: "fail", score: 0.55 }, [cardWith()]);
    expect(failedHigh.confidence).toBeCloseTo(1 - 1 / (1 + Math.exp(-0.4)), 12);
  });

  test("keeps its own confidence, and is not calibrated, without one", () => {
    const own = { ...evaluation, confidence: 0.7 };
    expect(withCard(own, [])).toBe(own);
    expect(withCard(own, [cardWith({ version: "ffffffffffff" })])).toBe(own);
  });

  test("gets no confidence where there is no verdict", () => {
    const none = { ...evaluation, outcome: "abstained", score: null } as const;
    expect(withCard(none, [cardWith()])).toEqual({ ...none, calibrated: true });
  });

  test("by a judge takes the card of that judge only", () => {
    const judged = { ...evaluation, engine: "judge" } as const;
    const card = cardWith({ engine: "judge", judge: "gpt-9" });
    expect(withCard(judged, [card], "gpt-9").calibrated).toBe(true);
    expect(withCard(judged, [card], "gpt-8").calibrated).toBe(false);
    expect(withCard(judged, [card]).calibrated).toBe(false);
  });
});

describe("applying a card", () => {
  const base = scoreTeller.configure();
  const configure = (fitted: object) => scoreTeller.configure({ ...base.options, ...fitted });

  test("sets the threshold and the band, and nothing that the evaluator does not have", () => {
    expect(fittedBy(cardWith(), { engine: "local", threshold: 0.5 })).toEqual({ threshold: 0.62 });
    expect(fittedBy(cardWith(), base.options)).toEqual({ threshold: 0.62, band: [0.3, 0.8] });
    expect(fittedBy(cardWith({ band: null }), base.options)).toEqual({ threshold: 0.62 });
  });

  test("gives the evaluator that the card speaks for", () => {
    const { version } = configure({ threshold: 0.62, band: [0.3, 0.8] });
    const applied = applyCard(base, cardWith({ version }), configure);
    expect(applied).toMatchObject({ version, options: { threshold: 0.62, band: [0.3, 0.8] } });
  });

  test("is refused when it was made for another version, with the way out", () => {
    const { version } = configure({ threshold: 0.62, band: [0.3, 0.8] });
    expect(() => applyCard(base, cardWith(), configure)).toThrow(
      `The card of "faithfulness" speaks for version 0123456789ab; "score_teller" with the card's threshold is version ${version}: its prompt, patterns, weights or options are others. Calibrate it: proctor calibrate score_teller.`,
    );
  });
});
