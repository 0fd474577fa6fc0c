import { randomBytes } from "node:crypto";
import type { Tools } from "../define-evaluator.ts";
import { EvaluatorError } from "../errors.ts";
import type { Judge, JudgeReply, JudgeRequest } from "../judge.ts";
import { type AnswerFormat, readAnswer } from "./answer-format.ts";
import { buildPrompt, encodeData } from "./prompt.ts";
import { type Spending, spendingOf, sumOf } from "./spending.ts";

/** One question to a judge: what is asked, about what, and the form of the answer. */
export interface Inquiry<T> {
  /** Name of the evaluator that asks, for the span. */
  readonly evaluator: string;
  readonly task: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly format: AnswerFormat<T>;
  /** How many entries the answer has: each gets room for evidence and verdicts. */
  readonly entries: number;
  /** 0 when absent. */
  readonly temperature?: number | undefined;
}

/** What a judge said in the form that was asked for, and what saying it used over all calls. */
export interface JudgeAnswer<T> extends Spending {
  readonly value: T;
  /** The reply that was read. */
  readonly reply: JudgeReply;
}

/** Longest encoded sample that a judge is given, in UTF-16 code units: about 50,000 tokens of English. */
export const longestSample = 200_000;

/** Room for evidence and verdicts per entry, and for a model that thinks before it writes. */
const tokensPerEntry = 256;
const tokensForThought = 4_096;

/**
 * Asks the judge, and once more when the answer cannot be read: with a new nonce and what was wrong. Throws
 * `EvaluatorError`: `invalid_input` for a sample that is too long (nothing is cut), `unparsable` after two unreadable
 * answers, and whatever the judge rejects with; each with what the calls before used.
 */
export async function askJudge<T>(inquiry: Inquiry<T>, tools: Tools): Promise<JudgeAnswer<T>> {
  checkLength(inquiry);
  const { judge } = tools;
  const replies: JudgeReply[] = [];
  let problem: string | undefined;
  while (replies.length < 2) {
    const nonce = randomMark();
    const request = toRequest(inquiry, nonce, tools, problem);
    const reply = await call(judge, request, replies);
    replies.push(reply);
    const answer = readAnswer(reply.text, nonce, inquiry.format);
    if (answer.ok) return { value: answer.value, reply, ...sumOf(replies) };
    problem = answer.problem;
  }
  throw new EvaluatorError(
    "unparsable",
    `The judge's answer could not be read, nor its second one. ${problem ?? ""}`.trim(),
    { retryable: true, ...sumOf(replies) },
  );
}

function checkLength({ data }: Inquiry<unknown>): void {
  const { length } = encodeData(data);
  if (length <= longestSample) return;
  throw new EvaluatorError(
    "invalid_input",
    `The sample has ${length} characters and a judge is given at most ${longestSample}. Nothing is cut silently: shorten the context, or examine the parts one by one.`,
  );
}

function toRequest<T>(
  { evaluator, task, data, format, entries, temperature }: Inquiry<T>,
  nonce: string,
  { signal, parent }: Tools,
  problem: string | undefined,
): JudgeRequest {
  return {
    messages: buildPrompt({ task, data, shape: format.shape }, { nonce, marker: randomMark() }, problem),
    maxTokens: tokensForThought + tokensPerEntry * entries,
    signal,
    parent,
    evaluator,
    schema: format.schema,
    logprobs: true,
    ...(temperature === undefined ? {} : { temperature }),
  };
}

/** A judge is a function that others write: what it throws may quote the sample, so only the name of the error is kept. */
async function call(judge: Judge, request: JudgeRequest, before: readonly JudgeReply[]): Promise<JudgeReply> {
  try {
    const reply: Partial<JudgeReply> | undefined = await judge(request);
    if (typeof reply?.text === "string") return { model: "", ...reply, text: reply.text, ...spendingOf(reply) };
  } catch (error) {
    if (error instanceof EvaluatorError) throw withSpending(error, before);
    if (request.signal.aborted) throw error;
    const name = error instanceof Error ? error.name : typeof error;
    throw new EvaluatorError("judge_failed", `The judge broke with ${name}.`, {
      retryable: true,
      cause: error,
      ...sumOf(before),
    });
  }
  throw new EvaluatorError("judge_failed", "The judge returned something that is no reply with a text.", sumOf(before));
}

/** The same error with what calls before it used: they were paid although they decide nothing. */
export function withSpending(error: EvaluatorError, before: readonly Spending[]): EvaluatorError {
  if (before.length === 0) return error;
  const own = error.usage === null && error.costUsd === null ? [] : [error];
  const { code, message, retryable, cause } = error;
  return new EvaluatorError(code, message, { retryable, cause, ...sumOf([...before, ...own]) });
}

function randomMark(): string {
  return randomBytes(16).toString("hex");
}
