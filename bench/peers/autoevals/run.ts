import { createInterface } from "node:readline";
import { z } from "zod";

// Scores rows with one evaluator of autoevals that needs no model. Reads one JSON object a line, writes {"score": number or
// null} a line in the same order; 1 is good, 0 is bad, null is an evaluator that could not run.

const scorers = {
  exact_match: "ExactMatch",
  json_diff: "JSONDiff",
  levenshtein: "Levenshtein",
  numeric_diff: "NumericDiff",
  valid_json: "ValidJSON",
} as const;

const scorer = z.custom<(given: unknown) => unknown>((value) => typeof value === "function");
const scored = z.object({ score: z.number().nullable() });

const name = z.enum(["exact_match", "json_diff", "levenshtein", "numeric_diff", "valid_json"]).parse(process.argv[2]);
// Named in a variable, because it is installed in this folder only, and not where types are checked.
const library: string = "autoevals";
const evaluate = z.looseObject({ [scorers[name]]: scorer }).parse(await import(library))[scorers[name]];
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify({ score: await scoreOf(JSON.parse(line)) })}\n`);
}

async function scoreOf(row: unknown): Promise<number | null> {
  try {
    return scored.parse(await scorer.parse(evaluate)(row)).score;
  } catch {
    return null;
  }
}
