/** The fitted model of local faithfulness. Written by bench/fit/faithfulness.ts: do not edit. */
export interface Weights {
  readonly date: string;
  /** The rows it was fitted on, with their sha256. */
  readonly data: Readonly<Record<string, string>>;
  /** Of the scores that models gave to rows of unseen sources: the highest at which F1 on hallucinations is within half a point of the best, rounded down to 0.05. */
  readonly threshold: number;
  /** Of the same scores: nine in ten rows below are bad, nine in ten above are good. */
  readonly band: readonly [number, number];
  /** Logarithm of the odds of being unfaithful without any sign of it. */
  readonly intercept: number;
  /** By which each sign raises them; never negative. */
  readonly coefficients: Readonly<Record<string, number>>;
}

export const weights: Weights = {
  date: "2026-11-23",
  data: {
    "ragtruth/ragtruth_qa.dev.jsonl": "65d3d4781c41f76b70a711cf8ea5d1b0cd2de12f71a4bba35c8ee8fedf629c2e",
    "ragtruth/ragtruth_summary.dev.jsonl": "415f80f9eaf940d5c1a3528a1e334145d1770fcd94fee14bd440260ac7addf07",
    "ragtruth/ragtruth_data2txt.dev.jsonl": "6e06dee1315d5558a7f87b21f1495d60312bfb4300b110b9bcfc27970e22d32a",
    "wice/claim_dev.jsonl": "67531ca79bde4c81d3752fb69d9cb0d3d6763de5c3028f548b83ef053a6f8042",
  },
  threshold: 0.7,
  band: [0.15, 0.84],
  intercept: -3.2755,
  coefficients: {
    invented: 2.6,
    foreign: 1.3,
    missing_numbers: 0.2884,
    opposed: 3.5,
    denied: 4.0281,
    unknown: 2.3616,
    hours: 2.3722,
    weakest_claims: 0.3027,
    worst_gap: 0.307,
    worst_scatter: 0.3133,
    worst_pairs: 0.5856,
    longest_run: 0.7968,
  },
};
