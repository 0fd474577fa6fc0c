/**
 * `npm run bench:evaluators`: the local evaluators on development rows that other people labelled, read from
 * `../shared/data` and copied nowhere. Prints a Markdown table; says so and ends when the rows are not there.
 */
import { existsSync, readFileSync } from "node:fs";
import { evaluate } from "../evaluators/index.ts";
import { areaUnderCurve } from "./support/area-under-curve.ts";

const data = new URL("../../shared/data/", import.meta.url);
const rows = (name: string) =>
  readFileSync(new URL(name, data), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as never);
const json = (name: string) => JSON.parse(readFileSync(new URL(name, data), "utf8")) as never;

/** One labelled text: `bad` is what the evaluator should find. */
interface Labelled {
  readonly sample: object;
  readonly bad: boolean;
}

if (!existsSync(data)) {
  console.warn("SKIPPED: ../shared/data is not here, so nothing was measured.");
} else {
  console.log(
    "| evaluator | set | rows | AUC | good ones passed | bad ones found | abstained |\n| --- | --- | --- | --- | --- | --- | --- |",
  );
  for (const task of ["qa", "summary", "data2txt"]) await measure("faithfulness", `RAGTruth ${task}`, ragTruth(task));
  await measure("faithfulness", "WiCE claims", wice());
  await measure("prompt_injection", "deepset", deepset());
  await measure("prompt_injection", "PurpleLlama (all bad)", purpleLlama());
  await measure("prompt_injection", "WildGuard benign (all good)", wildGuard());
  await measure("prompt_injection", "certified-llm-safety (all good)", safePrompts());
}

async function measure(evaluator: string, set: string, labelled: readonly Labelled[]): Promise<void> {
  const seen = await Promise.all(
    labelled.map(async ({ sample, bad }) => ({
      bad,
      evaluation: await evaluate(evaluator, sample, { timeoutMs: 600_000 }),
    })),
  );
  const decided = seen.flatMap(({ bad, evaluation: { score, outcome } }) =>
    score === null ? [] : [{ bad, score, outcome }],
  );
  const share = (bad: boolean, outcome: string): string => {
    const group = decided.filter((one) => one.bad === bad);
    return group.length === 0
      ? "–"
      : `${((100 * group.filter((one) => one.outcome === outcome).length) / group.length).toFixed(1)} %`;
  };
  const scores = (bad: boolean) => decided.filter((one) => one.bad === bad).map(({ score }) => score);
  const area = areaUnderCurve(scores(false), scores(true));
  const shown = Number.isNaN(area) ? "–" : (100 * area).toFixed(1);
  console.log(
    `| ${evaluator} | ${set} | ${seen.length} | ${shown} | ${share(false, "pass")} | ${share(true, "fail")} | ${seen.length - decided.length} |`,
  );
}

function ragTruth(task: string): Labelled[] {
  const sources: { source: unknown; responses: { response: string; labels: unknown[] }[] }[] = rows(
    `ragtruth/ragtruth_${task}.dev.jsonl`,
  );
  return sources.flatMap(({ source, responses }) => {
    const { question, passages } = (typeof source === "object" ? source : {}) as {
      question?: string;
      passages?: string;
    };
    const context = passages ?? (typeof source === "string" ? source : JSON.stringify(source));
    return responses.map(({ response, labels }) => ({
      sample: { output: response, context: [context], ...(question === undefined ? {} : { input: question }) },
      bad: labels.length > 0,
    }));
  });
}

/** A claim that is only partly supported is not supported. */
function wice(): Labelled[] {
  const claims: { claim: string; evidence: string[]; label: string }[] = rows("wice/claim_dev.jsonl");
  return claims.map(({ claim, evidence, label }) => ({
    sample: { output: claim, context: [evidence.join("\n")] },
    bad: label !== "supported",
  }));
}

function deepset(): Labelled[] {
  const prompts: { text: string; label: number }[] = rows("deepset-prompt-injections/train.jsonl");
  return prompts.map(({ text, label }) => ({ sample: { input: text }, bad: label === 1 }));
}

function purpleLlama(): Labelled[] {
  const prompts: { user_input: string }[] = json("purplellama/prompt_injection.json");
  return prompts.map(({ user_input }) => ({ sample: { input: user_input }, bad: true }));
}

function wildGuard(): Labelled[] {
  const prompts: { prompt: string }[] = json("injection-benign/wildguard_benign.dev.json");
  return prompts.map(({ prompt }) => ({ sample: { input: prompt }, bad: false }));
}

function safePrompts(): Labelled[] {
  const text = readFileSync(new URL("certified-llm-safety/safe_prompts.txt", data), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => ({ sample: { input: line }, bad: false }));
}
