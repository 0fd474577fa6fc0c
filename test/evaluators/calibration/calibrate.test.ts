import { describe, expect, test } from "vitest";
import { calibrate, reconfigurer } from "../../../evaluators/calibration/calibrate.ts";
import { parseCard, formatCard } from "../../../evaluators/calibration/card.ts";
import { findCard } from "../../../evaluators/calibration/cards.ts";
import { fit, judge } from "../../../evaluators/calibration/fit.ts";
import { runGold } from "../../../evaluators/calibration/gold-run.ts";
import { type GoldRow, hashOf, toGoldRow } from "../../../evaluators/calibration/gold.ts";
import { ratesOf } from "../../../evaluators/calibration/measure.ts";
import { seededRandom, wilsonInterval } from "../../../evaluators/calibration/statistics.ts";
import { registry } from "../../../evaluators/registry.ts";
import { gold, repeat, withOptions } from "./gold-rows.ts";
import { scoreTeller } from "./score-teller.ts";

const date = new Date("2026-01-02T03:04:05Z");

/** Scores that tell good from bad fairly well. */
function noisy(count: number, seed = 1): GoldRow[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const good = random() < 0.6;
    return gold(
      (Math.round(100 * Math.min(1, Math.max(0, (good ? 0.65 : 0.35) + (random() - 0.5) * 0.7))) / 100).toString(),
      good,
    );
  });
}

