import { z } from "zod";

const share = z.number().min(0).max(1);
const count = z.number().int().min(0);
const interval = z.tuple([z.number(), z.number()]).readonly();
const kappaValue = z.number().min(-1).max(1);

/** A share of rows with its 95 % interval. */
const rate = z.strictObject({
  successes: count,
  total: count,
  /** Null when no row counts. */
  value: share.nullable(),
  /** Wilson's, on as many rows as there would be if groups were single rows. */
  interval,
  /** How many rows that belong together count as one; 1 for rows that stand alone. */
  designEffect: z.number().min(1),
});

export type Rate = z.output<typeof rate>;

const calibrator = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("platt"), slope: z.number().min(0), intercept: z.number() }),
  z.strictObject({
    kind: z.literal("isotonic"),
    scores: z.array(z.number()).min(1).readonly(),
    probabilities: z.array(share).min(1).readonly(),
  }),
]);

const bin = z.strictObject({ from: share, to: share, rows: count, goodRows: count, probability: share.nullable() });

const target = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.enum(["precision", "fpr"]), value: share }),
  z.strictObject({ kind: z.enum(["youden", "f1"]) }),
]);

const rates = {
  /** Good rows that passed, bad rows that failed (sensitivity and specificity of a pass). */
  truePassRate: rate,
  trueFailRate: rate,
  /** Passed rows that are good. */
  precision: rate,
};

/** What was measured on rows that had no part in choosing what is measured: what choosing in this way is worth. */
const measured = z.strictObject({
  folds: count,
  seed: z.number().int(),
  ...rates,
  balancedAccuracy: share,
  /** Agreement with the labels beyond chance, with a bootstrap interval. */
  kappa: z.strictObject({ value: kappaValue, interval }),
  /** Of the scores, with a bootstrap interval. */
  areaUnderCurve: z.strictObject({ value: share, interval }),
  calibrationError: share,
  bins: z.array(bin).readonly(),
});

/** What code decides alone outside the band. */
const band = z.strictObject({
  low: share,
  high: share,
  /** Of the scored rows. */
  decided: rate,
  /** Of the decided rows. */
  right: rate,
});

/** The form of a card; what must hold between its figures is in `contradictionIn`. */
export const figures = z.strictObject({
  format: z.literal(1),
  evaluator: z.string().min(1),
  /** Of the evaluator with the card's threshold and band: the only one that the card speaks for. */
  version: z.string().regex(/^[0-9a-f]{12}$/, "A version is 12 hexadecimal digits."),
  engine: z.enum(["local", "judge", "cascade"]),
  /** Which judge model gave the verdicts; null for code, and for a judge that does not say which it is. */
  judge: z.string().nullable(),
  target,
  /** Whether the target is reached at 95 % confidence, and one sentence why. */
  reached: z.enum(["yes", "no", "unsure"]),
  because: z.string(),
  threshold: share,
  band: band.nullable(),
  rows: z.strictObject({
    given: count,
    scored: count,
    groups: count,
    /** Among the scored rows. */
    good: count,
    bad: count,
    unscored: z.strictObject({ error: count, timeout: count, skipped: count, abstained: count }),
  }),
  /** Share of scored rows that are labelled good. */
  prevalence: share,
  measured,
  /**
   * The same rates at this very threshold, on all scored rows. The parts' thresholds differ from it and so do their rates; these
   * are of it, and a little too good, because it was chosen on the same rows.
   */
  atThreshold: z.strictObject(rates),
  calibrator,
  data: z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/, "A sha256 is 64 hexadecimal digits.") }),
  madeAt: z.iso.datetime(),
});

/** What an evaluator with a certain threshold is worth on labelled rows, and on which. */
export type EvaluatorCard = z.output<typeof figures>;
