import {
  type Claim,
  evaluate,
  type Evaluation,
  EvaluatorUsageError,
  type InputRow,
  readRows,
  type Sample,
  sampleIn,
} from "../evaluators/index.ts";
import { CommandError, type ExitCode, exitCode } from "./context.ts";
import type { EvaluateJob } from "./evaluate-job.ts";
import { namesIn, usage, wantsColor, whole } from "./evaluate-options.ts";
import { sourceOf } from "./evaluate-source.ts";
import { evaluatorsNamed } from "./evaluation-setup.ts";
import { legend, markClaims, printable } from "./marked-text.ts";
import { rowPlaces } from "./row-places.ts";

/** Examines one row and shows everything that was found. Exits 1 when an evaluator fails, 3 when one could not decide. */
export async function explainRow(job: EvaluateJob): Promise<ExitCode> {
  const { options, context, setup } = job;
  const evaluators = evaluatorsNamed(setup, namesIn("--evaluators", options.evaluators ?? ""));
  const row = await rowOf(job);
  const sample = readSample(row);
  const place = rowPlaces(job, evaluators)?.(row);
  const { judges, cache, cards } = setup;
  const tracing = place?.tracing;
  const evaluations = await evaluate(evaluators, sample, { judges, cache, cards, tracing, signal: context.signal });
  place?.close();
  if (context.signal.aborted) return exitCode.interrupted;
  if (options.json) {
    const found = { row: row.row, ...(place ? { trace_id: place.traceId } : {}), evaluations };
    context.out(JSON.stringify(found, null, 2));
  } else {
    const withColor = wantsColor(context);
    const lines = evaluations.flatMap((evaluation) => [...explainLines(evaluation, sample, withColor), ""]);
    for (const line of lines.slice(0, -1)) context.out(line);
    if (place) context.out(`\ntrace ${place.traceId}`);
  }
  return conclude(evaluations);
}

function conclude(evaluations: readonly Evaluation[]): ExitCode {
  if (evaluations.some(({ outcome }) => outcome === "fail")) return exitCode.no;
  return evaluations.every(({ outcome }) => outcome === "pass") ? exitCode.yes : exitCode.invalid;
}

async function rowOf(job: EvaluateJob): Promise<InputRow> {
  const { rows, options } = job;
  if (rows === undefined) {
    const { input, output, context } = options;
    const given = Object.entries({ input, output, context }).filter(([, value]) => value !== undefined);
    return { row: 1, hash: "", source: Object.fromEntries(given) };
  }
  const wanted = options.row === undefined ? undefined : whole("--row", options.row, 1, Number.MAX_SAFE_INTEGER);
  for await (const row of readRows(sourceOf(job))) {
    if (wanted === undefined || row.row === wanted) return row;
  }
  throw usage(wanted === undefined ? `${rows} holds no row.` : `${rows} has no row in line ${wanted}.`);
}

function readSample(row: InputRow): Sample {
  if (row.problem !== undefined) throw usage(row.problem);
  try {
    return sampleIn(row.source);
  } catch (error) {
    if (!(error instanceof EvaluatorUsageError)) throw error;
    throw new CommandError(exitCode.usage, `Row ${row.row}: ${error.message}`, { cause: error });
  }
}

/** One evaluation for a person: the verdict, the reason, the text with its claims, the evidence, the criteria, the way there. */
function explainLines(evaluation: Evaluation, sample: Sample, withColor: boolean): readonly string[] {
  const { claims = [], criteria = [] } = evaluation;
  return [
    headline(evaluation),
    `  ${printable(evaluation.reason)}`,
    ...textLines(claims, sample, withColor),
    ...claims.filter(({ evidence }) => evidence !== undefined).map((claim) => evidenceLine(claim)),
    ...criteria.map(
      ({ id, verdict, question, evidence }) =>
        `  ${verdict.padEnd(14)} ${id}: ${printable(question)}${evidence ? ` — ${oneLine(evidence)}` : ""}`,
    ),
    `  path: ${pathText(evaluation)}`,
  ];
}

function headline({ evaluator, outcome, score, threshold, confidence, calibrated, version }: Evaluation): string {
  const value = score === null ? "" : ` ${score.toFixed(3)} (passes at ${threshold})`;
  const sure = confidence === null ? "" : `, right with probability ${confidence.toFixed(2)}`;
  return `${evaluator}: ${outcome.toUpperCase()}${value}${sure}${calibrated ? ", calibrated" : ""}  [version ${version}]`;
}

const fields = ["input", "output", "reasoning", "tool_calls"] as const;

/** The texts in which there are claims, each with its own. */
function textLines(claims: readonly Claim[], sample: Sample, withColor: boolean): readonly string[] {
  if (claims.length === 0) return [];
  const texts = fields.flatMap((field) => {
    const within = claims.filter((claim) => (claim.field ?? "output") === field);
    const text = sample[field];
    if (within.length === 0) return [];
    // Offsets in tool calls count in one call after another; each passage is shown by itself.
    if (typeof text !== "string")
      return within.map(
        (claim) => `  ${field}: ${markClaims(claim.text, [{ ...claim, start: 0, end: claim.text.length }], withColor)}`,
      );
    return [
      `  ${field}:`,
      ...markClaims(text, within, withColor)
        .split("\n")
        .map((line) => `    ${line}`),
    ];
  });
  return [...texts, `  ${legend(claims, withColor)}`];
}

function evidenceLine({ verdict, kind, text, evidence = "" }: Claim): string {
  return `  ${verdict}${kind ? ` (${kind})` : ""}: "${oneLine(text)}" ← "${oneLine(evidence)}"`;
}

const mostShown = 160;

function oneLine(text: string): string {
  const line = printable(text).replace(/\s+/g, " ").trim();
  return line.length > mostShown ? `${line.slice(0, mostShown)}…` : line;
}

function pathText({ path, latencyMs, usage, costUsd, engine }: Evaluation): string {
  const steps = path.map(
    ({ stage, decided, ms, cached, score }) =>
      `${stage}${score === undefined ? "" : ` ${score.toFixed(3)}`} ${cached ? "cached" : `${ms.toFixed(1)} ms`}${decided ? ", decided" : ""}`,
  );
  const used = usage === null ? "" : `; ${usage.inputTokens} + ${usage.outputTokens} tokens`;
  const cost = costUsd === null ? "" : `, ${costUsd.toFixed(6)} USD`;
  return `${steps.length === 0 ? engine : steps.join(" → ")}; ${latencyMs.toFixed(1)} ms in all${used}${cost}`;
}
