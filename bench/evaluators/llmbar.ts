import { judgePair } from "../../evaluators/index.ts";
import type { Judge } from "../../evaluators/judge.ts";
import { majorityOf } from "../../evaluators/judge/votes.ts";
import { bootstrapInterval } from "../../evaluators/calibration/statistics.ts";
import type { Figure, Measure } from "./figure.ts";
import { readGold, readPairs, type RecordedPair, type RecordedVerdicts, readVerdicts } from "./llmbar-data.ts";

/** What the authors' judges were asked, in the order of the table below. */
export const promptings = ["Vanilla_NoRules", "Vanilla", "CoT", "Reference", "Metrics_Reference"] as const;

type Prompting = (typeof promptings)[number];

/** What one pair contributes to a row of the table. */
export interface PairResult {
  readonly id: string;
  /** Share of both orders that name the better answer. */
  readonly strong: number;
  readonly weak: number;
  /** The weak judge where its orders agree, the strong one where they do not. */
  readonly cascade: number;
  readonly escalated: boolean;
  /** What both orders of the strong judge agree on is right; undefined where they do not agree. */
  readonly consistent: boolean | undefined;
}

/** Plays recorded verdicts through `judgePair`, as a judge that keeps to the protocol. Holds what a pair came to. */
export async function replay(prompting: Prompting): Promise<PairResult[]> {
  const [gold, verdicts] = [readGold(), readVerdicts()];
  const results: PairResult[] = [];
  for (const pair of readPairs()) {
    const better = gold.get(pair.id);
    const recorded = (judge: string) => verdicts.get(`${judge}/${prompting}/${pair.id}`) ?? ["", ""];
    const [weakSaid, strongSaid] = [recorded("PaLM2"), recorded("GPT-4")];
    const weak = await judgePair(answersOf(pair), replaying(weakSaid, pair));
    const strong = await judgePair(answersOf(pair), replaying(strongSaid, pair));
    const escalated = weak.outcome !== "decided";
    results.push({
      id: pair.id,
      strong: shareRight(strongSaid, better),
      weak: shareRight(weakSaid, better),
      cascade: escalated ? shareRight(strongSaid, better) : Number(isRight(weak.preferred, better)),
      escalated,
      consistent: strong.outcome === "decided" ? isRight(strong.preferred, better) : undefined,
    });
  }
  return results;
}

function answersOf({ input, output_1: a, output_2: b }: RecordedPair) {
  return { a, b, input };
}

/** A judge that answers every question with the recorded winner of the order that it is asked in; in prose where there is none. */
function replaying([ab, ba]: RecordedVerdicts, { output_1 }: RecordedPair): Judge {
  return ({ messages }) => {
    const prompt = messages.at(-1)?.content ?? "";
    const { first_answer } = JSON.parse(/^<sample-\w+>\n(.*)$/m.exec(prompt)?.[1] ?? "{}") as { first_answer?: string };
    const isSwapped = first_answer !== output_1;
    const winner = isSwapped ? ba : ab;
    const verdict = (winner === "1") === isSwapped ? "second" : "first";
    const [, nonce] = /^Nonce: (\w+)$/m.exec(prompt) ?? [];
    const text = JSON.stringify({ nonce, criteria: { better: { evidence: "as recorded", verdict } } });
    return Promise.resolve({
      text: winner === "" ? "It depends." : text,
      model: "recorded",
      usage: null,
      costUsd: null,
    });
  };
}

function shareRight(said: RecordedVerdicts, better: string | undefined): number {
  return said.filter((winner) => winner === better).length / said.length;
}

function isRight(preferred: string | null, better: string | undefined): boolean {
  return preferred === (better === "1" ? "a" : "b");
}

/** Every way of prompting but the one without rules. */
const voters = promptings.filter((prompting) => prompting !== "Vanilla_NoRules");

/** What eight verdicts of the strong judge come to: four ways of prompting in two orders. */
export interface Vote {
  readonly id: string;
  /** 1 where most of them are right, a half where there is no majority. */
  readonly right: number;
  /** All eight agree, and on what is right; undefined where they do not all agree. */
  readonly unanimous: boolean | undefined;
}

