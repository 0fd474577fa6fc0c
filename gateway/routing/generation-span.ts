import { type Context, SpanKind } from "@opentelemetry/api";
import { attribute, type AttributeValues, openSpan, type OpenSpan, type Tracing } from "../../tracing/index.ts";
import type { JsonObject } from "../wires/json.ts";
import type { ReplyParts, ReplyUsage } from "../wires/wire.ts";
import { type Alias, costPartsOf, type Target } from "./alias.ts";

/** A conversation longer than this is recorded by its first message and its last ones. */
const mostMessages = 50;

/** What the span of a model call says before there is a reply. */
export interface GenerationSpanOptions {
  readonly tracing: Tracing;
  readonly alias: Alias;
  readonly target: Target;
  readonly role: string;
  readonly parent: Context;
  readonly stream: boolean;
  readonly transportRetry: number;
  readonly messages: readonly { readonly role: string; readonly text: string }[];
  readonly tools: readonly unknown[];
  readonly parameters: JsonObject;
  readonly body: string;
  readonly attributes: AttributeValues;
}

/** Opens `chat <alias>`: an LLM span for one try at one target. */
export function openGenerationSpan(options: GenerationSpanOptions): OpenSpan {
  const {
    tracing,
    alias,
    target,
    role,
    parent,
    stream,
    transportRetry,
    messages,
    tools,
    parameters,
    body,
    attributes,
  } = options;
  const place = { kind: "LLM", otelKind: SpanKind.CLIENT, parent } as const;
  const span = openSpan(tracing.tracer, `chat ${alias.name}`, place, tracing.maxValueBytes);
  if (!span.isRecording) return span;
  span.set({
    ...attributes,
    [attribute.role]: role,
    [attribute.alias]: alias.name,
    [attribute.target]: target.label,
    [attribute.upstreamHost]: hostOf(target.provider.url),
    [attribute.transportRetry]: transportRetry === 0 ? undefined : transportRetry,
    [attribute.stream]: stream,
    [attribute.llmSystem]: target.provider.system,
    [attribute.llmProvider]: target.provider.system,
    [attribute.llmModelName]: target.model,
    [attribute.llmRequestModel]: target.model,
    [attribute.genAiOperation]: "chat",
    [attribute.genAiProvider]: target.provider.system,
    [attribute.genAiRequestModel]: target.model,
    [attribute.genAiRequestStream]: stream,
    [attribute.llmInvocationParameters]: JSON.stringify(parameters),
    [attribute.inputMimeType]: "application/json",
  });
  span.setBody(attribute.inputValue, body);
  setInputMessages(span, messages);
  for (const [index, tool] of tools.entries()) span.setBody(attribute.llmToolSchema(index), JSON.stringify(tool));
  return span;
}

/** Writes what the model said: identity and tokens first, bodies last. */
export function recordReply(
  span: OpenSpan,
  target: Target,
  reply: ReplyParts,
  timeToFirstChunkMs: number | undefined,
): void {
  if (!span.isRecording) return;
  const cost = costPartsOf(target, reply.usage);
  span.set({
    [attribute.llmModelName]: reply.model ?? target.model,
    [attribute.llmResponseModel]: reply.model,
    [attribute.genAiResponseModel]: reply.model,
    [attribute.genAiResponseId]: reply.id,
    [attribute.llmFinishReason]: reply.finishReasons[0],
    [attribute.genAiFinishReasons]: [...reply.finishReasons],
    [attribute.genAiTimeToFirstChunk]: timeToFirstChunkMs === undefined ? undefined : timeToFirstChunkMs / 1000,
    ...usageAttributes(reply.usage),
    ...(cost === null
      ? {}
      : {
          [attribute.llmCostPrompt]: cost.prompt,
          [attribute.llmCostCompletion]: cost.completion,
          [attribute.llmCostTotal]: cost.prompt + cost.completion,
        }),
  });
  const text = reply.choices.join("\n\n");
  span.setBody(attribute.outputValue, text);
  span.set({ [attribute.outputMimeType]: "text/plain" });
  setMessage(span, `${attribute.llmOutputMessages}.0`, { role: "assistant", text });
  reply.toolCalls.forEach((call, index) => {
    const place = `${attribute.llmOutputMessages}.0`;
    span.set({ [`${place}.${attribute.message.toolCallName(index)}`]: call.name });
    span.setBody(`${place}.${attribute.message.toolCallArguments(index)}`, call.arguments);
  });
}

function usageAttributes(usage: ReplyUsage | null): AttributeValues {
  if (!usage) return {};
  const { inputTokens, outputTokens } = usage;
  return {
    [attribute.llmTokensPrompt]: inputTokens,
    [attribute.llmTokensCompletion]: outputTokens,
    [attribute.llmTokensTotal]: inputTokens + outputTokens,
    [attribute.llmTokensCacheRead]: usage.cacheReadTokens,
    [attribute.llmTokensCacheWrite]: usage.cacheWriteTokens,
    [attribute.llmTokensReasoning]: usage.reasoningTokens,
    [attribute.genAiInputTokens]: inputTokens,
    [attribute.genAiOutputTokens]: outputTokens,
  };
}

function setMessage(span: OpenSpan, place: string, { role, text }: GenerationSpanOptions["messages"][number]): void {
  span.set({ [`${place}.${attribute.message.role}`]: role });
  span.setBody(`${place}.${attribute.message.content}`, text);
}

/** Each message keeps its place in the conversation, also where those in between are left out. */
function setInputMessages(span: OpenSpan, messages: GenerationSpanOptions["messages"]): void {
  const { length } = messages;
  for (const [index, message] of messages.entries()) {
    const isLeftOut = index > 0 && index <= length - mostMessages;
    if (!isLeftOut) setMessage(span, `${attribute.llmInputMessages}.${index}`, message);
  }
  if (length > mostMessages) span.set({ [attribute.messagesTotal]: length });
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
