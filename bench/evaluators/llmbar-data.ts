import { existsSync, readFileSync } from "node:fs";

const folder = new URL("../../../shared/data/llmbar/", import.meta.url);

export function hasLlmBar(): boolean {
  return existsSync(folder);
}

/** What a judge said in prose about a pair, and the winner that the authors read out of it: "1" or "2", null where they could not. */
export interface RecordedText {
  readonly id: string;
  readonly judge: string;
  readonly completion: string;
  readonly parsed_winner: "1" | "2" | null;
}

export function readRecordedTexts(): RecordedText[] {
  return linesOf("raw_judge_outputs_cot.jsonl").map((line) => JSON.parse(line) as RecordedText);
}

/** The better answer of each pair, by its id. */
export function readGold(): ReadonlyMap<string, "1" | "2"> {
  return new Map(
    linesOf("llmbar.jsonl").map((line) => {
      const { id, label } = JSON.parse(line) as { id: string; label: number };
      return [id, label === 1 ? "1" : "2"];
    }),
  );
}

/** A pair with both of its answers. */
export interface RecordedPair {
  readonly id: string;
  readonly input: string;
  readonly output_1: string;
  readonly output_2: string;
}

export function readPairs(): RecordedPair[] {
  return linesOf("llmbar.jsonl").map((line) => JSON.parse(line) as RecordedPair);
}

/** The winner with the first answer shown first, and with the second shown first; "" where none could be read. */
export type RecordedVerdicts = readonly [string, string];

/** Verdicts by judge, way of prompting and pair: `GPT-4/CoT/Natural/0`. */
export function readVerdicts(): ReadonlyMap<string, RecordedVerdicts> {
  return new Map(
    linesOf("recorded_verdicts.csv")
      .slice(1)
      .map((line) => {
        const [id = "", judge = "", prompting = "", ab = "", ba = ""] = line.split(",");
        return [`${judge}/${prompting}/${id}`, [ab, ba]];
      }),
  );
}

function linesOf(name: string): string[] {
  return readFileSync(new URL(name, folder), "utf8").trim().split(/\r?\n/);
}
