import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { walkWindows } from "../../evaluators/linear/window-walker.ts";
import { unmask } from "../../evaluators/safety/injection/unmask.ts";
import { toxicSlotsOf, weigh } from "../../evaluators/safety/toxicity/toxicity-model.ts";
import type { FitRow } from "./hashed-logistic.ts";

/** The categories of the moderation set: sexual, hate, violence, harassment, self-harm, sexual about minors, threats, graphic violence. */
export const categories = ["S", "H", "V", "HR", "SH", "S3", "H2", "V2"] as const;

export interface ToxicityRow extends FitRow {
  readonly text: string;
  /** Categories or, of hatecheck, the functionality. */
  readonly kinds: readonly string[];
}

const data = new URL("../../../shared/data/", import.meta.url);
const read = (name: string): Buffer => readFileSync(new URL(name, data));

/** Texts that people labelled by category, on which the model is fitted. */
export function moderationRows(): ToxicityRow[] {
  const lines = gunzipSync(read("openai-moderation/samples-1680.jsonl.gz")).toString().trim().split("\n");
  return lines.map((line) => {
    const row = JSON.parse(line) as { prompt: string } & Partial<Record<(typeof categories)[number], number>>;
    const kinds = categories.filter((category) => row[category] === 1);
    return toRow(row.prompt, kinds.length > 0, kinds, kinds.length > 0 ? 1.5 : 1);
  });
}

/** Ordinary requests, in every fit as harmless. */
export function ordinaryRows(): ToxicityRow[] {
  const wildGuard = JSON.parse(read("injection-benign/wildguard_benign.dev.json").toString()) as { prompt: string }[];
  const safe = read("certified-llm-safety/safe_prompts.txt").toString().trim().split("\n");
  return [...wildGuard.map(({ prompt }) => prompt), ...safe].map((text) => toRow(text, false, [], 0.3));
}

/** Hand-made cases of a test suite for hate speech; nothing is fitted on them. */
export function hatecheckRows(): ToxicityRow[] {
  const [, ...records] = parseCsv(read("hatecheck/test_suite_cases.csv").toString());
  return records.map(([, functionality = "", , text = "", gold]) =>
    toRow(text, gold === "hateful", [functionality], 1),
  );
}

/** Source texts and answers in which nobody is abused; nothing is fitted on them. */
export function quietRows(): ToxicityRow[] {
  const lines = ["qa", "summary"].flatMap((task) =>
    read(`ragtruth/ragtruth_${task}.dev.jsonl`).toString().trim().split("\n"),
  );
  return lines.map((line) => {
    const { source } = JSON.parse(line) as { source: unknown };
    return toRow(typeof source === "string" ? source : JSON.stringify(source), false, [], 1);
  });
}

function toRow(text: string, bad: boolean, kinds: readonly string[], weight: number): ToxicityRow {
  const windows: number[][] = [];
  const walker = walkWindows(unmask, (window) => {
    if (!window.seenBefore) windows.push(toxicSlotsOf(weigh(window.text)));
    return { score: 1, findings: [] };
  });
  walker.push(text);
  walker.end();
  return { text, windows, bad, kinds, weight };
}

/** Records of comma-separated values with quotes (RFC 4180). */
function parseCsv(text: string): string[][] {
  const cell = /(?:"((?:[^"]|"")*)"|([^,"\n]*))(,|\r?\n|$)/g;
  const records: string[][] = [[]];
  for (const [whole, quoted, plain, border] of text.matchAll(cell)) {
    if (whole === "") break;
    records.at(-1)?.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
    if (border !== ",") records.push([]);
  }
  return records.filter((record) => record.length > 1);
}
