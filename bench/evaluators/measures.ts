import { batch } from "./batch.ts";
import { bfcl } from "./bfcl.ts";
import { cascade } from "./cascade.ts";
import { coverage } from "./coverage.ts";
import { faithfulness } from "./faithfulness.ts";
import type { Measure } from "./figure.ts";
import { ifeval } from "./ifeval.ts";
import { injection } from "./injection.ts";
import { judgeAttacks } from "./judge-attacks.ts";
import { judgeParser } from "./judge-parser.ts";
import { latency } from "./latency.ts";
import { llmbar } from "./llmbar.ts";
import { peers } from "./peers.ts";
import { pii } from "./pii.ts";
import { refusal } from "./refusal.ts";
import { resume } from "./resume.ts";
import { toxicity } from "./toxicity.ts";
import { withheld } from "./withheld.ts";

/** Every part of `npm run bench:evaluators`, in the order of the tables. */
export const measures: readonly Measure[] = [
  faithfulness,
  refusal,
  injection,
  toxicity,
  pii,
  ifeval,
  bfcl,
  peers,
  judgeParser,
  judgeAttacks,
  llmbar,
  cascade,
  coverage,
  withheld,
  latency,
  batch,
  resume,
];
