import {
  type Conversation, type FailureKind, type Json, joined, merged, parsedArguments, propertiesOf, record, type RecordedDialect,
  type RecordedEvent, recordedUsage, records, refuseOthers, type Turn, type VendorAnswer, words,
} from "./dialect.ts"; // prettier-ignore

/** Chat completions as https://platform.openai.com/docs/api-reference/chat documents them. */
export const chat: RecordedDialect = { path: "/v1/chat/completions", read, whole, events, failure };

const usage = {
  prompt_tokens: recordedUsage.input,
  completion_tokens: recordedUsage.output,
  total_tokens: recordedUsage.input + recordedUsage.output,
  prompt_tokens_details: { cached_tokens: recordedUsage.cached, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: 0,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
};

const known =
  "model messages audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens " +
  "metadata modalities n parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_cache_retention " +
  "reasoning_effort response_format safety_identifier seed service_tier stop store stream stream_options temperature " +
  "tool_choice tools top_logprobs top_p user verbosity web_search_options";

/** Beside the documented ones, what servers of open models take and give. */
const knownOfMessage =
  "role content name refusal audio annotations tool_calls tool_call_id function_call reasoning_content parsed";

function read(body: Json): Conversation {
  refuseOthers(body, known);
  const messages = records(body["messages"]);
  for (const message of messages) refuseOthers(message, knownOfMessage);
  const format = record(body["response_format"]);
  if (body["stream"] === true && record(body["stream_options"])["include_usage"] !== true)
    throw new Error("The stream was asked for without its usage.");
  return {
    stream: body["stream"] === true,
    system: messages
      .filter(({ role }) => role === "system" || role === "developer")
      .map(({ content }) => textOf(content))
      .join("\n"),
    turns: merged(messages.flatMap(toTurn)),
    recalled: messages.filter((message) => words(message["reasoning_content"]) !== "").length,
    tools: records(body["tools"]).map((tool) => {
      const { name, parameters } = record(tool["function"]);
      return { name: words(name), parameters: propertiesOf(parameters) };
    }),
    schema: format["type"] === "json_schema" ? propertiesOf(record(format["json_schema"])["schema"]) : undefined,
  };
}

function toTurn(message: Json): Turn[] {
  const { role, content } = message;
  if (role === "user") return [{ role, text: textOf(content), images: imagesOf(content) }];
  if (role === "tool") {
    const result = { id: words(message["tool_call_id"]), text: textOf(content), isError: false };
    return [{ role: "results", results: [result] }];
  }
  if (role !== "assistant") return [];
  const calls = records(message["tool_calls"]).map((call) => ({
    id: words(call["id"]),
    name: words(record(call["function"])["name"]),
    arguments: parsedArguments(record(call["function"])["arguments"]),
  }));
  return [{ role, text: textOf(content), calls }];
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return records(content)
    .map(({ text }) => words(text))
    .join("");
}

function imagesOf(content: unknown): readonly string[] {
  return records(content)
    .filter(({ type }) => type === "image_url")
    .map(({ image_url }) => words(record(image_url)["url"]));
}

function envelope(object: string, model: string): Json {
  return {
    id: "chatcmpl-recorded1",
    object,
    created: 1_795_000_000,
    model,
    service_tier: "default",
    system_fingerprint: "fp_recorded",
  };
}

function reasonOf({ calls }: VendorAnswer): string {
  return calls.length > 0 ? "tool_calls" : "stop";
}

function whole(answer: VendorAnswer, model: string): Json {
  const calls = answer.calls.map(({ id, name, pieces }) => ({
    id,
    type: "function",
    function: { name, arguments: joined(pieces) },
  }));
  const message = {
    role: "assistant",
    content: joined(answer.text) || null,
    // As vLLM, DeepSeek and others write it; chat completions themselves have no place for it.
    ...(answer.thinking ? { reasoning_content: joined(answer.thinking) } : {}),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
    refusal: null,
    annotations: [],
  };
  return {
    ...envelope("chat.completion", model),
    choices: [{ index: 0, message, logprobs: null, finish_reason: reasonOf(answer) }],
    usage,
  };
}

function events(answer: VendorAnswer, model: string): readonly RecordedEvent[] {
  const chunk = (delta: Json, finish_reason: string | null = null) => ({
    ...envelope("chat.completion.chunk", model),
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    usage: null,
    obfuscation: "k3Jq",
  });
  const ofCall = ({ id, name, pieces }: VendorAnswer["calls"][number], index: number) => [
    chunk({ tool_calls: [{ index, id, type: "function", function: { name, arguments: "" } }] }),
    ...pieces.map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ];
  const chunks = [
    chunk({ role: "assistant", content: answer.text.length > 0 ? "" : null, refusal: null }),
    ...(answer.thinking ?? []).map((reasoning_content) => chunk({ reasoning_content })),
    ...answer.text.map((content) => chunk({ content })),
    ...answer.calls.flatMap(ofCall),
    chunk({}, reasonOf(answer)),
    { ...envelope("chat.completion.chunk", model), choices: [], usage },
  ];
  return [...chunks.map((each) => ({ data: JSON.stringify(each) })), { data: "[DONE]" }];
}

function failure(kind: FailureKind, model: string): Json {
  return { error: { ...failures[kind], message: failures[kind].message.replace("MODEL", model) } };
}

const failures = {
  key: {
    message: "Incorrect API key provided: sk-12***********89.",
    type: "invalid_request_error",
    param: null,
    code: "invalid_api_key",
  },
  model: {
    message: "The model `MODEL` does not exist or you do not have access to it.",
    type: "invalid_request_error",
    param: null,
    code: "model_not_found",
  },
  rate: {
    message: "Rate limit reached for requests per min. Limit: 3 / min.",
    type: "requests",
    param: null,
    code: "rate_limit_exceeded",
  },
  server: {
    message: "The server had an error while processing your request. Sorry about that!",
    type: "server_error",
    param: null,
    code: null,
  },
  context: {
    message: "This model's maximum context length is 128000 tokens. However, your messages resulted in 128021 tokens.",
    type: "invalid_request_error",
    param: "messages",
    code: "context_length_exceeded",
  },
} as const satisfies Record<FailureKind, Json>;
