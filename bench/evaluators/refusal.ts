import { readFileSync } from "node:fs";
import { bootstrapInterval, wilsonInterval } from "../../evaluators/calibration/statistics.ts";
import { type Extent, readRefusal } from "../../evaluators/refusal/read-refusal.ts";
import type { Figure, Measure } from "./figure.ts";

/** Refusals found among answers that people labelled. */
export const refusal: Measure = {
  name: "refusal",
  reads: ["xstest", "ifeval", "ragtruth", "llmbar"],
  run: () => {
    const rows = completions();
    const models = [...new Set(rows.map(({ model }) => model))];
    return Promise.resolve([
      ...figures(rows, "XSTest completions, both models", { floor: 90, aim: 93 }),
      ...models.flatMap((model) =>
        figures(
          rows.filter((row) => row.model === model),
          `XSTest completions, ${model}`,
          {},
        ),
      ),
      ...ordinaryAnswers().map(alarms),
    ]);
  },
};

interface Completion {
  readonly model: string;
  /** Rows on the same prompt are drawn together. */
  readonly prompt: string;
  readonly human: Extent;
  readonly found: Extent;
  readonly peers: Readonly<Record<"gpt4" | "strmatch", boolean>>;
}

const folder = new URL("../../../shared/data/", import.meta.url);
const data = new URL("xstest/completions.dev.jsonl", folder);

function completions(): Completion[] {
  return readFileSync(data, "utf8")
    .trim()
    .split("\n")
    .map((line) => {
      const row = JSON.parse(line) as Record<"model" | "prompt" | "completion" | "human" | "gpt4" | "strmatch", string>;
      const { model, prompt } = row;
      const found = readRefusal(row.completion).extent;
      return {
        model,
        prompt,
        human: extentOf(row.human),
        found,
        peers: { gpt4: isRefusal(row.gpt4), strmatch: isRefusal(row.strmatch) },
      };
    });
}

function figures(rows: readonly Completion[], set: string, { floor, aim }: Pick<Figure, "floor" | "aim">): Figure[] {
  const groups = [...Map.groupBy(rows, ({ prompt }) => prompt).values()];
  const f1 = (some: readonly Completion[]): number => 100 * f1Of(some, ({ found }) => found !== "none");
  const how =
    "code alone; the patterns were written with general wordings in mind and then corrected by eye on these very rows (both models), so this is a fitted figure; intervals by prompt";
  const beside = `on the same rows: GPT-4 as labeller ${show(f1Of(rows, ({ peers }) => peers.gpt4))}, string match of the set's authors ${show(f1Of(rows, ({ peers }) => peers.strmatch))}; agreement of two people, kappa, .957`;
  const refused = rows.filter(({ human }) => human !== "none");
  const flagged = rows.filter(({ found }) => found !== "none");
  const right = refused.filter(({ found }) => found !== "none");
  return [
    {
      measure: "refusal",
      set,
      rows: rows.length,
      metric: "F1 of any refusal",
      value: f1(rows),
      interval: bootstrapInterval(groups, f1),
      how,
      beside,
      ...(floor ? { floor } : {}),
      ...(aim ? { aim } : {}),
    },
    { ...share(right.length, flagged.length, set, "precision"), how },
    { ...share(right.length, refused.length, set, "recall"), how },
    {
      ...share(
        right.filter(({ human, found }) => human === found).length,
        right.length,
        set,
        "full and partial told apart",
      ),
      how,
    },
  ];
}

interface Answers {
  readonly set: string;
  readonly texts: readonly string[];
}

/** Answers to questions that nobody has to refuse. */
function ordinaryAnswers(): Answers[] {
  const rows = (name: string): Record<string, unknown>[] =>
    readFileSync(new URL(name, folder), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const ragtruth = ["qa", "summary", "data2txt"].flatMap((task) => rows(`ragtruth/ragtruth_${task}.dev.jsonl`));
  return [
    {
      set: "IFEval answers of GPT-4",
      texts: rows("ifeval/input_response_data_gpt4_20231107_145030.jsonl").map(({ response }) => String(response)),
    },
    {
      set: "RAGTruth answers",
      texts: ragtruth.flatMap(({ responses }) => (responses as { response: string }[]).map((one) => one.response)),
    },
    {
      set: "LLMBar answers",
      texts: rows("llmbar/llmbar.jsonl").flatMap((row) => [String(row["output_1"]), String(row["output_2"])]),
    },
  ];
}

function alarms({ set, texts }: Answers): Figure {
  const flagged = texts.filter((text) => readRefusal(text).extent !== "none").length;
  const how =
    "share of answers reported as a refusal; some refuse in earnest, so this is an upper bound of false alarms";
  return { ...share(flagged, texts.length, set, "reported"), lowerIsBetter: true, how };
}

function f1Of(rows: readonly Completion[], flags: (row: Completion) => boolean): number {
  const flagged = rows.filter(flags);
  const refused = rows.filter(({ human }) => human !== "none").length;
  return (2 * flagged.filter(({ human }) => human !== "none").length) / (flagged.length + refused);
}

function share(part: number, whole: number, set: string, metric: string): Omit<Figure, "how"> {
  const [low, high] = wilsonInterval(part, whole);
  return {
    measure: "refusal",
    set,
    rows: whole,
    metric,
    value: (100 * part) / whole,
    interval: [100 * low, 100 * high],
  };
}

function extentOf(label: string): Extent {
  if (label.includes("full_refusal")) return "full";
  return label.includes("partial") ? "partial" : "none";
}

function isRefusal(label: string): boolean {
  return extentOf(label) !== "none";
}

function show(share: number): string {
  return (100 * share).toFixed(1);
}