export function votes(): Vote[] {
  const verdicts = readVerdicts();
  return [...readGold()].map(([id, better]) => {
    const said = voters.flatMap((prompting) => verdicts.get(`GPT-4/${prompting}/${id}`) ?? []);
    const majority = majorityOf(said.filter((winner) => winner !== ""));
    const right = majority?.winner === better;
    return {
      id,
      right: majority ? Number(right) : 0.5,
      unanimous: majority?.votes === said.length ? right : undefined,
    };
  });
}

/** What these recorded verdicts came to before: every number must come out again. */
export const published: Readonly<Record<Prompting, readonly [number, number, number, number, number, number]>> = {
  Vanilla_NoRules: [76.5, 64.4, 71.6, 25.3, 91.2, 79.1],
  Vanilla: [84.5, 69.8, 80.1, 28.4, 92.8, 87.1],
  CoT: [81.3, 58.6, 75.7, 54.2, 89.3, 85.0],
  Reference: [85.8, 71.7, 81.6, 27.4, 90.7, 89.5],
  Metrics_Reference: [87.2, 74.5, 83.2, 25.1, 91.6, 90.6],
};

export const publishedVote = { right: 85.6, coverage: 78.3, unanimous: 92.1 } as const;

const columns: readonly (readonly [string, (rows: readonly PairResult[]) => number])[] = [
  ["GPT-4, accuracy %", (rows) => mean(rows.map(({ strong }) => strong))],
  ["PaLM2, accuracy %", (rows) => mean(rows.map(({ weak }) => weak))],
  ["cascade PaLM2 to GPT-4, accuracy %", (rows) => mean(rows.map(({ cascade }) => cascade))],
  ["cascade, escalated %", (rows) => mean(rows.map(({ escalated }) => Number(escalated)))],
  ["GPT-4 where its orders agree, coverage %", (rows) => mean(rows.map((row) => Number(row.consistent !== undefined)))],
  ["GPT-4 where its orders agree, accuracy %", (rows) => mean(rows.flatMap((row) => row.consistent ?? []).map(Number))],
];

/** The numbers of one row of the table, in percent. */
export function rowOf(results: readonly PairResult[]): readonly number[] {
  return columns.map(([, statistic]) => statistic(results));
}

export function voteRow(all: readonly Vote[]): { readonly [Key in keyof typeof publishedVote]: number } {
  const unanimous = all.flatMap((vote) => vote.unanimous ?? []).map(Number);
  return {
    right: mean(all.map(({ right }) => right)),
    coverage: (100 * unanimous.length) / all.length,
    unanimous: mean(unanimous),
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : (100 * values.reduce((sum, value) => sum + value, 0)) / values.length;
}

/** Swap, cascade and vote on recorded verdicts. */
export const llmbar: Measure = {
  name: "llmbar",
  reads: ["llmbar"],
  async run() {
    const figures: Figure[] = [];
    for (const prompting of promptings) figures.push(...figuresOf(prompting, await replay(prompting)));
    return [...figures, ...voteFigures(votes())];
  },
};

const how =
  "Nothing fitted. Verdicts that the authors of LLMBar recorded, played through judgePair by a judge that keeps to the protocol: both orders, disagreement abstains. Intervals by bootstrap over pairs.";

function figuresOf(prompting: Prompting, results: readonly PairResult[]): Figure[] {
  return columns.map(([metric, statistic], index) => ({
    measure: "pairwise judging",
    set: `LLMBar, ${prompting}`,
    rows: results.length,
    metric,
    value: statistic(results),
    interval: bootstrapInterval(
      results.map((row) => [row]),
      statistic,
    ),
    how,
    equals: published[prompting][index] ?? Number.NaN,
  }));
}

function voteFigures(all: readonly Vote[]): Figure[] {
  const names = { right: "vote, accuracy %", coverage: "unanimous, coverage %", unanimous: "unanimous, accuracy %" };
  return (["right", "coverage", "unanimous"] as const).map((key) => ({
    measure: "pairwise judging",
    set: "LLMBar, 4 promptings × 2 orders of GPT-4",
    rows: all.length,
    metric: names[key],
    value: voteRow(all)[key],
    interval: bootstrapInterval(
      all.map((vote) => [vote]),
      (rows: readonly Vote[]) => voteRow(rows)[key],
    ),
    how: "Nothing fitted. The majority of eight recorded verdicts; a pair without one counts a half. Every prompting but Vanilla_NoRules.",
    equals: publishedVote[key],
  }));
}
