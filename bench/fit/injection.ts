import { fitInjection, outOfFold, thresholdFor } from "./injection-fit.ts";
import { publicRows, everydayRows, writtenRows } from "./injection-rows.ts";
import { writeWeights } from "./write-weights.ts";

// Writes the weights of prompt_injection: `node bench/fit/injection.ts`. PurpleLlama's rows take no part in it.

const rows = publicRows();
const written = [...writtenRows(), ...everydayRows()];
const threshold = thresholdFor(rows, outOfFold(rows, written, 11));
const score = writeWeights(
  {
    path: "evaluators/safety/injection/injection-weights.ts",
    script: "bench/fit/injection.ts",
    name: "injection",
    meaning: "From this score on a wording is harmless.",
  },
  fitInjection([...rows, ...written]),
  threshold,
);
console.log(
  `${rows.length} public rows, ${written.length} written ones; threshold ${score} (logit ${threshold.toFixed(3)}).`,
);
