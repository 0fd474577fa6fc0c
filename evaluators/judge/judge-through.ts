import { defaultTextMapSetter, trace, type Tracer } from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { setTimeout as sleep } from "node:timers/promises";
import type { OpenSpan } from "../../tracing/index.ts";
import { EvaluatorError } from "../errors.ts";
import type { Usage } from "../evaluation.ts";
import { startTimer } from "../within.ts";
import type { Judge, JudgeReply, JudgeRequest } from "../judge.ts";
import { backOffMs, isPassing } from "./back-off.ts";
import { readCompletion, readJson, toCompletionBody } from "./chat-completion.ts";
import { type Exchange, post } from "./exchange.ts";
import { openJudgeSpan, recordAnswer } from "./judge-span.ts";
import { type OptionalFeature, refusedFeature, wishesOf } from "./optional-features.ts";
import { readServerMessage } from "./server-message.ts";

export interface JudgeThroughOptions {
  readonly apiKey?: string | undefined;
  /** Milliseconds for the whole call, waits and repetitions included; 60,000 when absent. */
  readonly timeoutMs?: number | undefined;
  /** Tries in all, for a server that is busy or cannot be reached; 3 when absent. */
  readonly attempts?: number | undefined;
  /** USD per million tokens, where the server does not say what a call cost. */
  readonly price?: { readonly input: number; readonly output: number } | undefined;
  /** Where the span of a call goes; the registered tracer when absent. */
  readonly tracer?: Tracer | undefined;
}

/** A judge at an address, as all of its calls know it. */
interface Server {
  readonly endpoint: string;
  readonly alias: string;
  /** For people. */
  readonly name: string;
  readonly options: JudgeThroughOptions;
  /** What it does not know, as it turned out. */
  readonly refused: Set<OptionalFeature>;
}

/**
 * A judge behind a gateway, or anything that speaks chat completions: `POST <url>/v1/chat/completions` with the given alias,
 * at temperature 0, in the trace of the evaluation. Asks for the answer's schema and for token probabilities, and does without
 * what the server refuses. Waits as `Retry-After` says, with jitter, as long as its time allows. Rejects with
 * `EvaluatorError`: `judge_failed` for what the server or the network answers, `timeout`, `cancelled`.
 */
export function judgeThrough(url: string, alias: string, options: JudgeThroughOptions = {}): Judge {
  const endpoint = `${url.replace(/\/+$/, "").replace(/\/v1$/, "")}/v1/chat/completions`;
  const shown = withoutPassword(endpoint);
  const host = URL.canParse(shown) ? new URL(shown).host : shown;
  const server: Server = { endpoint, alias, name: `The judge "${alias}" at ${shown}`, options, refused: new Set() };
  const ask: Judge = async (request) => {
    const { tracer = trace.getTracer("proctor"), timeoutMs = 60_000 } = options;
    const span = openJudgeSpan(tracer, alias, host, request);
    const started = performance.now();
    const deadline = new AbortController();
    const timer = startTimer(() => deadline.abort(), timeoutMs);
    try {
      const signal = AbortSignal.any([request.signal, deadline.signal]);
      return await exchange(server, { ...request, signal, parent: span.context }, span, started + timeoutMs);
    } catch (thrown) {
      const error = asFailure(thrown, server, request, deadline.signal.aborted ? timeoutMs : undefined);
      span.fail(error.code, error.message);
      throw error;
    } finally {
      clearTimeout(timer);
      span.end();
    }
  };
  return Object.assign(ask, { identity: `${alias} at ${shown}, temperature 0` });
}

