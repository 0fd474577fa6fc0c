import { randomBytes } from "node:crypto";
import type { Tools } from "../define-evaluator.ts";
import { EvaluatorError } from "../errors.ts";
import type { Usage } from "../evaluation.ts";
import type { Judge, JudgeReply, JudgeRequest } from "../judge.ts";
import type { Sample } from "../sample.ts";
import { parseAnswer } from "./parse.ts";
import { buildPrompt, encodeSample } from "./prompt.ts";
import type { JudgedCriterion, Rubric } from "./protocol.ts";

/** What a judge said, and what saying it used over all calls. Null when any of them did not say. */
export interface JudgeAnswer {
  readonly criteria: readonly JudgedCriterion[];
  readonly usage: Usage | null;
  /** USD. */
  readonly costUsd: number | null;
}

/** Longest encoded sample that a judge is given, in UTF-16 code units: about 50,000 tokens of English. */
export const longestSample = 200_000;

/** Room for evidence and verdict per criterion, and for a model that thinks before it writes. */
const tokensPerCriterion = 256;
const tokensForThought = 2_048;

/**
 * Asks the judge about a sample, and once more when the answer cannot be read: with a new nonce and what was wrong. Throws
 * `EvaluatorError`: `invalid_input` for a sample that is too long (nothing is cut), `unparsable` after two unreadable
 * answers, and whatever the judge rejects with.
 */
export async function askJudge(rubric: Rubric, sample: Sample, tools: Tools): Promise<JudgeAnswer> {
  checkLength(sample);
  const { judge } = tools;
  const replies: JudgeReply[] = [];
  let problem: string | undefined;
  while (replies.length < 2) {
    const nonce = randomMark();
    const messages = buildPrompt(rubric, sample, { nonce, marker: randomMark() }, problem);
    const reply = await call(judge, toRequest(rubric, messages, tools));
    replies.push(reply);
    const parsed = parseAnswer(reply.text, { nonce, ids: rubric.criteria.map(({ id }) => id) });
    if (parsed.ok) return { criteria: parsed.criteria, ...spentOn(replies) };
    problem = parsed.problem;
  }
  throw new EvaluatorError(
    "unparsable",
    `The judge's answer could not be read, nor its second one. ${problem ?? ""}`.trim(),
    { retryable: true, ...spentOn(replies) },
  );
}

function checkLength(sample: Sample): void {
  const { length } = encodeSample(sample);
  if (length <= longestSample) return;
  throw new EvaluatorError(
    "invalid_input",
    `The sample has ${length} characters and a judge is given at most ${longestSample}. Nothing is cut silently: shorten the context, or examine the parts one by one.`,
  );
}

function toRequest(rubric: Rubric, messages: JudgeRequest["messages"], { signal, parent }: Tools): JudgeRequest {
  const maxTokens = tokensForThought + tokensPerCriterion * rubric.criteria.length;
  return { messages, maxTokens, signal, parent, evaluator: rubric.name };
}

/** A judge is a function that others write: what it throws may quote the sample, so only the name of the error is kept. */
async function call(judge: Judge, request: JudgeRequest): Promise<JudgeReply> {
  try {
    const reply: Partial<JudgeReply> | undefined = await judge(request);
    if (typeof reply?.text === "string") return { model: "", usage: null, costUsd: null, ...reply, text: reply.text };
  } catch (error) {
    if (error instanceof EvaluatorError || request.signal.aborted) throw error;
    const name = error instanceof Error ? error.name : typeof error;
    throw new EvaluatorError("judge_failed", `The judge broke with ${name}.`, { retryable: true, cause: error });
  }
  throw new EvaluatorError("judge_failed", "The judge returned something that is no reply with a text.");
}

function randomMark(): string {
  return randomBytes(16).toString("hex");
}

function spentOn(replies: readonly JudgeReply[]): Pick<JudgeAnswer, "usage" | "costUsd"> {
  return {
    usage: replies.map((reply) => reply.usage).reduce((sum, usage) => sum && usage && addUsage(sum, usage)),
    costUsd: replies
      .map((reply) => reply.costUsd)
      .reduce((sum, cost) => (sum === null || cost === null ? null : sum + cost)),
  };
}

function addUsage(left: Usage, right: Usage): Usage {
  return { inputTokens: left.inputTokens + right.inputTokens, outputTokens: left.outputTokens + right.outputTokens };
}
