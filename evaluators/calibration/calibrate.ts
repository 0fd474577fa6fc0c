import type { Evaluator } from "../define-evaluator.ts";
import { EvaluatorUsageError } from "../errors.ts";
import { judgeIdentity } from "../evaluate.ts";
import type { Engine } from "../evaluation.ts";
import { registry } from "../registry.ts";
import type { EvaluatorCard } from "./card.ts";
import type { Configure, FittedOptions } from "./cards.ts";
import { crossFit, partsOf } from "./cross-fit.ts";
import { CalibrationError } from "./errors.ts";
import { fit, type FitOptions, judge, type Judged } from "./fit.ts";
import { type GoldRun, type GoldRunOptions, runGold, type ScoredRow } from "./gold-run.ts";
import { type GoldRow, hashOf } from "./gold.ts";
import { groupsOf } from "./groups.ts";
import { measure, rateOf, ratesOf } from "./measure.ts";
import { betterThanChance, reachedOnOthers } from "./reached.ts";
import type { Target } from "./target.ts";
import type { ThresholdChoice } from "./threshold.ts";

export interface CalibrateOptions extends GoldRunOptions {
  readonly target: Target;
  /** Parts for cross-fitting; 5 when absent. */
  readonly folds?: number | undefined;
  /** Decides how rows are divided and resampled; 1 when absent. */
  readonly seed?: number | undefined;
  /** Share of rows on which code may err outside the cascade's band; 0.05 when absent, or what the target precision leaves. */
  readonly bandError?: number | undefined;
  /** Makes the evaluator with fitted options; not needed for built-in ones. */
  readonly configure?: Configure | undefined;
  /** Sha256 of the file that the rows come from; of the rows themselves when absent. */
  readonly sha256?: string | undefined;
  /** The card's date; now when absent. */
  readonly date?: Date | undefined;
}

/**
 * Runs an evaluator on labelled rows, chooses its threshold (and a cascade's band) for a target, and makes the card that says
 * what it is worth. What is chosen in the end is fitted to all rows; what is reported is measured on rows that were left out
 * (cross-fitting: each part of the rows is judged by a fit to the others). A cascade asks its judge about every row, because the
 * band is only known afterwards. Rejects with `CalibrationError` when the rows cannot carry a card: none scored, too few, or good
 * or bad ones missing.
 */
export async function calibrate(
  evaluator: Evaluator,
  rows: readonly GoldRow[],
  options: CalibrateOptions,
): Promise<EvaluatorCard> {
  const { folds = 5, seed = 1 } = options;
  if (!Number.isInteger(folds) || folds < 2)
    throw new EvaluatorUsageError(`${folds} folds are no parts to fit and measure on. Use a whole number from 2.`);
  const configure = options.configure ?? reconfigurer(evaluator);
  const { engine } = evaluator.options;
  const run = await runGold(engine === "cascade" ? configure({ band: [0, 1] }) : evaluator, rows, options);
  const parts = divided(run, folds, seed);

  const fitOptions: FitOptions = { engine, target: options.target, bandError: bandErrorOf(options) };
  const fitted = fit(run.scored, fitOptions);
  const judged = crossFit(parts, fitOptions);
  const measured = measure(judged, { folds, seed });
  const { band } = fitted;
  const settled: FittedOptions = {
    threshold: fitted.choice.threshold,
    ...(band && "band" in evaluator.options ? { band } : {}),
  };
  return {
    format: 1,
    evaluator: evaluator.name,
    version: configure(settled).version,
    engine,
    judge: identityOfJudge(evaluator, options),
    target: options.target,
    ...reachedBy(fitted.choice, judged, { engine, target: options.target }),
    threshold: fitted.choice.threshold,
    band: band && { low: band[0], high: band[1], ...worthOfBand(judged) },
    rows: countsOf(run),
    prevalence: run.scored.filter(({ good }) => good).length / run.scored.length,
    measured,
    atThreshold: ratesOf(run.scored.map((row) => judge(fitted, row, engine))),
    calibrator: fitted.calibrator,
    data: { sha256: options.sha256 ?? hashOf(rows) },
    madeAt: (options.date ?? new Date()).toISOString(),
  };
}

