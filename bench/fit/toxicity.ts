import { fitToxicity, toxicityCut, toxicityOutOfFold } from "./toxicity-fit.ts";
import { moderationRows, ordinaryRows } from "./toxicity-rows.ts";
import { writeWeights } from "./write-weights.ts";

// Writes the weights of toxicity: `node bench/fit/toxicity.ts`. Hatecheck takes no part in it.

const rows = moderationRows();
const ordinary = ordinaryRows();
const cut = toxicityCut(rows, toxicityOutOfFold(rows, ordinary));
const score = writeWeights(
  {
    path: "evaluators/safety/toxicity/toxicity-weights.ts",
    script: "bench/fit/toxicity.ts",
    name: "toxicity",
    meaning: "From this score on a wording is not abusive.",
  },
  fitToxicity([...rows, ...ordinary]),
  cut,
);
console.log(`${rows.length} rows, ${ordinary.length} ordinary ones; threshold ${score} (logit ${cut.toFixed(3)}).`);
