import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { type FittedModel, toModelData } from "./hashed-logistic.ts";

export interface WeightsFile {
  /** From the root of the repository. */
  readonly path: string;
  /** The script that writes it, and the word with which its constants begin. */
  readonly script: string;
  readonly name: string;
  /** What the threshold means, as a sentence. */
  readonly meaning: string;
}

/** Writes a model and its threshold, a logit, as a file of TypeScript. Returns the threshold as a score, 1 being harmless. */
export function writeWeights(
  { path, script, name, meaning }: WeightsFile,
  model: FittedModel,
  threshold: number,
): number {
  const { weights, scales, bias } = toModelData(model);
  const score = Number((1 / (1 + Math.exp(threshold))).toFixed(3));
  const digest = createHash("sha256")
    .update(JSON.stringify([weights, scales, bias]))
    .digest("hex")
    .slice(0, 16);
  writeFileSync(
    new URL(`../../${path}`, import.meta.url),
    `import type { LinearModelData } from "../../linear/linear-model.ts";

// Written by ${script}: fit again instead of editing.

/** ${meaning} */
export const ${name}Threshold = ${score};

/** First digits of a sha256 of the weights, scales and bias. */
export const ${name}Digest = "${digest}";

export const ${name}Weights: LinearModelData = {
  scales: [${scales.join(", ")}],
  bias: ${bias},
  weights:
    "${weights}",
};
`,
  );
  return score;
}
