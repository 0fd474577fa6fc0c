/** Rows whose probability fell into one stretch. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** Mean probability that was given, and share of rows that were good. NaN of no rows. */
  readonly probability: number;
  readonly good: number;
  readonly goodRows: number;
}

/** Rows by given probability in stretches of equal width, the last one with its upper end (Guo et al. 2017). */
export function reliabilityBins(
  probabilities: readonly number[],
  labels: readonly boolean[],
  bins = 10,
): readonly ReliabilityBin[] {
  const members = Array.from({ length: bins }, (): { probability: number; good: boolean }[] => []);
  for (const [at, probability] of probabilities.entries()) {
    members[Math.min(bins - 1, Math.floor(probability * bins))]?.push({ probability, good: labels[at] === true });
  }
  return members.map((rows, at) => {
    const goodRows = rows.filter(({ good }) => good).length;
    const sum = rows.reduce((total, { probability }) => total + probability, 0);
    return {
      from: at / bins,
      to: (at + 1) / bins,
      rows: rows.length,
      probability: sum / rows.length,
      good: goodRows / rows.length,
      goodRows,
    };
  });
}

/**
 * Expected calibration error: by how much the given probabilities differ from what came true, over stretches of equal width
 * weighted by rows (Naeini, Cooper and Hauskrecht 2015). 0 is perfect. NaN of no rows.
 */
export function expectedCalibrationError(
  probabilities: readonly number[],
  labels: readonly boolean[],
  bins = 10,
): number {
  const filled = reliabilityBins(probabilities, labels, bins).filter(({ rows }) => rows > 0);
  const total = filled.reduce((sum, { probability, good, rows }) => sum + rows * Math.abs(probability - good), 0);
  return total / probabilities.length;
}
