import { defaultTextMapSetter } from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { request as send } from "undici";
import { z } from "zod";
import { EvaluatorError } from "../errors.ts";
import type { Judge, JudgeReply, JudgeRequest } from "../judge.ts";
import { readServerMessage } from "./server-message.ts";

export interface JudgeThroughOptions {
  readonly apiKey?: string | undefined;
  /** Milliseconds for the whole call; 60,000 when absent. */
  readonly timeoutMs?: number | undefined;
}

/** Longest reply that is read, in bytes. */
const longestReply = 4 * 1024 * 1024;

const completion = z.object({
  model: z.string().default(""),
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }) })).min(1),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish(),
});

/**
 * A judge behind a gateway: `POST <url>/v1/chat/completions` with the given alias, at temperature 0, in the trace of the
 * evaluation. Rejects with `EvaluatorError`: `judge_failed` for what the server or the network answers, `timeout`, `cancelled`.
 */
export function judgeThrough(
  url: string,
  alias: string,
  { apiKey, timeoutMs = 60_000 }: JudgeThroughOptions = {},
): Judge {
  const endpoint = `${url.replace(/\/+$/, "").replace(/\/v1$/, "")}/v1/chat/completions`;
  const judge = `The judge "${alias}" at ${withoutPassword(endpoint)}`;
  return async (request) => {
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), timeoutMs);
    try {
      const signal = AbortSignal.any([request.signal, deadline.signal]);
      const reply = await exchange(endpoint, toBody(alias, request), headersFor(request, apiKey), signal);
      return toReply(judge, request, reply);
    } catch (error) {
      if (error instanceof EvaluatorError) throw error;
      if (request.signal.aborted) throw cancellation(request.signal.reason);
      if (deadline.signal.aborted) throw late(`${judge} did not answer within ${timeoutMs} ms.`, error);
      throw unreachable(judge, error);
    } finally {
      clearTimeout(timer);
    }
  };
}

interface Exchange {
  readonly status: number;
  readonly text: string;
  readonly costUsd: number | null;
}

async function exchange(
  url: string,
  body: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Exchange> {
  const response = await send(url, { method: "POST", headers, body, signal, headersTimeout: 0, bodyTimeout: 0 });
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > longestReply)
      throw new EvaluatorError("judge_failed", `The judge's reply is longer than ${longestReply} bytes.`);
    chunks.push(chunk);
  }
  const cost = Number(response.headers["x-proctor-cost-usd"] ?? Number.NaN);
  return {
    status: response.statusCode,
    text: Buffer.concat(chunks).toString(),
    costUsd: Number.isFinite(cost) ? cost : null,
  };
}

function toBody(alias: string, { messages, maxTokens }: JudgeRequest): string {
  return JSON.stringify({ model: alias, messages, temperature: 0, max_tokens: maxTokens, stream: false });
}

function headersFor(request: JudgeRequest, apiKey: string | undefined): Record<string, string> {
  const headers: Record<string, string> = { "content-type": "application/json", accept: "application/json" };
  if (apiKey) headers["authorization"] = `Bearer ${apiKey}`;
  new W3CTraceContextPropagator().inject(request.parent, headers, defaultTextMapSetter);
  return headers;
}

function toReply(judge: string, request: JudgeRequest, { status, text, costUsd }: Exchange): JudgeReply {
  const body = readJson(text);
  if (status < 200 || status > 299) {
    const said = readServerMessage(body, request);
    const retryable = status === 408 || status === 429 || status >= 500;
    throw new EvaluatorError("judge_failed", `${judge} answered ${status}${said ? `: ${said}` : "."}`, { retryable });
  }
  const parsed = completion.safeParse(body);
  if (!parsed.success) {
    throw new EvaluatorError("judge_failed", `${judge} answered ${status} with a body that is no chat completion.`);
  }
  const { model, choices, usage } = parsed.data;
  return {
    text: choices[0]?.message.content ?? "",
    model,
    usage: usage ? { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens } : null,
    costUsd,
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}

function cancellation(reason: unknown): EvaluatorError {
  if (reason instanceof EvaluatorError) return reason;
  if (reason instanceof Error && reason.name === "TimeoutError")
    return late("The judge did not answer in time.", reason);
  return new EvaluatorError("cancelled", "The call to the judge was cancelled.", { retryable: true, cause: reason });
}

function late(message: string, cause: unknown): EvaluatorError {
  return new EvaluatorError("timeout", message, { retryable: true, cause });
}

function unreachable(judge: string, cause: unknown): EvaluatorError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "network error";
  const message = `${judge} could not be reached, or broke off (${code}). Check that it is running and that the URL is right.`;
  return new EvaluatorError("judge_failed", message, { retryable: true, cause });
}
