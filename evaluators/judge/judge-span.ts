import { SpanKind, type Tracer } from "@opentelemetry/api";
import { attribute, openSpan, type OpenSpan } from "../../tracing/index.ts";
import type { JudgeReply, JudgeRequest } from "../judge.ts";

/**
 * Opens the span of a call to a judge over HTTP. It begins as a plain step, because a gateway behind the address writes the
 * span of the model call itself; `recordAnswer` makes it that of the model call where nobody else does.
 */
export function openJudgeSpan(
  tracer: Tracer,
  alias: string,
  host: string,
  { parent, evaluator }: JudgeRequest,
): OpenSpan {
  return openSpan(tracer, `chat ${alias}`, {
    kind: "CHAIN",
    otelKind: SpanKind.CLIENT,
    parent,
    attributes: {
      [attribute.alias]: alias,
      [attribute.upstreamHost]: host,
      [attribute.evalName]: evaluator,
    },
  });
}

/** Writes a model call with its tokens, its cost and what was said. */
export function recordAnswer(
  span: OpenSpan,
  alias: string,
  { messages, temperature, maxTokens }: JudgeRequest,
  { text, model, usage, costUsd }: JudgeReply,
): void {
  span.set({
    [attribute.spanKind]: "LLM",
    [attribute.role]: "judge",
    [attribute.llmModelName]: model || alias,
    [attribute.llmRequestModel]: alias,
    [attribute.llmResponseModel]: model || undefined,
    [attribute.genAiOperation]: "chat",
    [attribute.genAiRequestModel]: alias,
    [attribute.genAiResponseModel]: model || undefined,
    [attribute.llmInvocationParameters]: JSON.stringify({ temperature, max_tokens: maxTokens }),
    [attribute.llmCostTotal]: costUsd ?? undefined,
    ...(usage
      ? {
          [attribute.llmTokensPrompt]: usage.inputTokens,
          [attribute.llmTokensCompletion]: usage.outputTokens,
          [attribute.llmTokensTotal]: usage.inputTokens + usage.outputTokens,
          [attribute.genAiInputTokens]: usage.inputTokens,
          [attribute.genAiOutputTokens]: usage.outputTokens,
        }
      : {}),
    [attribute.inputMimeType]: "application/json",
    [attribute.outputMimeType]: "text/plain",
  });
  span.setBody(attribute.inputValue, JSON.stringify(messages));
  span.setBody(attribute.outputValue, text);
}
