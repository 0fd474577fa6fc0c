import { readFileSync } from "node:fs";
import { seededRandom } from "../../evaluators/calibration/statistics.ts";
import { walkWindows } from "../../evaluators/linear/window-walker.ts";
import { detectInjection } from "../../evaluators/safety/injection/detect-injection.ts";
import { slotsOf } from "../../evaluators/safety/injection/injection-model.ts";
import { isWorthWeighing, readingsOf } from "../../evaluators/safety/injection/read-window.ts";
import { unmask } from "../../evaluators/safety/injection/unmask.ts";
import type { FitRow } from "./hashed-logistic.ts";
import composed from "./injection-attacks-composed.json" with { type: "json" };
import techniques from "./injection-attacks-by-technique.json" with { type: "json" };
import attacks from "./injection-attacks.json" with { type: "json" };
import benign from "./injection-benign.json" with { type: "json" };
import harmless from "./injection-harmless.json" with { type: "json" };
import { fill, type Slots } from "./templates.ts";

/** A row of a public set, or one that was written by a template. */
export interface InjectionRow extends FitRow {
  readonly text: string;
  readonly set: string;
  /** What a written row was written by; the sentence itself where that is a task in a frame. */
  readonly template?: string;
  /** Whether a known form was found, whatever the model says. */
  readonly form: boolean;
}

