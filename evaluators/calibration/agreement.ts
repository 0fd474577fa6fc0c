/** Counts of two raters' verdicts on the same rows: `table[i][j]` rows that the first put into class i and the second into class j. */
export type AgreementTable = readonly (readonly number[])[];

/**
 * Agreement beyond chance of two raters (Cohen 1960): 1 for full agreement, 0 for what chance gives, negative for less. NaN for
 * no rows and where both raters know one class only, because then chance agrees fully.
 */
export function cohensKappa(table: AgreementTable): number {
  const { total, observed, expected } = agreementOf(table);
  return (observed / total - expected) / (1 - expected);
}

/**
 * Standard error of kappa in large samples, for intervals (Fleiss, Cohen and Everitt 1969, equation 13; not the one for the
 * test of no agreement). NaN where kappa is.
 */
export function kappaStandardError(table: AgreementTable): number {
  const { total, expected, rows, columns } = agreementOf(table);
  const kappa = cohensKappa(table);
  let variance = -((kappa - expected * (1 - kappa)) ** 2);
  for (const [i, counts] of table.entries()) {
    for (const [j, count] of counts.entries()) {
      const margins = (columns[i] ?? 0) + (rows[j] ?? 0);
      const weight = i === j ? 1 - margins * (1 - kappa) : margins * (1 - kappa);
      variance += (count / total) * weight ** 2;
    }
  }
  // Full agreement leaves a rounding error of either sign.
  return Math.sqrt(Math.max(0, variance) / total) / (1 - expected);
}

interface Agreement {
  readonly total: number;
  readonly observed: number;
  readonly expected: number;
  /** Shares of the classes by the first rater, by the second. */
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

function agreementOf(table: AgreementTable): Agreement {
  const total = sumOf(table.flat());
  const rows = table.map((counts) => sumOf(counts) / total);
  const columns = table.map((_, j) => sumOf(table.map((counts) => counts[j] ?? 0)) / total);
  const observed = sumOf(table.map((counts, i) => counts[i] ?? 0));
  const expected = sumOf(rows.map((share, i) => share * (columns[i] ?? 0)));
  return { total, observed, expected, rows, columns };
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}

/** Verdicts beside labels. "Positive" is a pass, everywhere in this folder. */
export interface Confusion {
  /** Good rows that passed, good rows that failed. */
  readonly truePass: number;
  readonly falseFail: number;
  /** Bad rows that failed, bad rows that passed. */
  readonly trueFail: number;
  readonly falsePass: number;
}

/** Counts verdicts beside labels, both true for pass. */
export function confusionOf(rows: readonly { readonly good: boolean; readonly passed: boolean }[]): Confusion {
  const count = (good: boolean, passed: boolean): number =>
    rows.filter((row) => row.good === good && row.passed === passed).length;
  return {
    truePass: count(true, true),
    falseFail: count(true, false),
    trueFail: count(false, false),
    falsePass: count(false, true),
  };
}

/** Mean of the shares of good rows that passed and of bad rows that failed; 0.5 is chance. NaN without one of the kinds. */
export function balancedAccuracy({ truePass, falseFail, trueFail, falsePass }: Confusion): number {
  return (truePass / (truePass + falseFail) + trueFail / (trueFail + falsePass)) / 2;
}

/** Kappa between verdicts and labels. */
export function kappaOf({ truePass, falseFail, trueFail, falsePass }: Confusion): number {
  return cohensKappa([
    [truePass, falsePass],
    [falseFail, trueFail],
  ]);
}
