import OpenAI, { APIError } from "openai";
import type { Sample } from "../evaluators/index.ts";
import type { EvaluationSetup } from "./evaluation-setup.ts";
import { toChatRequest } from "./chat-request.ts";

/** What a model answered: the part of a sample that it fills, and the trace that shows how. */
export interface ChatAnswer {
  readonly output: string;
  readonly tool_calls?: Sample["tool_calls"];
  readonly trace_id: string | null;
}

/** Asks a model alias about a sample. Rejects with an `AnswerError` when there is no whole answer. */
export type AskModel = (alias: string, sample: Sample, signal: AbortSignal) => Promise<ChatAnswer>;

/** There is no answer to examine, which is neither good nor bad. */
export class AnswerError extends Error {
  override readonly name = "AnswerError";
}

/** Asks through the official client: the named gateway over HTTP, or the one in this process without a port. */
export function askThrough(
  { gateway }: EvaluationSetup,
  url: string | undefined,
  apiKey: string | undefined,
): AskModel {
  const app = gateway?.app;
  const client = new OpenAI({
    baseURL: `${(url ?? "http://in-this-process").replace(/\/+$/, "").replace(/\/v1$/, "")}/v1`,
    apiKey: apiKey ?? "none",
    ...(app ? { fetch: async (input, init) => app.request(input, init) } : {}),
  });
  return async (alias, sample, signal) => {
    try {
      const { data, response } = await client.chat.completions
        .create({ model: alias, ...toChatRequest(sample) }, { signal })
        .withResponse();
      return readAnswer(data, response.headers.get("x-proctor-trace-id"));
    } catch (error) {
      if (signal.aborted || error instanceof AnswerError) throw error;
      const why = error instanceof APIError ? error.message : error instanceof Error ? error.message : String(error);
      throw new AnswerError(`"${alias}" gave no answer: ${why}`, { cause: error });
    }
  };
}

/** Finish reasons of an answer that a model meant to end there. */
const whole = new Set(["stop", "tool_calls", "function_call"]);

function readAnswer({ choices }: OpenAI.ChatCompletion, traceId: string | null): ChatAnswer {
  const [choice] = choices;
  if (!choice) throw new AnswerError("The reply holds no answer.");
  const { message, finish_reason: reason } = choice;
  if (!whole.has(reason)) {
    const why =
      reason === "content_filter" ? "it was withheld by a guardrail or a filter" : `it ended with "${reason}"`;
    throw new AnswerError(`There is no whole answer: ${why}.`);
  }
  const calls = (message.tool_calls ?? []).flatMap((call) =>
    call.type === "function" ? [{ name: call.function.name, arguments: call.function.arguments }] : [],
  );
  const output = message.content ?? message.refusal ?? "";
  return { output, ...(calls.length > 0 ? { tool_calls: calls } : {}), trace_id: traceId };
}
