import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { claimsAmong } from "../../evaluators/faithfulness/claims.ts";
import { createComparison } from "../../evaluators/faithfulness/comparison.ts";
import { featuresOf } from "../../evaluators/faithfulness/features.ts";
import { splitSentences } from "../../evaluators/text/sentences.ts";

/** One answer that people labelled. */
export interface LabelledRow {
  readonly task: "qa" | "summary" | "data2txt" | "wice" | "q2";
  /** Rows of one source (an article, a question with its passages, a business) stay in one fold. */
  readonly source: string;
  readonly sample: { readonly output: string; readonly context: readonly string[]; readonly input?: string };
  readonly bad: boolean;
}

const data = new URL("../../../shared/data/", import.meta.url);

/** The files that the weights are fitted on. */
export const fittedFiles = [
  "ragtruth/ragtruth_qa.dev.jsonl",
  "ragtruth/ragtruth_summary.dev.jsonl",
  "ragtruth/ragtruth_data2txt.dev.jsonl",
  "wice/claim_dev.jsonl",
];

export function sha256Of(file: string): string {
  return createHash("sha256")
    .update(readFileSync(new URL(file, data)))
    .digest("hex");
}

/** RAGTruth: an answer with any labelled span is bad. */
export function ragTruthRows(): LabelledRow[] {
  return (["qa", "summary", "data2txt"] as const).flatMap((task) =>
    lines(`ragtruth/ragtruth_${task}.dev.jsonl`).flatMap((line) => {
      const { source_id, source, responses } = line as RagTruthSource;
      const { context, input } = contextOf(source);
      return responses.map(({ response, labels }) => ({
        task,
        source: `${task} ${source_id}`,
        sample: { output: response, context, ...(input === undefined ? {} : { input }) },
        bad: labels.length > 0,
      }));
    }),
  );
}

/** WiCE: what is not wholly supported is bad. */
export function wiceRows(): LabelledRow[] {
  return lines("wice/claim_dev.jsonl").map((line) => {
    const { claim, evidence, label, meta } = line as WiceClaim;
    return {
      task: "wice",
      source: meta.claim_title,
      sample: { output: claim, context: [evidence.join("\n")] },
      bad: label !== "supported",
    };
  });
}

/** Q2: two answers of dialogue systems to each piece of knowledge. */
export function q2Rows(): LabelledRow[] {
  const [header = [], ...rows] = parseCsv(readFileSync(new URL("q2/cross_annotation.csv", data), "utf8"));
  const column = (row: readonly string[], name: string) => row[header.indexOf(name)] ?? "";
  return rows.flatMap((row) =>
    (["dodeca", "memnet"] as const).map((system) => ({
      task: "q2" as const,
      source: column(row, "knowledge"),
      sample: { output: column(row, `${system}_response`), context: [column(row, "knowledge")] },
      bad: column(row, `${system}_label`) === "1",
    })),
  );
}

/** What the model sees of a row; null where there is no claim to compare. */
export function featuresOfRow({ sample }: LabelledRow): number[] | null {
  const claims = claimsAmong(splitSentences(sample.output));
  if (claims.length === 0) return null;
  const { lookup } = createComparison(sample.context, sample.input ?? "");
  return featuresOf(claims.map(lookup));
}

interface RagTruthSource {
  readonly source_id: number;
  readonly source: unknown;
  readonly responses: readonly { readonly response: string; readonly labels: readonly unknown[] }[];
}

interface WiceClaim {
  readonly claim: string;
  readonly evidence: readonly string[];
  readonly label: string;
  readonly meta: { readonly claim_title: string };
}

/** An article, a question with passages, or a business as JSON. */
function contextOf(source: unknown): { context: string[]; input?: string } {
  if (typeof source === "string") return { context: [source] };
  const { question, passages } = source as { question?: string; passages?: string };
  if (question !== undefined && passages !== undefined) return { context: [passages], input: question };
  return { context: [JSON.stringify(source)] };
}

function lines(file: string): unknown[] {
  return readFileSync(new URL(file, data), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

/** RFC 4180: fields may be quoted, and hold commas, line breaks and doubled quotes. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = "", end = ""] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== "" && end !== ",") rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}
