import { SpanKind } from "@opentelemetry/api";
import type { Usage } from "../../evaluators/index.ts";
import { attribute, openSpan, type OpenSpan } from "../../tracing/index.ts";
import { costOf, type Target } from "../routing/alias.ts";
import type { GenerationSpanOptions } from "../routing/generation-span.ts";
import type { JsonObject } from "../wires/json.ts";

/** Of so many inputs the text is recorded. */
const mostTexts = 50;

/** Opens `CreateEmbeddings`, which is what OpenInference calls the span of a try; `request` is what the caller sent. */
export function openEmbeddingsSpan(request: JsonObject) {
  return ({ tracing, alias, target, role, parent, transportRetry, attributes }: GenerationSpanOptions): OpenSpan => {
    const { input, model: _model, proctor: _proctor, ...parameters } = request;
    const span = openSpan(
      tracing.tracer,
      "CreateEmbeddings",
      {
        kind: "EMBEDDING",
        otelKind: SpanKind.CLIENT,
        parent,
        attributes: {
          ...attributes,
          [attribute.role]: role,
          [attribute.alias]: alias.name,
          [attribute.target]: target.label,
          [attribute.transportRetry]: transportRetry === 0 ? undefined : transportRetry,
          [attribute.embeddingModelName]: target.model,
          [attribute.embeddingInvocationParameters]: JSON.stringify(parameters),
          [attribute.genAiOperation]: "embeddings",
          [attribute.genAiProvider]: target.provider.system,
          [attribute.genAiRequestModel]: target.model,
          [attribute.inputMimeType]: "application/json",
        },
      },
      tracing.maxValueBytes,
    );
    span.setBody(attribute.inputValue, JSON.stringify(input) ?? "");
    textsIn(input).forEach((text, index) => span.setBody(attribute.embeddingText(index), text));
    return span;
  };
}

/** Writes what the call used. The vectors are not kept: they are long, and say nothing to a reader. */
export function recordEmbeddings(span: OpenSpan, target: Target, usage: Usage | null): void {
  span.set({
    [attribute.llmTokensPrompt]: usage?.inputTokens,
    [attribute.llmTokensTotal]: usage?.inputTokens,
    [attribute.genAiInputTokens]: usage?.inputTokens,
    [attribute.llmCostTotal]: costOf(target, usage) ?? undefined,
  });
}

/** Token ids are not decoded: whose they are is not known. */
function textsIn(input: unknown): readonly string[] {
  const inputs: readonly unknown[] = Array.isArray(input) ? input : [input];
  return inputs.slice(0, mostTexts).filter((each) => typeof each === "string");
}
