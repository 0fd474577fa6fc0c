import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import type { Figure } from "./figure.ts";

/** When, on what, with what. */
export function describeRun(): string {
  const day = new Date().toISOString().slice(0, 10);
  return `${day}, Node ${process.versions.node}, ${availableParallelism()} cores (${cpus()[0]?.model ?? "unknown"}, shared).`;
}

/** The head of the page that is committed. */
export const pageHead = `# What the evaluators are worth

\`\`\`sh
npm run bench:evaluators -- --markdown docs/evaluator-benchmarks.md   # --only faithfulness,pii for some of it
\`\`\`

Rows that other people labelled or recorded, read from the folder that \`bench/evaluators.ts\` names and copied nowhere. A figure has its
95 % interval beside it; under each table stands what was fitted on what, how the rows were divided, how the threshold was set and
what was looked at. "Demanded" and "aim" were written down before anything was measured. "Beside" are published figures, each with
its source, and peers run on the same rows by \`bench/peers/\`. Rows of these sets that are not in that folder were neither fitted on
nor read.`;

/** One Markdown table for each measure: the figure with its interval, what was demanded, and how it came about. */
export function tableOf(figures: readonly Figure[]): readonly string[] {
  return [...Map.groupBy(figures, ({ measure }) => measure)].map(([measure, group]) =>
    [`### ${measure}`, "", header, ...group.map(row), "", ...notes(group)].join("\n").trimEnd(),
  );
}

const header =
  "| set | rows | metric | value | 95 % interval | demanded | aim | beside |\n| --- | ---: | --- | ---: | --- | ---: | ---: | --- |";

/** True when a figure is not what was demanded of it, or was demanded and could not be measured. */
export function isMissed({ value, floor, lowerIsBetter = false, equals }: Figure): boolean {
  if (equals !== undefined) return value.toFixed(1) !== equals.toFixed(1);
  if (floor === undefined) return false;
  if (Number.isNaN(value)) return true;
  return lowerIsBetter ? value > floor : value < floor;
}

function row({ set, rows, metric, value, interval, floor, aim, lowerIsBetter, equals, beside = "" }: Figure): string {
  const shown = Number.isNaN(value) ? "not measured" : number(value);
  const range = interval ? `${number(interval[0])} – ${number(interval[1])}` : "";
  const sign = lowerIsBetter ? "≤ " : "≥ ";
  const wanted = [floor, aim].map((limit) => (limit === undefined ? "" : `${sign}${number(limit)}`));
  if (equals !== undefined) wanted[0] = `= ${equals.toFixed(1)}`;
  return `| ${set} | ${rows} | ${metric} | ${shown} | ${range} | ${wanted.join(" | ")} | ${beside} |`;
}

function number(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const isNearAnEnd = Math.abs(value) < 10 || Math.abs(100 - value) < 1;
  return value.toFixed(isNearAnEnd ? 2 : 1);
}

/** How the figures came about, said once for all rows that share it. */
function notes(group: readonly Figure[]): readonly string[] {
  const sets = Map.groupBy(group, ({ how }) => how);
  return [...sets].map(([how, figures]) =>
    sets.size === 1 ? how : `- ${[...new Set(figures.map(({ set }) => set))].join(", ")}: ${how}`,
  );
}

/** sha256 of what was read, twelve digits a file. */
export function hashesOf(folders: readonly string[], data: URL): string {
  const files = folders.flatMap((folder) => filesIn(new URL(`${folder.replace(/\/$/, "")}/`, data), folder));
  const lines = files.map(
    ({ name, url }) => `${createHash("sha256").update(readFileSync(url)).digest("hex").slice(0, 12)}  ${name}`,
  );
  return lines.length === 0 ? "" : ["Data, by sha256:", "", "```", ...lines, "```"].join("\n");
}

function filesIn(folder: URL, name: string): { readonly name: string; readonly url: URL }[] {
  return readdirSync(folder)
    .toSorted()
    .map((file) => ({ name: `${name}/${file}`, url: new URL(file, folder) }))
    .filter(({ url }) => statSync(url).isFile());
}
