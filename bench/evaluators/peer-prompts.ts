import { readFileSync } from "node:fs";

/** Prompts of one set that are all attacks or all harmless. */
export interface PromptSet {
  readonly set: string;
  readonly bad: boolean;
  readonly texts: readonly string[];
  /** Whether our own weights have seen it. */
  readonly isFitted: boolean;
}

const data = new URL("../../../shared/data/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, data), "utf8").trim();

/** The prompts that `prompt_injection` is measured on. */
export function promptSets(): PromptSet[] {
  const deepset = read("deepset-prompt-injections/train.jsonl")
    .split("\n")
    .map((line) => JSON.parse(line) as { text: string; label: number });
  const of = (label: number) => deepset.filter((row) => row.label === label).map(({ text }) => text);
  const purple = JSON.parse(read("purplellama/prompt_injection.json")) as { user_input: string }[];
  const wild = JSON.parse(read("injection-benign/wildguard_benign.dev.json")) as { prompt: string }[];
  return [
    { set: "deepset injections", bad: true, texts: of(1), isFitted: true },
    { set: "PurpleLlama injections", bad: true, texts: purple.map((row) => row.user_input), isFitted: false },
    { set: "deepset, harmless", bad: false, texts: of(0), isFitted: true },
    { set: "injection-benign, harmless", bad: false, texts: wild.map(({ prompt }) => prompt), isFitted: true },
    {
      set: "certified-llm-safety, harmless",
      bad: false,
      texts: read("certified-llm-safety/safe_prompts.txt").split("\n"),
      isFitted: true,
    },
  ];
}
