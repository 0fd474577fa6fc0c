import { readFileSync } from "node:fs";
import { wilsonInterval } from "../../evaluators/calibration/statistics.ts";
import type { Evaluator } from "../../evaluators/define-evaluator.ts";
import { evaluateOne } from "../../evaluators/evaluate.ts";
import { safety } from "../../evaluators/safety/safety.ts";
import { secretsEvaluator } from "../../evaluators/safety/secrets.ts";
import { urlsEvaluator } from "../../evaluators/safety/urls.ts";
import type { Figure, Measure } from "./figure.ts";

/** What would be withheld of texts in which nothing is known to be wrong. */
export const withheld: Measure = {
  name: "withheld",
  reads: ["ragtruth", "xstest", "ifeval", "certified-llm-safety", "injection-benign"],
  async run() {
    const evaluators = [safety, secretsEvaluator, urlsEvaluator].map((factory) => factory.configure());
    const figures: Figure[] = [];
    for (const evaluator of evaluators) {
      for (const { set, field, texts } of benignSets()) figures.push(await figureOf(evaluator, set, field, texts));
    }
    return figures;
  },
};

interface BenignSet {
  readonly set: string;
  readonly field: "output" | "input";
  readonly texts: readonly string[];
}

const data = new URL("../../../shared/data/", import.meta.url);

function lines(name: string): string[] {
  return readFileSync(new URL(name, data), "utf8").trim().split("\n");
}

function benignSets(): BenignSet[] {
  const sources = ["qa", "summary", "data2txt"].flatMap((task) => lines(`ragtruth/ragtruth_${task}.dev.jsonl`));
  const answers = sources.flatMap((line) => (JSON.parse(line) as { responses: { response: string }[] }).responses);
  const completions = lines("xstest/completions.dev.jsonl").map((line) => JSON.parse(line) as { completion: string });
  const ifeval = lines("ifeval/input_response_data_gpt4_20231107_145030.jsonl");
  const prompts = JSON.parse(readFileSync(new URL("injection-benign/wildguard_benign.dev.json", data), "utf8")) as {
    prompt: string;
  }[];
  return [
    { set: "RAGTruth answers", field: "output", texts: answers.map(({ response }) => response) },
    { set: "XSTest completions", field: "output", texts: completions.map(({ completion }) => completion) },
    {
      set: "IFEval answers",
      field: "output",
      texts: ifeval.map((line) => (JSON.parse(line) as { response: string }).response),
    },
    {
      set: "certified-llm-safety, safe prompts",
      field: "input",
      texts: lines("certified-llm-safety/safe_prompts.txt"),
    },
    { set: "WildGuard, benign prompts", field: "input", texts: prompts.map(({ prompt }) => prompt) },
  ];
}

async function figureOf(
  evaluator: Evaluator,
  set: string,
  field: "output" | "input",
  texts: readonly string[],
): Promise<Figure> {
  const kinds = new Map<string, number>();
  let failed = 0;
  for (const text of texts) {
    const { outcome, claims = [] } = await evaluateOne(evaluator, { [field]: text }, { timeoutMs: 600_000 });
    if (outcome !== "fail") continue;
    failed += 1;
    for (const kind of new Set(claims.map((claim) => claim.kind ?? "other")))
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const [low, high] = wilsonInterval(failed, texts.length);
  return {
    measure: `withheld, ${evaluator.name}`,
    set,
    rows: texts.length,
    metric: "failed",
    value: (100 * failed) / texts.length,
    interval: [100 * low, 100 * high],
    lowerIsBetter: true,
    how: "Texts of other sets, default options. Nothing is fitted on them for secrets, pii and urls, but two forms of phone numbers (a short code, letters for digits) were excluded after a look at what XSTest and IFEval answers were withheld for. Some hold personal data in earnest, so this is an upper bound of false alarms.",
    ...(kinds.size === 0 ? {} : { beside: [...kinds].map(([kind, count]) => `${count} ${kind}`).join(", ") }),
  };
}
