import { existsSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Figure, Measure } from "./evaluators/figure.ts";
import { measures } from "./evaluators/measures.ts";
import { describeRun, hashesOf, isMissed, pageHead, tableOf } from "./evaluators/report.ts";

// How good the evaluators are and what they cost, on rows that other people labelled or recorded. Those rows are read from
// ../shared/data and copied nowhere; a measure whose rows are not there is skipped, and says so.

const data = new URL("../../shared/data/", import.meta.url);
const { values } = parseArgs({
  options: { only: { type: "string" }, out: { type: "string" }, markdown: { type: "string" } },
});

const figures: Figure[] = [];
const chosen = choose(values.only);
for (const measure of chosen) {
  const absent = measure.reads.filter((folder) => !existsSync(new URL(folder, data)));
  if (absent.length > 0) {
    console.warn(`SKIPPED ${measure.name}: ../shared/data has no ${absent.join(", ")}, so nothing was measured.`);
    continue;
  }
  console.error(`measuring ${measure.name} …`);
  figures.push(...(await measure.run()));
}
const reads = [...new Set(chosen.flatMap((measure) => measure.reads))].filter((folder) =>
  existsSync(new URL(folder, data)),
);
const run = describeRun();
const hashes = hashesOf(reads, data);
const report = [run, ...tableOf(figures), hashes].join("\n\n");
console.log(report);
if (values.markdown) writeFileSync(values.markdown, `${pageHead}\n\n${report}\n`);
if (values.out) writeFileSync(values.out, `${JSON.stringify({ run, figures, hashes }, null, 2)}\n`);
for (const { measure, set, metric, value, floor, equals } of figures.filter(isMissed)) {
  console.error(`NOT REACHED: ${measure}, ${set}, ${metric}: ${value.toFixed(2)}, demanded ${equals ?? floor}`);
  process.exitCode = 1;
}

function choose(only: string | undefined): readonly Measure[] {
  if (only === undefined) return measures;
  return only.split(",").map((name) => {
    const found = measures.find((measure) => measure.name === name);
    if (found) return found;
    throw new Error(`No measure "${name}". Known: ${measures.map((measure) => measure.name).join(", ")}.`);
  });
}
