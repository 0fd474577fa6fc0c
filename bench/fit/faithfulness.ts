/**
 * `node bench/fit/faithfulness.ts`: fits the weights of the local faithfulness model on the development rows of RAGTruth and
 * WiCE and writes `evaluators/faithfulness/weights.ts`. The same rows give the same weights.
 */
import { writeFileSync } from "node:fs";
import { features } from "../../evaluators/faithfulness/features.ts";
import { featuresOfRow, fittedFiles, type LabelledRow, ragTruthRows, sha256Of, wiceRows } from "./faithfulness-rows.ts";
import { fitLogistic, logitOf, type LogisticModel } from "./logistic.ts";

/** A row with what the model sees of it. */
export interface Seen extends LabelledRow {
  readonly values: readonly number[];
}

/** A row with the probability that a model gave it which had not seen its source. */
export interface Predicted extends Seen {
  readonly score: number;
  readonly fold: number;
}

export const folds = 5;

/** WiCE weighs less: single claims, of which two in three are bad, are not what answers are. */
const wiceWeight = 0.3;
const penalty = 10;

/**
 * So much at least, whatever the rows say: a number, a name or a sentence out of nowhere must fail a short answer by itself,
 * and so must a sentence of which the context says the opposite.
 */
const least: Readonly<Record<string, number>> = { invented: 2.6, foreign: 1.3, opposed: 3.5 };

/** The rows that have a claim. */
export function seen(rows: readonly LabelledRow[]): Seen[] {
  return rows.flatMap((row) => {
    const values = featuresOfRow(row);
    return values ? [{ ...row, values }] : [];
  });
}

/** Fits on some rows. */
export function fit(rows: readonly Seen[]): LogisticModel {
  return fitLogistic(
    rows.map(({ values }) => values),
    rows.map(({ bad }) => bad),
    {
      penalty,
      least: features.map(({ name }) => least[name] ?? 0),
      weights: rows.map(({ task }) => (task === "wice" ? wiceWeight : 1)),
    },
  );
}

/** Every row scored by a model that was fitted on the other four folds. */
export function crossValidated(rows: readonly Seen[]): Predicted[] {
  return Array.from({ length: folds }, (_, fold) => fold).flatMap((fold) => {
    const model = fit(rows.filter(({ source }) => foldOf(source) !== fold));
    return rows
      .filter(({ source }) => foldOf(source) === fold)
      .map((row) => ({ ...row, fold, score: scoreBy(model, row) }));
  });
}

/** Probability of being faithful. */
export function scoreBy(model: LogisticModel, { values }: Seen): number {
  return 1 / (1 + Math.exp(logitOf(model, values)));
}

/** FNV-1a of the source's name: the same fold on every machine. */
export function foldOf(source: string): number {
  let hash = 2166136261;
  for (let at = 0; at < source.length; at += 1) hash = Math.imul(hash ^ source.charCodeAt(at), 16777619) >>> 0;
  return hash % folds;
}

/** An F1 that is this little below the best is as good: which of them comes out best is chance. */
const indifference = 0.005;

/**
 * A row passes at this score or above: the highest at which hallucinations are found with an F1 that is as good as the best,
 * because a guardrail had rather find more of them than fewer.
 */
export function bestThreshold(rows: readonly { readonly score: number; readonly bad: boolean }[]): number {
  const sorted = rows.toSorted((a, b) => a.score - b.score);
  const positives = rows.filter(({ bad }) => bad).length;
  let found = 0;
  const candidates = sorted.flatMap(({ bad, score }, at) => {
    found += bad ? 1 : 0;
    const next = sorted[at + 1]?.score ?? 1;
    return next > score ? [{ f1: (2 * found) / (at + 1 + positives), threshold: (score + next) / 2 }] : [];
  });
  const best = candidates.reduce((most, { f1 }) => Math.max(most, f1), 0);
  return candidates.findLast(({ f1 }) => f1 >= best - indifference)?.threshold ?? 0.5;
}

/** Below the band nine in ten rows are bad, above it nine in ten are good; the judge is asked in between. */
function bandOf(rows: readonly Predicted[]): [number, number] {
  const sorted = rows.toSorted((a, b) => a.score - b.score);
  const shareOf = (part: readonly Predicted[], bad: boolean) =>
    part.filter((row) => row.bad === bad).length / part.length;
  const low = sorted.findLastIndex((_, at) => at >= fewest && shareOf(sorted.slice(0, at + 1), true) >= 0.9);
  const high = sorted.findIndex((_, at) => sorted.length - at >= fewest && shareOf(sorted.slice(at), false) >= 0.9);
  return [sorted[low]?.score ?? 0, sorted[high]?.score ?? 1];
}

const fewest = 30;

/** The default threshold is rounded down to a multiple of this, so that a new fit does not move it by a hair. */
const step = 0.05;

function main(): void {
  const rows = seen([...ragTruthRows(), ...wiceRows()]);
  const predicted = crossValidated(rows);
  const answers = predicted.filter(({ task }) => task !== "wice");
  const { intercept, coefficients } = fit(rows);
  const fields = {
    date: new Date().toISOString().slice(0, 10),
    data: Object.fromEntries(fittedFiles.map((file) => [file, sha256Of(file)])),
    threshold: round(Math.floor(bestThreshold(answers) / step) * step, 2),
    band: bandOf(answers).map((end) => round(end, 2)),
    intercept: round(intercept, 4),
    coefficients: Object.fromEntries(features.map(({ name }, at) => [name, round(coefficients[at] ?? 0, 4)])),
  };
  const target = new URL("../../evaluators/faithfulness/weights.ts", import.meta.url);
  writeFileSync(target, `${head}\nexport const weights: Weights = ${JSON.stringify(fields, null, 2)};\n`);
  console.log(JSON.stringify(fields, null, 2));
}

const head = `/** The fitted model of local faithfulness. Written by bench/fit/faithfulness.ts: do not edit. */
export interface Weights {
  readonly date: string;
  /** The rows it was fitted on, with their sha256. */
  readonly data: Readonly<Record<string, string>>;
  /** Of the scores that models gave to rows of unseen sources: the highest at which F1 on hallucinations is within half a point of the best, rounded down to 0.05. */
  readonly threshold: number;
  /** Of the same scores: nine in ten rows below are bad, nine in ten above are good. */
  readonly band: readonly [number, number];
  /** Logarithm of the odds of being unfaithful without any sign of it. */
  readonly intercept: number;
  /** By which each sign raises them; never negative. */
  readonly coefficients: Readonly<Record<string, number>>;
}
`;

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

if (import.meta.main) main();
