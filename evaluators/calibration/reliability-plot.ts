import type { EvaluatorCard } from "./card.ts";
import { toSvg } from "./plot.ts";
import { wilsonInterval } from "./statistics.ts";

const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** Given probability against the share that was really good, as SVG; on the dashed line every probability would mean what it says. */
export function reliabilityPlot({ evaluator, measured: { bins, calibrationError } }: EvaluatorCard): string {
  const points = bins.flatMap(({ probability, rows, goodRows }) => {
    if (probability === null) return [];
    const [low, high] = wilsonInterval(goodRows, rows);
    return [{ x: probability, y: goodRows / rows, low, high, rows }];
  });
  const words = points.map(({ x, y, rows }) => `${x.toFixed(2)} given, ${y.toFixed(2)} good (${rows} rows)`);
  return toSvg({
    title: `${evaluator}: what its probabilities are worth`,
    description: `Expected calibration error ${calibrationError.toFixed(3)}, on rows that were left out of the fit. ${words.join("; ")}.`,
    x: { label: "probability that the row is good", from: 0, to: 1, ticks },
    y: { label: "share of rows that are good, 95 % interval", from: 0, to: 1, ticks },
    series: [{ name: "", kind: "points", points }],
    guides: [{ from: [0, 0], to: [1, 1] }],
  });
}