const data = new URL("../../../shared/data/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, data), "utf8");

const weights = { written: { bad: 0.6, good: 0.3 }, public: { bad: 1.5, good: 1 } };
/** Sentences drawn from each template. */
const draws = { attack: 12, composed: 60, benign: 24, task: 8 };

/** Characters of an article that are enough of it. */
const articleLength = 3000;

/** The folders of `../shared/data` that `publicRows` reads. */
export const publicFolders = [
  "deepset-prompt-injections",
  "injection-benign",
  "certified-llm-safety",
  "ifeval",
  "llmbar",
  "recipes",
  "wice",
];

/** Rows that others labelled, on which the model is fitted. */
export function publicRows(): InjectionRow[] {
  const deepset = read("deepset-prompt-injections/train.jsonl").trim().split("\n");
  const wildGuard = JSON.parse(read("injection-benign/wildguard_benign.dev.json")) as { prompt: string }[];
  const safe = read("certified-llm-safety/safe_prompts.txt").trim().split("\n");
  return [
    ...deepset.map((line) => {
      const { text, label } = JSON.parse(line) as { text: string; label: number };
      return toRow(text, { bad: label === 1, set: "deepset" });
    }),
    ...wildGuard.map(({ prompt }) => toRow(prompt, { bad: false, set: "injection-benign" })),
    ...safe.map((text) => toRow(text, { bad: false, set: "certified-llm-safety" })),
  ];
}

/** Texts of sets that are about something else: what people ask of models, and articles. In every fit as harmless. */
export function everydayRows(): InjectionRow[] {
  const field = (name: string, pick: (row: Record<string, unknown>) => unknown): string[] =>
    read(name)
      .trim()
      .split("\n")
      .map((line) => String(pick(JSON.parse(line) as Record<string, unknown>)));
  const texts = [
    ...field("ifeval/input_data.jsonl", (row) => row["prompt"]),
    ...field("llmbar/llmbar.jsonl", (row) => row["input"]),
    ...field("recipes/self-instruct-user_oriented_instructions.jsonl", (row) => row["instruction"]),
    ...field("wice/claim_dev.jsonl", (row) => (row["evidence"] as string[]).join(" ").slice(0, articleLength)),
  ];
  return [...new Set(texts)].map((text) => toRow(text, { bad: false, set: "everyday" }, "written"));
}

/** Attacks that nothing is fitted on. */
export function purpleLlamaRows(): InjectionRow[] {
  const prompts = JSON.parse(read("purplellama/prompt_injection.json")) as { user_input: string }[];
  return prompts.map(({ user_input }) => toRow(user_input, { bad: true, set: "PurpleLlama" }));
}

/** Conversations that nothing is fitted on; what the users said, and whether it is a jailbreak. */
export function guardrailsRows(): InjectionRow[] {
  const lines = read("openai-guardrails/jailbreak_demo_data.jsonl").trim().split("\n");
  return lines.map((line) => {
    const { data: text, expected_triggers } = JSON.parse(line) as {
      data: string;
      expected_triggers: Record<string, boolean>;
    };
    return toRow(text, { bad: expected_triggers["Jailbreak"] === true, set: "openai-guardrails" });
  });
}

/** Long texts in which nobody attacks anything: what the windows of a document cost in false alarms. */
export function documentRows(): InjectionRow[] {
  return ["qa", "summary"].flatMap((task) =>
    read(`ragtruth/ragtruth_${task}.dev.jsonl`)
      .trim()
      .split("\n")
      .map((line) => {
        const { source } = JSON.parse(line) as { source: unknown };
        const text = typeof source === "string" ? source : JSON.stringify(source);
        return toRow(text, { bad: false, set: "RAGTruth sources" });
      }),
  );
}

/** Answers of models in which nobody attacks anything. */
export function answerRows(): InjectionRow[] {
  return read("xstest/completions.dev.jsonl")
    .trim()
    .split("\n")
    .map((line) => {
      const { completion } = JSON.parse(line) as { completion: string };
      return toRow(completion, { bad: false, set: "XSTest answers" });
    });
}

/**
 * Attacks and harmless requests by the templates of this folder, which were written for this fit: the attacks after the public
 * literature on kinds of injection, the harmless ones with the words of an attack in them.
 */
export function writtenRows(): InjectionRow[] {
  const random = seededRandom(7);
  const rows: InjectionRow[] = [];
  const add = (
    template: string,
    slots: Slots,
    { bad, set }: Pick<InjectionRow, "bad" | "set">,
    times: number,
  ): void => {
    for (let time = 0; time < times; time += 1)
      rows.push({ ...toRow(fill(template, slots, random), { bad, set }, "written"), template });
  };
  for (const [kind, templates] of Object.entries(attacks.kinds))
    for (const template of templates) add(template, attacks.slots, { bad: true, set: kind }, draws.attack);
  for (const [kind, templates] of Object.entries(techniques.kinds))
    for (const template of templates)
      add(template, { ...composed.slots, ...attacks.slots }, { bad: true, set: kind }, draws.attack);
  for (const template of attacks.translated)
    add(template, attacks.slots, { bad: true, set: "translated" }, draws.attack);
  for (const template of composed.composed)
    add(template, composed.slots, { bad: true, set: "composed" }, draws.composed);
  for (const template of composed.longRoles)
    add(template, composed.slots, { bad: true, set: "long roles" }, draws.composed);
  for (const template of [...benign.templates, ...benign.translated, ...harmless.templates, ...harmless.translated])
    add(template, benign.slots, { bad: false, set: "harmless" }, draws.benign);
  for (const [at, task] of benign.tasks.entries()) {
    for (let time = 0; time < draws.task; time += 1) {
      const frame = benign.frames[(at * 5 + time * 2) % benign.frames.length] ?? "{task}";
      add(frame.replace("{task}", task), benign.slots, { bad: false, set: "harmless tasks" }, 1);
    }
  }
  return rows;
}

function toRow(
  text: string,
  { bad, set }: Pick<InjectionRow, "bad" | "set">,
  origin: keyof typeof weights = "public",
): InjectionRow {
  const windows: number[][] = [];
  const walker = walkWindows(unmask, (window) => {
    const readings = window.seenBefore ? [] : readingsOf(window.text);
    windows.push(
      ...readings.filter((one, at) => at === 0 || isWorthWeighing(one.text)).map((one) => slotsOf(one.text)),
    );
    return { score: 1, findings: [] };
  });
  walker.push(text);
  walker.end();
  const weight = weights[origin][bad ? "bad" : "good"];
  return { text, windows, bad, weight, set, form: detectInjection(text).length > 0 };
}
