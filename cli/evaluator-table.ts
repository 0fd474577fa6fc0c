import { type EvaluatorFactory, registry } from "../evaluators/index.ts";

/** The built-in evaluators as a Markdown table: page, needed fields, engine, threshold, promise. */
export function evaluatorTable(): string {
  const rows = registry.map(rowOf);
  return ["| name | needs | engine | passes at | promise |", "| --- | --- | --- | --- | --- |", ...rows].join("\n");
}

function rowOf({ name, description, configure }: EvaluatorFactory): string {
  const evaluator = configure();
  const { engine, threshold } = evaluator.options;
  const needs = evaluator
    .missing({})
    .join(", ")
    .replace(/\b(?!or\b)[a-z_]+/g, "`$&`");
  return `| [\`${name}\`](evaluators/${name.replaceAll("_", "-")}.md) | ${needs} | ${engine} | ${threshold} | ${description} |`;
}
