import { SemanticConventions as OpenInference } from "@arizeai/openinference-semantic-conventions";

/** `openinference.span.kind`: what a span stands for, whatever its OpenTelemetry kind. */
export type OpenInferenceKind = "CHAIN" | "LLM" | "EMBEDDING" | "GUARDRAIL" | "EVALUATOR";

/**
 * Every attribute name that Proctor writes, once. OpenInference names come from its package, the `gen_ai.*`
 * names are those that Jaeger's GenAI tab reads, and everything of our own is under `proctor.*`.
 */
export const attribute = {
  // OpenInference
  spanKind: OpenInference.OPENINFERENCE_SPAN_KIND,
  inputValue: OpenInference.INPUT_VALUE,
  inputMimeType: OpenInference.INPUT_MIME_TYPE,
  outputValue: OpenInference.OUTPUT_VALUE,
  outputMimeType: OpenInference.OUTPUT_MIME_TYPE,
  sessionId: OpenInference.SESSION_ID,
  userId: OpenInference.USER_ID,
  tags: OpenInference.TAG_TAGS,
  llmSystem: OpenInference.LLM_SYSTEM,
  llmProvider: OpenInference.LLM_PROVIDER,
  llmModelName: OpenInference.LLM_MODEL_NAME,
  llmInvocationParameters: OpenInference.LLM_INVOCATION_PARAMETERS,
  llmInputMessages: OpenInference.LLM_INPUT_MESSAGES,
  llmOutputMessages: OpenInference.LLM_OUTPUT_MESSAGES,
  llmTokensPrompt: OpenInference.LLM_TOKEN_COUNT_PROMPT,
  llmTokensCompletion: OpenInference.LLM_TOKEN_COUNT_COMPLETION,
  llmTokensTotal: OpenInference.LLM_TOKEN_COUNT_TOTAL,
  llmTokensCacheRead: OpenInference.LLM_TOKEN_COUNT_PROMPT_DETAILS_CACHE_READ,
  llmTokensCacheWrite: OpenInference.LLM_TOKEN_COUNT_PROMPT_DETAILS_CACHE_WRITE,
  llmTokensReasoning: OpenInference.LLM_TOKEN_COUNT_COMPLETION_DETAILS_REASONING,
  llmRequestModel: OpenInference.LLM_REQUEST_MODEL_NAME,
  llmResponseModel: OpenInference.LLM_RESPONSE_MODEL_NAME,
  llmCostPrompt: OpenInference.LLM_COST_PROMPT,
  llmCostCompletion: OpenInference.LLM_COST_COMPLETION,
  llmCostTotal: OpenInference.LLM_COST_TOTAL,
  llmFinishReason: OpenInference.LLM_FINISH_REASON,
  message: {
    role: OpenInference.MESSAGE_ROLE,
    content: OpenInference.MESSAGE_CONTENT,
    toolCallName: (index: number) =>
      `${OpenInference.MESSAGE_TOOL_CALLS}.${index}.${OpenInference.TOOL_CALL_FUNCTION_NAME}`,
    toolCallArguments: (index: number) =>
      `${OpenInference.MESSAGE_TOOL_CALLS}.${index}.${OpenInference.TOOL_CALL_FUNCTION_ARGUMENTS_JSON}`,
  },
  embeddingModelName: OpenInference.EMBEDDING_MODEL_NAME,
  embeddingInvocationParameters: "embedding.invocation_parameters",
  embeddingText: (index: number) => `${OpenInference.EMBEDDING_EMBEDDINGS}.${index}.${OpenInference.EMBEDDING_TEXT}`,
  llmToolSchema: (index: number) => `${OpenInference.LLM_TOOLS}.${index}.${OpenInference.TOOL_JSON_SCHEMA}`,
  /** One result per carrier span, so the index is always 0 (OpenInference `spec/annotations.md`). */
  evaluationName: `${OpenInference.EVALUATIONS}.0.${OpenInference.EVALUATION_NAME}`,
  evaluationScore: `${OpenInference.EVALUATIONS}.0.${OpenInference.EVALUATION_SCORE}`,
  evaluationLabel: `${OpenInference.EVALUATIONS}.0.${OpenInference.EVALUATION_LABEL}`,
  evaluationExplanation: `${OpenInference.EVALUATIONS}.0.${OpenInference.EVALUATION_EXPLANATION}`,
  evaluationAnnotatorKind: `${OpenInference.EVALUATIONS}.0.${OpenInference.EVALUATION_ANNOTATOR_KIND}`,
  evaluationIdentifier: `${OpenInference.EVALUATIONS}.0.${OpenInference.EVALUATION_IDENTIFIER}`,
  evaluationMetadata: `${OpenInference.EVALUATIONS}.0.${OpenInference.EVALUATION_METADATA}`,

  // OpenTelemetry GenAI and HTTP
  genAiOperation: "gen_ai.operation.name",
  genAiProvider: "gen_ai.provider.name",
  genAiRequestModel: "gen_ai.request.model",
  genAiRequestStream: "gen_ai.request.stream",
  genAiResponseId: "gen_ai.response.id",
  genAiResponseModel: "gen_ai.response.model",
  genAiFinishReasons: "gen_ai.response.finish_reasons",
  genAiTimeToFirstChunk: "gen_ai.response.time_to_first_chunk",
  genAiInputTokens: "gen_ai.usage.input_tokens",
  genAiOutputTokens: "gen_ai.usage.output_tokens",
  genAiConversationId: "gen_ai.conversation.id",
  genAiEvaluationName: "gen_ai.evaluation.name",
  genAiEvaluationScore: "gen_ai.evaluation.score.value",
  genAiEvaluationLabel: "gen_ai.evaluation.score.label",
  httpMethod: "http.request.method",
  httpStatus: "http.response.status_code",
  urlPath: "url.path",
  errorType: "error.type",

  // Proctor: the exchange
  requestId: "proctor.request.id",
  /** The name of the key with which the exchange was asked for. */
  caller: "proctor.caller",
  alias: "proctor.alias",
  target: "proctor.target",
  role: "proctor.role",
  stream: "proctor.stream",
  streamAborted: "proctor.stream.aborted",
  verdict: "proctor.verdict",
  verdictBy: "proctor.verdict.by",
  attempts: "proctor.attempts",
  attempt: "proctor.attempt",
  attemptOutcome: "proctor.attempt.outcome",
  /** What brought an attempt about after the first: `faithfulness:fail`. */
  retryReason: "proctor.retry.reason",
  transportRetry: "proctor.transport_retry",
  upstreamHost: "proctor.upstream.host",
  /** The alias that was asked for, on a generation of the alias that it falls back to. */
  fallbackFrom: "proctor.fallback.from",
  /** The alias that answered in place of the one that was asked for. */
  fallbackTo: "proctor.fallback.to",
  /** Present, and true, on everything that a copy of a request brought about. */
  shadow: "proctor.shadow",
  /** Why a request was not copied that should have been. */
  shadowNotSent: "proctor.shadow.not_sent",
  translationDropped: "proctor.translation.dropped",
  /** Whether the answer cache had the answer. */
  cacheHit: "proctor.cache.hit",
  /** How old the answer from the cache was, in milliseconds. */
  cacheAgeMs: "proctor.cache.age_ms",
  /** The trace of the exchange in which an answer from the cache was generated and examined. */
  cacheTraceId: "proctor.cache.trace_id",
  /** True on the span of a call whose tokens were counted here and not by the provider. */
  tokensEstimated: "proctor.tokens.estimated",
  overheadMs: "proctor.overhead_ms",
  latencyUpstreamMs: "proctor.latency.upstream_ms",
  latencyJudgeMs: "proctor.latency.judge_ms",
  /** Spent waiting for a turn at a provider whose concurrency is limited. */
  latencyQueueMs: "proctor.latency.queue_ms",
  /** The verdict of the whole exchange, in OpenInference's trace scope. */
  traceEvaluationName: `trace.${OpenInference.EVALUATIONS}.0.${OpenInference.EVALUATION_NAME}`,
  traceEvaluationLabel: `trace.${OpenInference.EVALUATIONS}.0.${OpenInference.EVALUATION_LABEL}`,
  traceEvaluationAnnotatorKind: `trace.${OpenInference.EVALUATIONS}.0.${OpenInference.EVALUATION_ANNOTATOR_KIND}`,
  messagesTotal: "proctor.messages.total",
  failedCount: "proctor.eval.failed_count",
  errorCount: "proctor.eval.error_count",
  /** `proctor.cost.<total|student|teacher|judge>_usd` */
  cost: (part: string) => `proctor.cost.${part}_usd`,
  /** Present, and true, only when the named evaluator failed. */
  evalFailed: (name: string) => `proctor.eval.failed.${name}`,
  /** Present, and true, only when the named evaluator could not run. */
  evalError: (name: string) => `proctor.eval.error.${name}`,
  truncated: "proctor.truncated",
  /** sha256 of the whole value of an attribute that was cut. */
  sha256: (name: string) => `proctor.sha256.${name}`,
  /** Length in UTF-8 bytes of the whole value of an attribute that was cut. */
  bytes: (name: string) => `proctor.bytes.${name}`,

  // Proctor: guardrails
  /** Names and versions of the policies that guard the alias: `default@3f2a`. */
  policy: "proctor.policy",
  /** Evaluators that an answer failed which was let through with a mark. */
  flagged: "proctor.flagged",
  guardrailStage: "proctor.guardrail.stage",
  guardrailVerdict: "proctor.guardrail.verdict",
  guardrailAction: "proctor.guardrail.action",
  guardrailMode: "proctor.guardrail.mode",
  guardrailDecidedBy: "proctor.guardrail.decided_by",
  guardrailNotRun: "proctor.guardrail.not_run",

  // Proctor: evaluations
  evalName: "proctor.eval.name",
  evalOutcome: "proctor.eval.outcome",
  evalResult: "proctor.eval.result",
  evalVersion: "proctor.eval.version",
  evalThreshold: "proctor.eval.threshold",
  evalMode: "proctor.eval.mode",
  evalEngine: "proctor.eval.engine",
  evalCached: "proctor.eval.cached",
  evalCost: "proctor.eval.cost_usd",
  /** What in the examined text seems aimed at the judge, by kind. */
  evalSuspected: "proctor.eval.suspected",
  linkRole: "proctor.link.role",
  targetTraceId: "proctor.target.trace_id",
  targetSpanId: "proctor.target.span_id",
} as const;
