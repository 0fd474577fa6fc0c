import { estimateBatch, type Estimate, type Evaluator, type InputRow, readRows } from "../evaluators/index.ts";
import type { EvaluateJob } from "./evaluate-job.ts";
import { sourceOf } from "./evaluate-source.ts";

/** Rows that are looked at for an estimate. */
const sampled = 50;

/**
 * Says what judges will about cost before any is asked, and asks a person at a terminal whether that is all right, unless there is
 * a budget or --yes. Resolves with whether to go on. Standard input is not estimated: it can be read only once.
 */
export async function confirmCost(
  job: EvaluateJob,
  evaluators: readonly Evaluator[],
  rows: number | null,
): Promise<boolean> {
  const { options, settings, context, setup } = job;
  if (rows === null || evaluators.every(({ options: { engine } }) => engine === "local")) return true;
  const sample = await firstRows(job);
  const estimate = await estimateBatch(evaluators, sample, { rows, priceOf: setup.priceOf });
  if (!options.quiet) context.err(describeEstimate(estimate));
  const hasBudget = settings.budget.usd !== undefined || settings.budget.tokens !== undefined;
  if (estimate.calls[1] === 0 || hasBudget || options.yes || !context.terminal) return true;
  const answer = await context.terminal.ask("Go on? [y/N] ");
  if (/^y(?:es)?$/i.test(answer.trim())) return true;
  context.err("Nothing was asked. --yes goes on without this question, --budget-usd sets a limit.");
  return false;
}

async function firstRows(job: EvaluateJob): Promise<readonly InputRow[]> {
  const rows: InputRow[] = [];
  for await (const row of readRows(sourceOf(job))) {
    rows.push(row);
    if (rows.length === sampled) break;
  }
  return rows;
}

/** One line: calls, tokens and USD, from the least to the most. */
function describeEstimate({ sampled: looked, rows, calls, tokens, usd }: Estimate): string {
  const range = ([least, most]: readonly [number, number], digits = 0) =>
    `${format(least, digits)} to ${format(most, digits)}`;
  const cost = usd === null ? "price not known" : `${range(usd, 2)} USD`;
  return `Judges will be asked about ${range(calls)} times for ${format(rows ?? 0, 0)} rows: ${range(tokens)} tokens, ${cost} (estimated from ${looked} rows; verdicts that are kept from before cost nothing).`;
}

function format(value: number, digits: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
