import { features, featuresOf } from "./features.ts";
import type { Support } from "./support.ts";
import { weights } from "./weights.ts";

/**
 * Probability that claims are faithful to the context, 0 to 1: one minus a logistic model of the signs in `features.ts`.
 * No coefficient is negative, and no sign falls when something unsupported is added or context is taken away, so neither
 * can raise it.
 */
export function probabilityOf(supports: readonly Support[]): number {
  const values = featuresOf(supports);
  const logit = features.reduce(
    (sum, { name }, at) => sum + (weights.coefficients[name] ?? 0) * (values[at] ?? 0),
    weights.intercept,
  );
  return 1 / (1 + Math.exp(logit));
}