/** Fewer of a kind say nothing that an interval could hold. */
const fewest = 10;

function divided(run: GoldRun, folds: number, seed: number): readonly (readonly ScoredRow[])[] {
  const { scored } = run;
  if (scored.length === 0) throw new CalibrationError("nothing_scored", nothingScored(run));
  const good = scored.filter((row) => row.good).length;
  const bad = scored.length - good;
  const have = `Of ${scored.length} scored rows ${good} are labelled pass and ${bad} fail`;
  if (good === 0 || bad === 0) {
    throw new CalibrationError("one_class", `${have}; a card takes both. Add rows of the other kind.`);
  }
  if (good < fewest || bad < fewest) {
    throw new CalibrationError("too_few_rows", `${have}; a card takes at least ${fewest} of each. Label more rows.`);
  }
  const parts = partsOf(scored, folds, seed);
  if (!parts) {
    throw new CalibrationError(
      "too_few_rows",
      `${have}, in ${groupsOf(scored).length} groups: too few to divide into ${folds} parts with both kinds in the rest. Use fewer folds, or label rows of more groups.`,
    );
  }
  return parts;
}

function nothingScored({ given, unscored, firstReason }: GoldRun): string {
  const outcomes = Object.entries(unscored).filter(([, rows]) => rows > 0);
  const counts = outcomes.map(([outcome, rows]) => `${rows} ${outcome}`).join(", ");
  const said = counts ? ` (${counts}). The first one says: ${firstReason}` : ".";
  return `None of ${given} gold rows came to a score${said}`;
}

function bandErrorOf({ target, bandError }: CalibrateOptions): number {
  return bandError ?? (target.kind === "precision" ? 1 - target.value : 0.05);
}

/**
 * Where a band was fitted to the labels the tests behind the threshold no longer hold, and `youden` and `f1` name no number: both
 * are answered by the rows that were left out.
 */
function reachedBy(
  choice: ThresholdChoice,
  judged: readonly Judged[],
  { engine, target }: { readonly engine: Engine; readonly target: Target },
): Pick<EvaluatorCard, "reached" | "because"> {
  if (!("value" in target)) return betterThanChance(judged);
  if (engine === "cascade") return reachedOnOthers(judged, target);
  return { reached: choice.reached, because: choice.because };
}

function worthOfBand(judged: readonly Judged[]) {
  const decided = judged.filter((row) => row.decided !== null);
  return {
    decided: rateOf(judged, (row) => row.decided !== null),
    right: rateOf(decided, (row) => row.decided?.passed === row.good),
  };
}

function countsOf({ given, scored, unscored }: GoldRun): EvaluatorCard["rows"] {
  const good = scored.filter((row) => row.good).length;
  return {
    given,
    scored: scored.length,
    groups: groupsOf(scored).length,
    good,
    bad: scored.length - good,
    unscored: { ...unscored },
  };
}

function identityOfJudge(evaluator: Evaluator, { evaluate }: CalibrateOptions): string | null {
  return judgeIdentity(evaluator, evaluate) ?? null;
}

/** Gives a built-in evaluator, whatever its name, other options. Throws `EvaluatorUsageError` for any other one. */
export function reconfigurer({ name, options, version }: Evaluator): Configure {
  const factory = registry.find(
    (each) => each.options.safeParse(options).success && each.configure(options, name).version === version,
  );
  if (factory) return (fitted) => factory.configure({ ...options, ...fitted }, name);
  throw new EvaluatorUsageError(
    `"${name}" is no built-in evaluator, so nobody knows how to give it another threshold. Pass { configure: ({ threshold }) => … } that makes it with one.`,
  );
}