describe("calibrating an evaluator of code", () => {
  const { evaluator, configure } = withOptions();

  test("makes a card that says what it is worth, and on what", async () => {
    const rows = [...repeat(100, "0.9", true), ...repeat(60, "0.2", false), gold("none", true), gold("broken", false)];
    const card = await calibrate(evaluator, rows, { target: { kind: "precision", value: 0.95 }, configure, date });
    expect(card).toMatchObject({
      format: 1,
      evaluator: "score_teller",
      engine: "local",
      judge: null,
      target: { kind: "precision", value: 0.95 },
      reached: "yes",
      threshold: 0.6,
      rows: {
        given: 162,
        scored: 160,
        groups: 160,
        good: 100,
        bad: 60,
        unscored: { error: 1, timeout: 0, skipped: 0, abstained: 1 },
      },
      prevalence: 0.625,
      band: { low: 0.55, high: 0.6, decided: { successes: 160, total: 160 }, right: { successes: 160, total: 160 } },
      measured: {
        folds: 5,
        seed: 1,
        truePassRate: { successes: 100, total: 100, value: 1, interval: wilsonInterval(100, 100), designEffect: 1 },
        trueFailRate: { successes: 60, total: 60, value: 1, interval: wilsonInterval(60, 60) },
        precision: { successes: 100, total: 100, value: 1 },
        balancedAccuracy: 1,
        kappa: { value: 1, interval: [1, 1] },
        areaUnderCurve: { value: 1, interval: [1, 1] },
      },
      atThreshold: {
        truePassRate: { successes: 100, total: 100, interval: wilsonInterval(100, 100) },
        trueFailRate: { successes: 60, total: 60 },
        precision: { successes: 100, total: 100 },
      },
      calibrator: { kind: "platt" },
      data: { sha256: hashOf(rows) },
      madeAt: "2026-01-02T03:04:05.000Z",
    });
    expect(card.measured.calibrationError).toBeLessThan(0.03);
    expect(card.measured.bins.reduce((sum, { rows: size }) => sum + size, 0)).toBe(160);
    expect(parseCard(formatCard(card))).toEqual(card);
  });

  test("names the version that the evaluator has with the threshold and the band of the card", async () => {
    const card = await calibrate(evaluator, noisy(200), { target: { kind: "youden" }, configure });
    const { threshold, band } = card;
    const used = configure({ threshold, band: [band?.low, band?.high] });
    expect(card.version).toBe(used.version);
    expect(card.version).not.toBe(evaluator.version);
    expect(findCard([card], used)).toBe(card);
    expect(findCard([card], evaluator)).toBeUndefined();
  });

  test("comes to the same card from the same rows, and with another seed to other parts", async () => {
    const rows = noisy(150);
    const make = (seed: number) => calibrate(evaluator, rows, { target: { kind: "f1" }, configure, date, seed });
    expect(await make(1)).toEqual(await make(1));
    const [one, two] = [await make(1), await make(2)];
    expect(two.measured.kappa.interval).not.toEqual(one.measured.kappa.interval);
    expect(two.threshold).toBe(one.threshold);
    expect(two.measured.seed).toBe(2);
  });

  test("reports what holds on rows that were left out: scores that say nothing are worth nothing", async () => {
    const random = seededRandom(4);
    const rows = Array.from({ length: 120 }, () => gold(random().toFixed(6), random() < 0.5));
    const card = await calibrate(evaluator, rows, { target: { kind: "youden" }, configure });
    expect(card.reached).toBe("unsure");
    expect(card.because).toMatch(
      /^On rows that were left out, the share of good rows that pass less the share of bad ones is -0\.\d{3} to 0\.\d{3} \(95 % interval\); 0 is chance\.$/,
    );
    expect(Math.abs(card.measured.kappa.value)).toBeLessThan(0.25);
  });

  test.each([
    { kind: "youden" } as const,
    { kind: "f1" } as const,
    { kind: "precision", value: 0.8 } as const,
    { kind: "fpr", value: 0.2 } as const,
  ])("holds the true rates of its threshold within its intervals, about as often as it says: $kind", async (target) => {
    let covered = 0;
    for (let seed = 1; seed <= 25; seed += 1) {
      const { scored } = await runGold(evaluator, noisy(150, seed));
      const fitted = fit(scored, { engine: "local", target, bandError: 0.05 });
      const { threshold } = fitted.choice;
      const rates = ratesOf(scored.map((row) => judge(fitted, row, "local")));
      const fresh = noisy(1000, 1000 + seed);
      for (const good of [true, false]) {
        const kind = fresh.filter((row) => row.good === good);
        const truth = kind.filter(({ sample }) => Number(sample.output) >= threshold === good).length / kind.length;
        const [low, high] = (good ? rates.truePassRate : rates.trueFailRate).interval;
        if (low <= truth && truth <= high) covered += 1;
      }
    }
    expect(covered).toBeGreaterThanOrEqual(41);
  });

  test("takes rows of one group for what they are worth", async () => {
    const random = seededRandom(6);
    const grouped = Array.from({ length: 60 }, (_, at) => {
      const good = at % 2 === 0;
      const output = random() < 0.8 === good ? "0.9" : "0.2";
      return Array.from({ length: 5 }, () => gold(output, good, `g${at}`));
    }).flat();
    const { measured, rows } = await calibrate(evaluator, grouped, { target: { kind: "youden" }, configure });
    expect(rows.groups).toBe(60);
    expect(measured.truePassRate.designEffect).toBeCloseTo(5, 10);
    expect(measured.truePassRate.total).toBe(150);
    const share = measured.truePassRate.successes / 5;
    expect(measured.truePassRate.interval[0]).toBeCloseTo(wilsonInterval(share, 30)[0], 10);
  });

  test("takes a row that stands in the file many times for one row", async () => {
    const once = [...noisy(60), gold("0.9", true, "kept")];
    const often = once.flatMap((row) =>
      Array.from({ length: 10 }, (_, at) =>
        row.group === "group kept" ? row : { ...row, group: `${row.group} ${at}` },
      ),
    );
    const make = (rows: readonly GoldRow[]) => calibrate(evaluator, rows, { target: { kind: "youden" }, configure });
    const [short, long] = [await make(once), await make(often)];
    expect(long.rows).toMatchObject({ scored: 610, groups: 61 });
    expect(long.measured.truePassRate.designEffect).toBeCloseTo(10, 10);
    expect(long.atThreshold.truePassRate.interval[0]).toBeCloseTo(short.atThreshold.truePassRate.interval[0], 10);
    expect(long.measured.trueFailRate.total / 10).toBe(short.measured.trueFailRate.total);
  });

  test("shows no precision by one good row that was copied", async () => {
    const copies = (output: string, good: boolean) =>
      Array.from({ length: 100 }, (_, at) => toGoldRow({ output, label: good ? 1 : 0 }, good ? at : 100 + at));
    const rows = [...copies("0.9", true), ...copies("0.1", false)];
    const card = await calibrate(evaluator, rows, { target: { kind: "precision", value: 0.95 }, configure });
    expect(card).toMatchObject({ reached: "unsure", rows: { groups: 2 } });
    expect(card.measured.truePassRate).toMatchObject({ successes: 100, total: 100, designEffect: 100 });
    expect(card.measured.truePassRate.interval).toEqual(wilsonInterval(1, 1));
  });

  test("says what it cannot show, what it cannot reach, and what it shows", async () => {
    const make = (rows: readonly GoldRow[], target: { kind: "precision" | "fpr"; value: number }) =>
      calibrate(evaluator, rows, { target, configure });
    const few = [...repeat(40, "0.9", true), ...repeat(20, "0.2", false)];
    expect((await make(few, { kind: "precision", value: 0.95 })).reached).toBe("unsure");
    const poor = ["0.9", "0.5", "0.1"].flatMap((score) => [...repeat(60, score, true), ...repeat(60, score, false)]);
    expect((await make(poor, { kind: "precision", value: 0.95 })).reached).toBe("no");
    expect((await make(few, { kind: "fpr", value: 0.2 })).reached).toBe("yes");
  });

  test("lets code err in the band's outside as often as precision leaves, or as it is told", async () => {
    const rows = [
      ...repeat(92, "0.9", true),
      ...repeat(8, "0.9", false),
      ...repeat(50, "0.2", false),
      ...repeat(20, "0.1", false),
    ];
    const bandWith = async (options: object) =>
      (await calibrate(evaluator, rows, { target: { kind: "youden" }, configure, ...options })).band;
    expect(await bandWith({})).toMatchObject({ high: 1 });
    expect(await bandWith({ bandError: 0.1 })).toMatchObject({ high: 0.6 });
    expect(await bandWith({ target: { kind: "precision", value: 0.9 } })).toMatchObject({ high: 0.6 });
    expect(await bandWith({ target: { kind: "precision", value: 0.95 } })).toMatchObject({ high: 1 });
  });

  test("keeps the hash of the file that it is told", async () => {
    const sha256 = "cd".repeat(32);
    const card = await calibrate(evaluator, noisy(80), { target: { kind: "youden" }, configure, sha256 });
    expect(card.data.sha256).toBe(sha256);
    expect(Math.abs(Date.now() - Date.parse(card.madeAt))).toBeLessThan(60_000);
  });

  test("tells how far it is", async () => {
    const done: number[] = [];
    await calibrate(evaluator, noisy(60), { target: { kind: "youden" }, configure, onRow: (rows) => done.push(rows) });
    expect(done).toEqual(Array.from({ length: 60 }, (_, at) => at + 1));
  });
});

describe("giving an evaluator another threshold", () => {
  test("works for a built-in one under any name", () => {
    const [factory] = registry;
    if (!factory) throw new Error("no evaluator");
    const evaluator = factory.configure({}, "mine");
    const changed = reconfigurer(evaluator)({ threshold: 0.123 });
    expect(changed).toMatchObject({ name: "mine", options: { threshold: 0.123 } });
    expect(changed.version).toBe(factory.configure({ threshold: 0.123 }).version);
  });

  test("is refused for one that is none, with the way out", () => {
    expect(() => reconfigurer(scoreTeller.configure())).toThrow(
      '"score_teller" is no built-in evaluator, so nobody knows how to give it another threshold. Pass { configure: ({ threshold }) => … } that makes it with one.',
    );
  });
});
