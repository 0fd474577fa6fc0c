import { describe, expect, test } from "vitest";
import { calibrate } from "../../../evaluators/calibration/calibrate.ts";
import { formatCard, parseCard } from "../../../evaluators/calibration/card.ts";
import { CalibrationError } from "../../../evaluators/calibration/errors.ts";
import type { GoldRow } from "../../../evaluators/calibration/gold.ts";
import { gold, repeat, withOptions } from "./gold-rows.ts";

const fair = [...repeat(20, "0.9", true), ...repeat(20, "0.1", false)];

describe("poor rows", () => {
  const { evaluator, configure } = withOptions();
  const refuse = (rows: readonly GoldRow[], options: object = {}) =>
    calibrate(evaluator, rows, { target: { kind: "youden" }, configure, ...options }).then(
      () => undefined,
      (error: unknown) => (error instanceof CalibrationError ? { code: error.code, message: error.message } : error),
    );

  test("of which none was scored are refused with the first reason", async () => {
    expect(await refuse([gold("none", true), gold("broken", false), gold("none", true)])).toEqual({
      code: "nothing_scored",
      message: "None of 3 gold rows came to a score (1 error, 2 abstained). The first one says: There is no score.",
    });
    expect(await refuse([])).toEqual({ code: "nothing_scored", message: "None of 0 gold rows came to a score." });
  });

  test("that are all of one kind are refused", async () => {
    expect(await refuse(repeat(30, "0.9", true))).toEqual({
      code: "one_class",
      message: "Of 30 scored rows 30 are labelled pass and 0 fail; a card takes both. Add rows of the other kind.",
    });
    expect(await refuse(repeat(30, "0.9", false))).toMatchObject({ code: "one_class" });
  });

  test("that are few are refused: it takes ten of each", async () => {
    expect(await refuse([...repeat(30, "0.9", true), ...repeat(9, "0.1", false)])).toEqual({
      code: "too_few_rows",
      message: "Of 39 scored rows 30 are labelled pass and 9 fail; a card takes at least 10 of each. Label more rows.",
    });
    expect(await refuse([...repeat(9, "0.9", true), ...repeat(30, "0.1", false)])).toMatchObject({
      code: "too_few_rows",
    });
    expect(await refuse([...repeat(10, "0.9", true), ...repeat(10, "0.1", false)])).toBeUndefined();
  });

  test.each([0, 1, 2.5, Number.NaN])("are not even examined when they are to make %d parts", async (folds) => {
    const done: number[] = [];
    const refused = calibrate(evaluator, fair, {
      target: { kind: "youden" },
      configure,
      folds,
      onRow: (rows) => done.push(rows),
    });
    await expect(refused).rejects.toThrow(
      `${folds} folds are no parts to fit and measure on. Use a whole number from 2.`,
    );
    expect(done).toEqual([]);
  });

  test("whose scores are no numbers count as broken, and never as verdicts", async () => {
    const rows = [...repeat(12, "0.9", true), ...repeat(12, "0.1", false), ...repeat(3, "NaN", true), gold("2", false)];
    const card = await calibrate(evaluator, rows, { target: { kind: "youden" }, configure });
    expect(card.rows).toMatchObject({ given: 28, scored: 24, unscored: { error: 4 } });
  });

  test("whose scores are all the same get a card that says chance", async () => {
    const rows = [...repeat(40, "0.5", true), ...repeat(40, "0.5", false)];
    const card = await calibrate(evaluator, rows, { target: { kind: "youden" }, configure });
    expect(card).toMatchObject({
      reached: "unsure",
      band: { low: 0, high: 1, decided: { successes: 0, total: 80 }, right: { value: null } },
      measured: { balancedAccuracy: 0.5, kappa: { value: 0 }, areaUnderCurve: { value: 0.5, interval: [0.5, 0.5] } },
    });
    expect(parseCard(formatCard(card))).toEqual(card);
  });

  test("whose groups cannot be divided are refused", async () => {
    const rows = [
      ...Array.from({ length: 20 }, () => gold("0.9", true, "one")),
      ...Array.from({ length: 20 }, (_, at) => gold("0.1", false, `b${at}`)),
    ];
    expect(await refuse(rows)).toEqual({
      code: "too_few_rows",
      message:
        "Of 40 scored rows 20 are labelled pass and 20 fail, in 21 groups: too few to divide into 5 parts with both kinds in the rest. Use fewer folds, or label rows of more groups.",
    });
    expect(await refuse([...repeat(10, "0.9", true), ...repeat(10, "0.1", false)], { folds: 21 })).toMatchObject({
      code: "too_few_rows",
    });
  });
});