/** Asks until there is an answer or no reason to ask again. `until` is when time is up, on the clock of `performance`. */
async function exchange(server: Server, request: JudgeRequest, span: OpenSpan, until: number): Promise<JudgeReply> {
  const { attempts = 3 } = server.options;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await askWithout(server, request);
    const isReply = "status" in outcome;
    if (isReply && isGood(outcome.status)) return answerFrom(outcome, server, request, span);
    const waitMs = backOffMs(attempt + 1, isReply ? outcome.retryAfter : undefined);
    const isOver = attempt >= attempts || performance.now() + waitMs >= until;
    if (isOver || (isReply && !isPassing(outcome.status))) throw asRefusal(outcome, server, request);
    await sleep(waitMs, undefined, { signal: request.signal });
  }
}

type TryOutcome = Exchange | { readonly unreachable: unknown };

function isGood(status: number): boolean {
  return status >= 200 && status <= 299;
}

/**
 * Asks at once again when the server refuses a part of the question that can be left out. What is remembered is only what
 * made it answer: an error that merely repeats the question names all of its parts.
 */
async function askWithout(server: Server, request: JudgeRequest): Promise<TryOutcome> {
  const { messages, maxTokens } = request;
  const refused = new Set(server.refused);
  for (;;) {
    const wishes = wishesOf(request, refused);
    const outcome = await tryOnce(server, toCompletionBody(server.alias, { messages, maxTokens, ...wishes }), request);
    const feature = "status" in outcome ? refusedFeature(outcome.status, outcome.text, wishes) : undefined;
    if ("status" in outcome && isGood(outcome.status)) for (const each of refused) server.refused.add(each);
    if (feature === undefined) return outcome;
    refused.add(feature);
  }
}

async function tryOnce({ endpoint, options }: Server, body: string, request: JudgeRequest): Promise<TryOutcome> {
  try {
    return await post(endpoint, body, headersFor(request, options.apiKey), request.signal);
  } catch (error) {
    if (request.signal.aborted || error instanceof EvaluatorError) throw error;
    return { unreachable: error };
  }
}

function headersFor(request: JudgeRequest, apiKey: string | undefined): Record<string, string> {
  const headers: Record<string, string> = { "content-type": "application/json", accept: "application/json" };
  if (apiKey) headers["authorization"] = `Bearer ${apiKey}`;
  new W3CTraceContextPropagator().inject(request.parent, headers, defaultTextMapSetter);
  return headers;
}

function answerFrom(
  { status, text, costUsd, hasOwnSpan }: Exchange,
  server: Server,
  request: JudgeRequest,
  span: OpenSpan,
) {
  const said = readCompletion(server.name, status, text);
  const reply: JudgeReply = { ...said, costUsd: costUsd ?? priceOf(said.usage, server.options.price) };
  if (!hasOwnSpan) recordAnswer(span, server.alias, request, reply);
  return reply;
}

function priceOf(usage: Usage | null, price: JudgeThroughOptions["price"]): number | null {
  if (!usage || !price) return null;
  return (usage.inputTokens * price.input + usage.outputTokens * price.output) / 1_000_000;
}

function asRefusal(outcome: TryOutcome, { name }: Server, request: JudgeRequest): unknown {
  if ("unreachable" in outcome) return outcome.unreachable;
  const { status, text } = outcome;
  const said = readServerMessage(readJson(text), request);
  const retryable = isPassing(status) || status >= 500;
  return new EvaluatorError("judge_failed", `${name} answered ${status}${said ? `: ${said}` : "."}`, { retryable });
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}

function asFailure(
  thrown: unknown,
  { name }: Server,
  { signal }: JudgeRequest,
  timedOutAfterMs: number | undefined,
): EvaluatorError {
  if (thrown instanceof EvaluatorError) return thrown;
  if (signal.aborted) return cancellation(signal.reason);
  if (timedOutAfterMs !== undefined) return late(`${name} did not answer within ${timedOutAfterMs} ms.`, thrown);
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "network error";
  const message = `${name} could not be reached, or broke off (${code}). Check that it is running and that the URL is right.`;
  return new EvaluatorError("judge_failed", message, { retryable: true, cause: thrown });
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
