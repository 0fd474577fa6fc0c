import { mkdirSync, writeFileSync } from "node:fs";
import { toSvg } from "../../evaluators/calibration/plot.ts";
import { fitCalibrator, probabilityOf } from "../../evaluators/calibration/probability.ts";
import { bootstrapInterval } from "../../evaluators/calibration/statistics.ts";
import { crossValidated, type Predicted, seen } from "../fit/faithfulness.ts";
import { ragTruthRows, wiceRows } from "../fit/faithfulness-rows.ts";
import type { Figure, Measure } from "./figure.ts";

/** What local faithfulness in front of a judge saves, for simulated judges of known accuracy, on RAGTruth. */
export const cascade: Measure = {
  name: "cascade",
  reads: ["ragtruth", "wice"],
  run() {
    const rows = sureness(
      crossValidated(seen([...ragTruthRows(), ...wiceRows()])).filter(({ task }) => task !== "wice"),
    );
    const judges = [0.8, 0.85, 0.9];
    writePlot(judges.map((judge) => ({ judge, points: curveOf(rows, judge) })));
    return Promise.resolve(judges.flatMap((judge) => figuresOf(rows, judge)));
  },
};

/** A row with what code would decide about it, and how sure it is. */
interface Sure {
  readonly source: string;
  readonly fold: number;
  readonly isRight: boolean;
  /** Distance of the probability from one half. */
  readonly sureness: number;
}

const how =
  "Local scores out of fold (five folds by source, weights fitted on the other four); probabilities and the band fitted on the other four folds too. A simulated judge is right on a row with its balanced accuracy, whatever the row: its verdicts count with that chance, which is the mean over all simulations. Real judges err on the rows on which code errs, so a real cascade saves less.";

/** Probabilities by a calibrator that has not seen the row's fold. */
function sureness(rows: readonly Predicted[]): readonly Sure[] {
  const folds = [...new Set(rows.map(({ fold }) => fold))];
  return folds.flatMap((fold) => {
    const others = rows.filter((row) => row.fold !== fold).map(({ score, bad }) => ({ score, good: !bad }));
    const calibrator = fitCalibrator(others);
    return rows
      .filter((row) => row.fold === fold)
      .map(({ source, score, bad }) => {
        const probability = probabilityOf(calibrator, score);
        return { source, fold, isRight: probability >= 0.5 !== bad, sureness: Math.abs(probability - 0.5) };
      });
  });
}

/** Points of accuracy that a cascade may lose against asking the judge about every row. */
const allowedLoss = 0.01;

/** What the cascade does with a row: whether the call was saved, and how likely the verdict is right. */
interface Decided {
  readonly source: string;
  readonly saved: number;
  readonly right: number;
}

function figuresOf(rows: readonly Sure[], judge: number): readonly Figure[] {
  const folds = [...new Set(rows.map(({ fold }) => fold))];
  const decided = folds.flatMap((fold) => {
    const least = leastSureness(
      rows.filter((row) => row.fold !== fold),
      judge,
    );
    return rows.filter((row) => row.fold === fold).map((row) => decide(row, judge, least));
  });
  const groups = [...Map.groupBy(decided, ({ source }) => source).values()];
  const base = {
    set: `RAGTruth, judge of ${percent(judge)} % balanced accuracy`,
    measure: "faithfulness, cascade",
    rows: decided.length,
    how,
  };
  const figure = (metric: string, statistic: (rows: readonly Decided[]) => number): Figure => {
    const [low, high] = bootstrapInterval(groups, statistic);
    return { ...base, metric, value: 100 * statistic(decided), interval: [100 * low, 100 * high] };
  };
  return [
    figure("judge calls saved at ≤ 1 point lost", (some) => mean(some.map(({ saved }) => saved))),
    figure("accuracy lost, points", (some) => judge - mean(some.map(({ right }) => right))),
  ];
}

function decide({ source, isRight, sureness: sure }: Sure, judge: number, least: number): Decided {
  return sure >= least ? { source, saved: 1, right: isRight ? 1 : 0 } : { source, saved: 0, right: judge };
}

/** How sure code must be so that, on these rows, the cascade loses no more than is allowed and asks as seldom as it can. */
function leastSureness(rows: readonly Sure[], judge: number): number {
  let lost = 0;
  let least = Infinity;
  for (const { sureness: sure, isRight } of surestFirst(rows)) {
    lost += judge - (isRight ? 1 : 0);
    if (lost <= allowedLoss * rows.length) least = sure;
  }
  return least;
}

function surestFirst(rows: readonly Sure[]): readonly Sure[] {
  return rows.toSorted((a, b) => b.sureness - a.sureness);
}

const steps = 20;

/** Accuracy of the whole when code decides the surest share of rows by itself, with intervals by source. */
function curveOf(rows: readonly Sure[], judge: number) {
  return Array.from({ length: steps + 1 }, (_, at) => {
    const share = at / steps;
    const surest = new Set(surestFirst(rows).slice(0, Math.round(share * rows.length)));
    const decided = rows.map((row) => decide(row, judge, surest.has(row) ? 0 : Infinity));
    const accuracy = (some: readonly Decided[]): number => mean(some.map(({ right }) => right));
    const groups = [...Map.groupBy(decided, ({ source }) => source).values()];
    const [low, high] = at === 0 ? [judge, judge] : bootstrapInterval(groups, accuracy, { rounds: 400 });
    return { x: 100 * share, y: 100 * accuracy(decided), low: 100 * low, high: 100 * high };
  });
}

function writePlot(curves: readonly { readonly judge: number; readonly points: ReturnType<typeof curveOf> }[]): void {
  const folder = new URL("../../docs/images/", import.meta.url);
  const words = curves.map(({ judge, points }) => {
    const at = (share: number): string => (points.find(({ x }) => x === share)?.y ?? Number.NaN).toFixed(1);
    return `With a judge of ${percent(judge)} %: ${at(0)} % at no call saved, ${at(25)} % at a quarter, ${at(50)} % at half, ${at(100)} % by code alone.`;
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    new URL("cascade.svg", folder),
    toSvg({
      title: "Accuracy of a cascade by judge calls saved",
      description: `RAGTruth development rows, local scores out of fold, simulated judges. ${words.join(" ")}`,
      x: { label: "rows that code decides, the surest first, in %", from: 0, to: 100, ticks: [0, 20, 40, 60, 80, 100] },
      y: { label: "right verdicts in %, 95 % interval", from: 65, to: 95, ticks: [65, 70, 75, 80, 85, 90, 95] },
      series: curves.map(({ judge, points }) => ({
        name: `judge of ${percent(judge)} %`,
        kind: "line" as const,
        points,
      })),
      guides: curves.map(({ judge }) => ({ from: [0, 100 * judge] as const, to: [100, 100 * judge] as const })),
    }),
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(share: number): string {
  return String(Math.round(100 * share));
}
