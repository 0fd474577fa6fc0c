/** One measured number with everything that a reader needs to trust it. */
export interface Figure {
  /** What was measured: `faithfulness, local`. */
  readonly measure: string;
  /** On which rows: `RAGTruth qa`. */
  readonly set: string;
  readonly rows: number;
  /** `AUC`, `F1`, `recall at 2 % false positives`, … */
  readonly metric: string;
  /** As shown: percentages from 0 to 100. NaN where it could not be measured; `how` then says why. */
  readonly value: number;
  /** 95 % interval, in the same unit. */
  readonly interval?: readonly [low: number, high: number];
  /** What was demanded at least (at most, where lower is better), and what was hoped for. */
  readonly floor?: number;
  readonly aim?: number;
  readonly lowerIsBetter?: boolean;
  /** What it must be equal to, to 0.1. */
  readonly equals?: number;
  /** What was fitted on what, how the rows were divided, how the threshold was set. */
  readonly how: string;
  /** Published figures and those of peers on the same rows, each with its source. */
  readonly beside?: string;
}

/** A part of `npm run bench:evaluators`. */
export interface Measure {
  /** The word after `--only`. */
  readonly name: string;
  /** Folders of `../shared/data` that it reads; it is skipped loudly when one is missing. */
  readonly reads: readonly string[];
  run(): Promise<readonly Figure[]>;
}
