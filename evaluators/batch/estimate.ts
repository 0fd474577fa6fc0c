import { ROOT_CONTEXT } from "@opentelemetry/api";
import { countTokens } from "gpt-tokenizer";
import { defaultJudge, type Evaluator } from "../define-evaluator.ts";
import { EvaluatorError, EvaluatorUsageError } from "../errors.ts";
import type { Judge, JudgeRequest } from "../judge.ts";
import type { Sample } from "../sample.ts";
import type { InputRow } from "./read-rows.ts";
import { sampleIn } from "./row-sample.ts";

/** USD per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** What a batch would use, from the least to the most. */
export interface Estimate {
  /** Rows that were looked at. */
  readonly sampled: number;
  /** Rows in all; null when nobody can know before the end. */
  readonly rows: number | null;
  /** Calls to judges, tokens and USD for all rows; for one row of the sample on average when `rows` is null. */
  readonly calls: Range;
  readonly tokens: Range;
  /** Null when the price of a judge that would be asked is not known. */
  readonly usd: Range | null;
}

export type Range = readonly [least: number, most: number];

export interface EstimateOptions {
  readonly rows: number | null;
  /** Price of the judge behind an alias; undefined when nobody knows it. */
  readonly priceOf: (alias: string) => Price | undefined;
}

/** Tokens of the shortest answer that a judge can give. */
const shortestAnswer = 40;
/** An answer that cannot be read is asked for once more. */
const mostAsked = 2;

/**
 * Estimates a batch from some of its rows: each is examined up to the moment at which a judge would be asked, and the question is
 * counted instead of sent, so a cascade counts only where its code is unsure. The least is one short answer to each question, the
 * most two of full length; verdicts that are kept from before, and further questions that depend on an answer, are not counted.
 * Evaluators must ask the judge that they are handed: one that brings its own would really ask it.
 */
export async function estimateBatch(
  evaluators: readonly Evaluator[],
  sampled: readonly InputRow[],
  { rows, priceOf }: EstimateOptions,
): Promise<Estimate> {
  const asked: Asked[] = [];
  for (const row of sampled) asked.push(...(await questionsFor(row, evaluators)));
  const scale = sampled.length === 0 ? 0 : (rows ?? 1) / sampled.length;
  const sum = (of: (one: Asked) => number) => scale * asked.reduce((total, one) => total + of(one), 0);
  const prices = new Map(asked.map(({ alias }) => [alias, priceOf(alias)]));
  const isPriced = [...prices.values()].every((price) => price !== undefined);
  const cost = ({ alias, input }: Asked, output: number) => {
    const price = prices.get(alias);
    return price ? (input * price.input + output * price.output) / 1_000_000 : 0;
  };
  return {
    sampled: sampled.length,
    rows,
    calls: [sum(() => 1), sum(() => mostAsked)],
    tokens: [sum(({ input }) => input + shortestAnswer), sum(({ input, most }) => mostAsked * (input + most))],
    usd: isPriced ? [sum((one) => cost(one, shortestAnswer)), sum((one) => mostAsked * cost(one, one.most))] : null,
  };
}

/** A question that a judge would have been asked. */
interface Asked {
  readonly alias: string;
  readonly input: number;
  /** Tokens that the answer may have. */
  readonly most: number;
}

async function questionsFor(row: InputRow, evaluators: readonly Evaluator[]): Promise<readonly Asked[]> {
  const sample = sampleOf(row);
  if (sample === undefined) return [];
  const asked = evaluators
    .filter(({ options }) => options.engine !== "local")
    .filter((evaluator) => evaluator.missing(sample).length === 0)
    .map((evaluator) => questionsOf(evaluator, sample));
  return (await Promise.all(asked)).flat();
}

/** A row that cannot be read asks nobody. */
function sampleOf(row: InputRow): Sample | undefined {
  try {
    return row.problem === undefined ? sampleIn(row.source) : undefined;
  } catch (error) {
    if (error instanceof EvaluatorUsageError) return undefined;
    throw error;
  }
}

async function questionsOf(evaluator: Evaluator, sample: Sample): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  const alias = evaluator.options.judge ?? defaultJudge;
  const judge: Judge = (request) => {
    asked.push({ alias, input: tokensOf(request), most: request.maxTokens });
    return Promise.reject(new EvaluatorError("cancelled", "Only counted."));
  };
  const tools = { judge, signal: new AbortController().signal, parent: ROOT_CONTEXT };
  // However the evaluator ends without an answer: what it asked is noted.
  await evaluator.examine(sample, tools).catch(() => {});
  return asked;
}

function tokensOf({ messages }: JudgeRequest): number {
  return messages.reduce((total, { content }) => total + countTokens(content), 0);
}
