import { z } from "zod";
import { EvaluatorError } from "../errors.ts";
import type { JudgeReply, JudgeRequest, TokenProbability } from "../judge.ts";
import { repeatsAKey } from "./json-shape.ts";

/** Likeliest tokens that are asked for in each place. */
const likeliest = 5;

const tokenProbability = z
  .object({
    token: z.string(),
    logprob: z.number(),
    top_logprobs: z.array(z.object({ token: z.string(), logprob: z.number() })).default([]),
  })
  .transform(({ token, logprob, top_logprobs: top }): TokenProbability => ({ token, logprob, top }));

/** The probabilities of a chat completion's choice; absent where they are not in the usual form. */
export const choiceLogprobs = z
  .object({ content: z.array(tokenProbability).min(1) })
  .transform(({ content }) => content);

const completion = z.object({
  model: z.string().default(""),
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish() }),
        finish_reason: z.string().nullish(),
        logprobs: z.unknown().optional(),
      }),
    )
    .min(1),
  usage: z
    .object({ prompt_tokens: z.number().nonnegative(), completion_tokens: z.number().nonnegative() })
    .nullish()
    .catch(null),
});

/** A question as the body of `POST /v1/chat/completions`. */
export function toCompletionBody(
  alias: string,
  { messages, maxTokens, schema, temperature, logprobs }: Omit<JudgeRequest, "signal" | "parent" | "evaluator">,
): string {
  return JSON.stringify({
    model: alias,
    messages,
    ...(temperature === undefined ? {} : { temperature }),
    max_tokens: maxTokens,
    ...(schema ? { response_format: { type: "json_schema", json_schema: { ...schema, strict: true } } } : {}),
    ...(logprobs ? { logprobs: true, top_logprobs: likeliest } : {}),
    stream: false,
  });
}

/** The reply's first choice. Throws `EvaluatorError` for a body that is no completion and for an answer that was cut off or withheld. */
export function readCompletion(judge: string, status: number, text: string): Omit<JudgeReply, "costUsd"> {
  const json = readJson(text);
  const parsed = completion.safeParse(json);
  if (!parsed.success || repeatsAKey(text)) {
    throw new EvaluatorError("judge_failed", `${judge} answered ${status} with a body that is no chat completion.`);
  }
  const { model, choices, usage } = parsed.data;
  const [choice] = choices;
  const spent = usage ? { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens } : null;
  if (choice?.finish_reason === "length" || choice?.finish_reason === "content_filter") {
    const message = `${judge} did not finish its answer (finish reason: ${choice.finish_reason}).`;
    throw new EvaluatorError("judge_failed", message, { usage: spent });
  }
  const logprobs = choiceLogprobs.safeParse(choice?.logprobs);
  return {
    text: choice?.message.content ?? "",
    model,
    usage: spent,
    ...(logprobs.success ? { logprobs: logprobs.data } : {}),
  };
}

export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
