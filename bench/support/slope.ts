/**
 * The straight line through points by least squares. The standard error takes neighbouring samples for dependent: it is the
 * one for independent samples times √((1+r)/(1−r)), where r is the correlation of a residual with the one before it.
 */
export function slopeOf(points: readonly (readonly [number, number])[]): {
  readonly slope: number;
  readonly standardError: number;
} {
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const squares = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / squares;
  const residuals = points.map(([x, y]) => y - meanY - slope * (x - meanX));
  const variance = residuals.reduce((sum, each) => sum + each * each, 0);
  const lagged = residuals.slice(1).reduce((sum, each, index) => sum + each * (residuals[index] ?? 0), 0);
  const correlation = Math.min(0.95, Math.max(0, lagged / variance));
  const independent = Math.sqrt(variance / (points.length - 2) / squares);
  return { slope, standardError: independent * Math.sqrt((1 + correlation) / (1 - correlation)) };
}
